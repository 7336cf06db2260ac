package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// template is a rights template as the role that it is.
func template(id, name string, project access.ID, rights int64) access.Role {
	return access.Role{ID: id, Kind: access.Project, Name: name, Title: name, Here: access.Rights(rights), Below: access.Rights(rights), Project: project}
}

// storedRole is the role of a row that joins roles: a built-in one, or a rights template as it is stored.
func storedRole(id, name string, here int64, project *access.ID) access.Role {
	if project == nil {
		return role(id)
	}
	return template(id, name, *project, here)
}

// A Template is a rights template with who holds it.
type Template struct {
	access.Role
	Grants  int  // in force, that give it
	People  int  // who hold it through them
	Outside bool // somebody outside the organization is among them
}

// ListTemplates lists a project's rights templates by name.
func (s *Store) ListTemplates(ctx context.Context, org, project access.ID) ([]Template, error) {
	return listTemplates(ctx, s.q, org, project, nil)
}

func listTemplates(ctx context.Context, q *sqlc.Queries, org, project access.ID, id *string) ([]Template, error) {
	rows, err := q.ListTemplates(ctx, sqlc.ListTemplatesParams{OrgID: org, ProjectID: project, ID: id})
	templates := make([]Template, len(rows))
	for i, row := range rows {
		templates[i] = Template{Role: template(row.ID, row.Name, project, row.Here), Grants: int(row.Grants), People: int(row.People), Outside: row.Outside}
	}
	return templates, err
}

// FindTemplate reads a rights template of a project.
func (s *Store) FindTemplate(ctx context.Context, org, project, id access.ID) (Template, error) {
	return findTemplate(ctx, s.q, org, project, id)
}

func findTemplate(ctx context.Context, q *sqlc.Queries, org, project, id access.ID) (Template, error) {
	text := string(id)
	found, err := listTemplates(ctx, q, org, project, &text)
	if err == nil && len(found) == 0 {
		err = access.ErrNotFound
	}
	if err != nil {
		return Template{}, err
	}
	return found[0], nil
}

// roleOn finds what can be given on a resource by its name: a built-in role, or a rights template of this very project.
func (c *change) roleOn(ctx context.Context, on access.Resource, name string) (access.Role, error) {
	given, unknown := access.FindRole(on.Kind, name)
	if unknown == nil || on.Kind != access.Project {
		return given, unknown
	}
	row, err := c.q.FindTemplateByName(ctx, sqlc.FindTemplateByNameParams{OrgID: c.org.ID, ProjectID: on.ID, Name: name})
	if errors.Is(err, pgx.ErrNoRows) {
		return given, unknown
	}
	return template(row.ID, row.Name, on.ID, row.Here), err
}

// CreateTemplate makes a rights template of a project, and returns its id. Discover it always has.
func (s *Store) CreateTemplate(ctx context.Context, by By, org, project access.ID, name string, rights access.Rights) (access.ID, error) {
	name, err := access.CleanName("name", name)
	if err != nil {
		return "", err
	}
	id := newID()
	return id, s.change(ctx, by, org, func(c *change) error {
		on, err := c.resource(ctx, project)
		if err != nil {
			return err
		}
		taken, err := c.templateNameTaken(ctx, project, id, name)
		if err != nil {
			return err
		}
		made := template(string(id), name, project, int64(rights|access.Discover))
		return c.make(ctx, access.CreateTemplate{Project: on, Template: made, Taken: taken}, func() error {
			return c.q.AddTemplate(ctx, sqlc.AddTemplateParams{ID: made.ID, Name: name, OrgID: org, ProjectID: project, Rights: int64(made.Here)})
		})
	})
}

func (c *change) templateNameTaken(ctx context.Context, project, except access.ID, name string) (bool, error) {
	return c.q.TemplateNameTaken(ctx, sqlc.TemplateNameTakenParams{OrgID: c.org.ID, ProjectID: project, Name: name, ExceptID: string(except)})
}

// EditTemplate changes a template's name and rights: at once for everybody who holds it.
func (s *Store) EditTemplate(ctx context.Context, by By, org, project, id access.ID, name string, rights access.Rights) error {
	name, err := access.CleanName("name", name)
	if err != nil {
		return err
	}
	return s.change(ctx, by, org, func(c *change) error { return c.editTemplate(ctx, project, id, name, rights) })
}

func (c *change) editTemplate(ctx context.Context, project, id access.ID, name string, rights access.Rights) error {
	on, held, err := c.templateOf(ctx, project, id)
	if err != nil {
		return err
	}
	taken, err := c.templateNameTaken(ctx, project, id, name)
	if err != nil {
		return err
	}
	rights |= access.Discover
	own, end, err := c.ownTemplate(ctx, project, held.ID)
	if err != nil {
		return err
	}
	what := access.EditTemplate{Project: on, Template: held.Role, ToName: name, ToRights: rights, Taken: taken, Outside: held.Outside, Own: own, End: end}
	return c.make(ctx, what, func() error {
		if err := c.q.SetTemplate(ctx, sqlc.SetTemplateParams{OrgID: c.org.ID, ID: string(id), Name: name, Rights: int64(rights)}); err != nil {
			return err
		}
		return c.q.BumpAccessList(ctx, sqlc.BumpAccessListParams{OrgID: c.org.ID, ID: project}) // what its roles say changed
	})
}

// ownTemplate tells whether the actor holds a template, and until when they may share its project.
func (c *change) ownTemplate(ctx context.Context, project access.ID, id string) (own bool, end access.End, err error) {
	if end, err = c.endOf(ctx, project, access.Share); err != nil || end.At == nil {
		return false, end, err
	}
	own, err = c.q.HoldsRole(ctx, sqlc.HoldsRoleParams{UserID: c.actor.ID, Resource: project, RoleID: id})
	return own, end, err
}

// templateOf loads a project and a template of it for a change.
func (c *change) templateOf(ctx context.Context, project, id access.ID) (access.Resource, Template, error) {
	on, err := c.resource(ctx, project)
	if err != nil {
		return on, Template{}, err
	}
	held, err := findTemplate(ctx, c.q, c.org.ID, project, id)
	return on, held, err
}

// DeleteTemplate removes a template that nobody holds.
func (s *Store) DeleteTemplate(ctx context.Context, by By, org, project, id access.ID) error {
	return s.change(ctx, by, org, func(c *change) error {
		on, held, err := c.templateOf(ctx, project, id)
		if err != nil {
			return err
		}
		what := access.DeleteTemplate{Project: on, Template: held.Role, Grants: held.Grants, People: held.People}
		return c.make(ctx, what, func() error {
			if err := c.forgetExpiredOf(ctx, held.ID); err != nil {
				return err
			}
			return c.q.DeleteTemplate(ctx, sqlc.DeleteTemplateParams{OrgID: org, ID: held.ID})
		})
	})
}
