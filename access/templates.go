package access

import (
	"fmt"
	"strings"
)

// A rights template is a role that those who share a project make for it. It reaches all that the project contains, and is
// given like any other role there.

// TemplateRights are those that a rights template may hold. Discover it always has.
func TemplateRights() Rights {
	return Discover | View | Query | Create | Edit | Configure | Connect | Reveal | Delete
}

// templating is the rule of every change of a project's templates, from a page and from a file: who shares the project, and
// nobody puts in or takes out a right that they do not hold. held are all the rights in the template, before and after.
func templating(a Actor, project Resource, name string, held Rights) error {
	if surplus := held &^ TemplateRights(); surplus != 0 {
		return Invalid("rights", "A rights template cannot hold %s.", surplus)
	}
	if project.Kind != Project {
		return Invalid("project", "Only a project has rights templates.")
	}
	if !a.may(project.Rights, Share) {
		return Denied("You cannot change the rights templates of %s.", project.Name)
	}
	if !a.may(project.Rights, held) {
		return Denied("%s holds more than you do on %s yourself.", name, project.Name)
	}
	return nil
}

// templateName refuses the names of built-in roles, by which forms and files choose a role.
func templateName(name string, taken bool) error {
	for _, role := range Roles() {
		if role.Kind == Project && strings.EqualFold(role.Name, strings.TrimSpace(name)) {
			return Invalid("name", "%s is a role already. Choose another name.", role.Title)
		}
	}
	if taken {
		return Invalid("name", "There is a rights template named %s already.", name)
	}
	return nil
}

// CreateTemplate makes a rights template of a project.
type CreateTemplate struct {
	Project  Resource // with the actor's rights on it
	Template Role
	Taken    bool // another template of the project has the name
}

func (c CreateTemplate) allowed(a Actor) error {
	if err := templating(a, c.Project, c.Template.Name, c.Template.Here); err != nil {
		return err
	}
	return templateName(c.Template.Name, c.Taken)
}

func (c CreateTemplate) Event() Event {
	return Event{Action: "template.created", Target: c.Project.Ref(), After: templateFacts(c.Template.Name, c.Template.Here)}
}

func templateFacts(name string, rights Rights) Facts {
	return Facts{"template": name, "rights": rights.Names()}
}

// EditTemplate changes a template's name and rights, and so the rights of everybody who holds it.
type EditTemplate struct {
	Project  Resource
	Template Role // as it stands
	ToName   string
	ToRights Rights
	Taken    bool
	Outside  bool // somebody outside the organization holds it
	Own      bool // the actor holds it
	End      End  // until when the actor may share the project
}

func (c EditTemplate) allowed(a Actor) error {
	if err := templating(a, c.Project, c.Template.Name, c.Template.Here|c.ToRights); err != nil {
		return err
	}
	if c.Outside && !outsideAtMost.Has(c.ToRights) {
		return Invalid("rights", "Somebody outside the organization holds %s, and can have what an Editor has at most: not %s.", c.Template.Name, c.ToRights&^outsideAtMost)
	}
	if err := templateName(c.ToName, c.Taken); err != nil {
		return err
	}
	return extending(c.Own && c.ToRights&^c.Template.Here != 0, c.End, nil)
}

func (c EditTemplate) Event() Event {
	return Event{Action: "template.edited", Target: c.Project.Ref(), Before: templateFacts(c.Template.Name, c.Template.Here),
		After: templateFacts(c.ToName, c.ToRights)}
}

// DeleteTemplate removes a template that nobody holds. What is given is first taken or replaced where it was given: who
// holds it would lose access without anybody having said so.
type DeleteTemplate struct {
	Project  Resource
	Template Role
	Grants   int // in force, that give it
	People   int // who hold it through them
}

func (c DeleteTemplate) allowed(a Actor) error {
	if err := templating(a, c.Project, c.Template.Name, c.Template.Here); err != nil {
		return err
	}
	switch {
	case c.Grants == 1:
		return Conflict("%s is given once, and so %s. Give another role under Share first.", c.Template.Name, holders(c.People))
	case c.Grants > 1:
		return Conflict("%s is given %d times, and so %s. Give other roles under Share first.", c.Template.Name, c.Grants, holders(c.People))
	}
	return nil
}

// holders says how many hold a template.
func holders(people int) string {
	if people == 1 {
		return "1 person holds it"
	}
	return fmt.Sprintf("%d people hold it", people)
}

func (c DeleteTemplate) Event() Event {
	return Event{Action: "template.deleted", Target: c.Project.Ref(), Before: templateFacts(c.Template.Name, c.Template.Here)}
}
