package web

import (
	"net/http"
	"testing"
)

// Break: in web/grants.go, share, the templates; in db/templates.go, storedRole.
func TestARightsTemplateIsMadeGivenShownEditedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alpha := w.fillIn("/orgs/acme/resources/{alpha}")
	w.get("owner", alpha+"?tab=templates").must(http.StatusOK).says("Analyst").says("Not given").says("View and query")
	w.get("group admin", alpha+"?tab=templates").must(http.StatusOK).saysNothingOf("Templates").saysNothingOf("Not given")
	w.post("owner", alpha+"/templates", "name=Release+keeper&rights=view&rights=edit").leadsTo(alpha + "?tab=templates")
	keeper := w.templateID("Release keeper")
	give := func(role string) *answer {
		return w.post("owner", alpha+"/grants", "who=user:{plain}&role="+role+"&version="+w.aclVersion(w.ids["alpha"]))
	}
	w.get("owner", alpha+"/share").must(http.StatusOK).holds(`<option value="Release keeper"`)
	give("Release+keeper").must(http.StatusSeeOther)
	w.get("owner", alpha+"/share").must(http.StatusOK).holds(`<option value="Release keeper" selected`)
	w.get("member", alpha).must(http.StatusOK).says("Release keeper").saysNothingOf("Change name and description").saysNothingOf("Can view")
	w.get("member", "/orgs/acme").must(http.StatusOK).says("Release keeper").saysNothingOf("Can view")
	w.get("member", alpha+"/why").must(http.StatusOK).says("Release keeper on Alpha")
	w.get("member", "/orgs/acme/my-access").must(http.StatusOK).says("Release keeper")
	w.get("admin", "/orgs/acme/members/{plain}").must(http.StatusOK).says("Release keeper")

	w.get("owner", alpha+"/templates/"+keeper).must(http.StatusOK).says("1 person holds it. What you change here counts for them at once.")
	w.post("owner", alpha+"/templates/"+keeper, "name=Keeper&rights=view&rights=configure").must(http.StatusOK).says("Loses edit and gains configure On Alpha")
	w.get("member", alpha).must(http.StatusOK).saysNothingOf("Change name and description")
	w.post("owner", alpha+"/templates/"+keeper, "name=Keeper&rights=view&rights=configure&confirm=discover+view+configure").leadsTo(alpha + "?tab=templates")
	w.post("member", alpha+"/settings", "name=Alpha&description=Kept").must(http.StatusSeeOther)
	w.get("owner", alpha+"/templates/"+keeper+"/deletion").must(http.StatusOK).says("Keeper is given once, and so 1 person holds it.")
	w.post("owner", alpha+"/templates/"+keeper+"/deletion", "").must(http.StatusConflict).says("Give another role under Share first.")
	w.get("owner", alpha+"?tab=activity").must(http.StatusOK).says("changed the rights template Release keeper of Alpha to Keeper: discover, view and configure (it was discover, view and edit).")
	w.post("owner", alpha+"/templates/{template}/deletion", "").leadsTo(alpha + "?tab=templates")
}

// Break: in web/why.go, why, the paths with a denial.
func TestWhoMayNotOpenSomethingIsToldWhatTheyHaveThereAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get("admin", "/orgs/acme/resources/{alpha}").must(http.StatusOK).says("Why can I not open this?")
	w.get("admin", "/orgs/acme/resources/{alpha}/why").must(http.StatusOK).says("You know of this project, but no role lets you open it.").
		says("What you have here").says("Admin on acme").says("can give it to another owner")
	w.get("owner", "/orgs/acme/resources/{alpha}").must(http.StatusOK).says("Why can I open this?")
}

func (w *world) templateID(name string) string {
	w.t.Helper()
	var id string
	if err := w.pool.QueryRow(w.t.Context(), `SELECT id FROM roles WHERE name = $1`, name).Scan(&id); err != nil {
		w.t.Fatal(err)
	}
	return id
}

// Break: in access/templates.go, templateName and templating; in web/templates.go, readTemplate.
func TestATemplateThatCannotBeIsRefusedWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alpha := w.fillIn("/orgs/acme/resources/{alpha}")
	for _, one := range []struct{ form, sentence string }{
		{"name=&rights=view", "Enter a name."},
		{"name=Viewer&rights=view", "Viewer is a role already."},
		{"name=owner&rights=view", "Owner is a role already."},
		{"name=analyst&rights=view", "There is a rights template named analyst already."},
		{"name=Sharer&rights=view&rights=share", "A rights template cannot hold share."},
		{"name=Sharer&rights=transfer", "A rights template cannot hold transfer."},
		{"name=Flyer&rights=fly", "is not a right."},
	} {
		w.post("owner", alpha+"/templates", one.form).must(http.StatusUnprocessableEntity).says(one.sentence)
	}
	w.post("owner", alpha+"/templates/{template}", "name=Admin&rights=edit").must(http.StatusUnprocessableEntity).says("Admin is a role already.").holds(`value="edit" checked`)
	w.post("owner", w.fillIn("/orgs/acme/resources/{pack}/templates"), "name=Mine&rights=view").must(http.StatusNotFound)
	w.post("gil", alpha+"/templates", "name=Mine&rights=view").must(http.StatusNotFound)
}

// Break: in db/templates.go, roleOn, the ProjectID.
func TestNoFormGivesATemplateOfAnotherProject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	beta := w.made("owner", "/orgs/acme/resources", "kind=project&name=Second")
	page := "/orgs/acme/resources/" + beta
	w.get("owner", page+"/share").must(http.StatusOK).saysNothingOf("Analyst")
	for _, name := range []string{"Analyst", "{template}", "project/viewer"} {
		w.post("owner", page+"/grants", "who=user:{plain}&role="+name+"&version="+w.aclVersion(beta)).must(http.StatusUnprocessableEntity).says("is not a role on a project")
	}
}
