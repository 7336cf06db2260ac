package main

import "testing"

func TestAnEmptyServerIsSetUpThroughThePrintedLink(t *testing.T) {
	t.Parallel()
	server := startProgram(t, newData(t))
	link := server.find(`(/setup/\S+)`)
	admin := newPerson(t, server)
	admin.watch.expects(422)

	admin.opens(link)
	admin.fills("Name of the organization", "Northwind Research")
	admin.fills("Your name", "Iris Vale")
	admin.fills("E-mail address", "iris@northwind.test")
	admin.fills("Password", "short")
	admin.clicks("button", "Set up the server")
	admin.sees("Choose a password of at least")
	if kept, _ := admin.the("textbox", "Name of the organization").InputValue(); kept != "Northwind Research" {
		t.Errorf("after a refusal the name is %q, and not what was typed", kept)
	}
	admin.fills("Password", "correct horse battery")
	admin.clicks("button", "Set up the server")

	admin.seesThe("heading", "Projects")
	admin.sees("Northwind Research", "There is no project yet")
	admin.clicks("link", "Create project")
	admin.dialog().seesThe("heading", "Create a project")
	admin.dialog().clicks("link", "Close")
	admin.sees("Admin Controls")
	admin.area.GetByText("Admin Controls").Click()
	admin.clicks("link", "Members")
	admin.row("iris@northwind.test").sees("Admin", "Active", "You")

	late := newPerson(t, server)
	if status := late.tries(link); status != 410 {
		t.Errorf("the used setup link answers %d", status)
	}
	late.seesThe("heading", "This server is set up")
	late.clicks("link", "Sign in")
	late.watch.expects(422)
	late.fills("E-mail address", "iris@northwind.test")
	late.fills("Password", "wrong horse battery")
	late.clicks("button", "Sign in")
	late.sees("This address and password do not go together.")
	late.fills("Password", "correct horse battery")
	late.clicks("button", "Sign in")
	late.seesThe("heading", "Projects")
}
