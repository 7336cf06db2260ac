package db

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// exportPage is how many records are read at a time.
const exportPage = 50_000

// An exported is one line of an export. Its fields come in the order of docs/import.md; empty ones are left out.
type exported struct {
	Type                string     `json:"type"`
	Organization        string     `json:"organization,omitempty"`
	Slug                string     `json:"slug,omitempty"`
	Email               string     `json:"email,omitempty"`
	Resource            string     `json:"resource,omitempty"`
	Group               string     `json:"group,omitempty"`
	User                string     `json:"user,omitempty"`
	MemberGroup         string     `json:"member_group,omitempty"`
	GranteeOrganization string     `json:"grantee_organization,omitempty"`
	Project             string     `json:"project,omitempty"`
	Kind                string     `json:"kind,omitempty"`
	Key                 string     `json:"key,omitempty"`
	Name                string     `json:"name,omitempty"`
	Description         string     `json:"description,omitempty"`
	Rights              []string   `json:"rights,omitempty"`
	Parent              string     `json:"parent,omitempty"`
	Owner               string     `json:"owner,omitempty"`
	AccessMode          string     `json:"access_mode,omitempty"`
	OrgRole             string     `json:"org_role,omitempty"`
	Role                string     `json:"role,omitempty"`
	Template            string     `json:"template,omitempty"`
	Status              string     `json:"status,omitempty"`
	ExpiresAt           *time.Time `json:"expires_at,omitempty"`
}

// exporting is an export under way.
type exporting struct {
	q     *sqlc.Queries
	org   access.ID
	slug  string
	write func(exported) error
}

// Export writes an organization as records (docs/import.md), in the order of that page and always the same for the same
// state. access.ErrNotFound for an organization that is not there.
func (s *Store) Export(ctx context.Context, slug string, to io.Writer) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly} // one snapshot for all pages
	return pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error {
		buffered := bufio.NewWriterSize(to, 1<<16)
		encoder := json.NewEncoder(buffered)
		encoder.SetEscapeHTML(false)
		e := &exporting{q: s.q.WithTx(tx), slug: slug, write: func(line exported) error { return encoder.Encode(line) }}
		if err := e.run(ctx); err != nil {
			return err
		}
		return buffered.Flush()
	})
}

func (e *exporting) run(ctx context.Context) error {
	org, err := e.q.ExportOrganization(ctx, e.slug)
	if err != nil {
		return found(err)
	}
	e.org = org.ID
	if err := e.write(exported{Type: "organization", Slug: e.slug, Name: org.Name}); err != nil {
		return err
	}
	steps := []func(context.Context) error{e.users, e.members, e.groups, e.groupMembers, e.nestedGroups, e.modules, e.templates, e.resources, e.grants}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// exportPages writes rows page by page; load takes the last row of the page before, which is empty for the first.
func exportPages[R any](e *exporting, load func(last R) ([]R, error), line func(R) exported) error {
	var last R
	for {
		rows, err := load(last)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := e.write(line(row)); err != nil {
				return err
			}
		}
		last = rows[len(rows)-1]
	}
}

func (e *exporting) users(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportUsersRow) ([]sqlc.ExportUsersRow, error) {
		return e.q.ExportUsers(ctx, sqlc.ExportUsersParams{OrgID: e.org, After: last.Email, PageSize: exportPage})
	}, func(row sqlc.ExportUsersRow) exported {
		return exported{Type: "user", Email: row.Email, Name: row.Name, Status: row.Status}
	})
}

func (e *exporting) members(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportMembersRow) ([]sqlc.ExportMembersRow, error) {
		return e.q.ExportMembers(ctx, sqlc.ExportMembersParams{OrgID: e.org, After: last.Email, PageSize: exportPage})
	}, func(row sqlc.ExportMembersRow) exported {
		return exported{Type: "member", Organization: e.slug, User: row.Email, Role: row.Role, Status: row.Status}
	})
}

func (e *exporting) groups(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportGroupsRow) ([]sqlc.ExportGroupsRow, error) {
		return e.q.ExportGroups(ctx, sqlc.ExportGroupsParams{OrgID: e.org, After: last.Name, PageSize: exportPage})
	}, func(row sqlc.ExportGroupsRow) exported {
		return exported{Type: "group", Organization: e.slug, Name: row.Name, Description: row.Description}
	})
}

func (e *exporting) groupMembers(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportGroupMembersRow) ([]sqlc.ExportGroupMembersRow, error) {
		return e.q.ExportGroupMembers(ctx, sqlc.ExportGroupMembersParams{OrgID: e.org, AfterName: last.Name, AfterEmail: last.Email, PageSize: exportPage})
	}, func(row sqlc.ExportGroupMembersRow) exported {
		return exported{Type: "group_member", Organization: e.slug, Group: row.Name, User: row.Email, Role: row.Role}
	})
}

func (e *exporting) nestedGroups(ctx context.Context) error {
	return exportPages(e, func(last sqlc.ExportNestedGroupsRow) ([]sqlc.ExportNestedGroupsRow, error) {
		return e.q.ExportNestedGroups(ctx, sqlc.ExportNestedGroupsParams{OrgID: e.org, AfterName: last.Name, AfterMember: last.MemberName, PageSize: exportPage})
	}, func(row sqlc.ExportNestedGroupsRow) exported {
		return exported{Type: "group_member", Organization: e.slug, Group: row.Name, MemberGroup: row.MemberName, Role: string(access.GroupMember)}
	})
}
