package db

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// longestLine is how many bytes a line of a file may have.
const longestLine = 1 << 20

// staged are lines on their way into the temporary tables.
type staged struct {
	count         int
	organizations []sqlc.StageOrganizationsParams
	users         []sqlc.StageUsersParams
	members       []sqlc.StageMembersParams
	groups        []sqlc.StageGroupsParams
	groupMembers  []sqlc.StageGroupMembersParams
	nestedGroups  []sqlc.StageNestedGroupsParams
	resources     []sqlc.StageResourcesParams
	templates     []sqlc.StageTemplatesParams
	grants        []sqlc.StageGrantsParams
}

// stage reads the file into the temporary tables. What is no record is refused; then what is there is analyzed.
func (i *importing) stage(ctx context.Context, file io.Reader) error {
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 64<<10), longestLine)
	var pending staged
	var bytesRead int64
	for number := int64(1); lines.Scan(); number++ {
		text := lines.Bytes()
		bytesRead += int64(len(text)) + 1
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		i.read++
		if err := i.stageLine(number, text, &pending); err != nil {
			return err
		}
		if pending.count < importPage {
			continue
		}
		if err := i.copyStaged(ctx, &pending); err != nil {
			return err
		}
		if i.options.Progress != nil {
			i.options.Progress("Reading", bytesRead, 0)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("a line after %d records has more than %d bytes", i.read, longestLine)
	} else if err != nil {
		return err
	}
	if err := i.copyStaged(ctx, &pending); err != nil {
		return err
	}
	return i.finishStaging(ctx)
}

func (i *importing) stageLine(number int64, text []byte, pending *staged) error {
	parsed, err := parseRecord(number, text)
	if err == nil {
		err = pending.add(parsed)
	}
	if err != nil {
		return i.refuse(number, err)
	}
	pending.count++
	return nil
}

func (i *importing) finishStaging(ctx context.Context) error {
	if err := i.q.AnalyzeImport(ctx); err != nil {
		return err
	}
	repeats, err := i.q.ListImportRepeats(ctx)
	if err != nil {
		return err
	}
	for _, repeat := range repeats {
		if repeat.Same {
			i.repeated[repeat.Line] = true
			continue
		}
		err := access.Conflict("Line %d says something else about the same thing.", repeat.First)
		if err := i.refuse(repeat.Line, err); err != nil {
			return err
		}
	}
	return nil
}

// copyStaged empties the lines into their tables.
func (i *importing) copyStaged(ctx context.Context, s *staged) error {
	err := errors.Join(
		copyInto(ctx, s.organizations, i.q.StageOrganizations),
		copyInto(ctx, s.users, i.q.StageUsers),
		copyInto(ctx, s.members, i.q.StageMembers),
		copyInto(ctx, s.groups, i.q.StageGroups),
		copyInto(ctx, s.groupMembers, i.q.StageGroupMembers),
		copyInto(ctx, s.nestedGroups, i.q.StageNestedGroups),
		copyInto(ctx, s.resources, i.q.StageResources),
		copyInto(ctx, s.templates, i.q.StageTemplates),
		copyInto(ctx, s.grants, i.q.StageGrants),
	)
	*s = staged{}
	return err
}

// copyInto copies rows, if there are any, by one of sqlc's :copyfrom functions.
func copyInto[R any](ctx context.Context, rows []R, into func(context.Context, []R) (int64, error)) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := into(ctx, rows)
	return err
}

// add puts a record among the lines of its table. What cannot be right whatever is there already is refused here.
func (s *staged) add(r record) error {
	switch r.kind {
	case "organization":
		return s.addOrganization(r)
	case "user":
		return s.addUser(r)
	case "member":
		return s.addMember(r)
	case "group":
		return s.addGroup(r)
	case "group_member":
		return s.addGroupMember(r)
	case "module":
		return s.addModule(r)
	case "template":
		return s.addTemplate(r)
	case "resource":
		return s.addResource(r)
	}
	return s.addGrant(r)
}

func (s *staged) addOrganization(r record) error {
	slug, err := cleanSlug(r.text("slug"))
	if err != nil {
		return err
	}
	name, err := r.cleaned("name", cleanName)
	if err != nil {
		return err
	}
	s.organizations = append(s.organizations, sqlc.StageOrganizationsParams{Line: r.line, Said: r.said, Slug: slug, Name: name})
	return nil
}

func (s *staged) addUser(r record) error {
	email, err := r.email("email")
	if err != nil {
		return err
	}
	name, err := r.cleaned("name", cleanUserName)
	if err != nil {
		return err
	}
	status, err := r.cleaned("status", cleanStatus)
	if err != nil {
		return err
	}
	s.users = append(s.users, sqlc.StageUsersParams{Line: r.line, Said: r.said, Email: email, Name: name, Status: status})
	return nil
}

func (s *staged) addMember(r record) error {
	email, err := r.email("user")
	if err != nil {
		return err
	}
	role := r.optional("role")
	if role != nil {
		if _, err := access.FindRole(access.Organization, *role); err != nil {
			return err
		}
	}
	status, err := r.cleaned("status", cleanStatus)
	if err != nil {
		return err
	}
	s.members = append(s.members, sqlc.StageMembersParams{Line: r.line, Said: r.said, Organization: r.text("organization"), Email: email, Role: role, Status: status})
	return nil
}

// placeOf orders the kinds: what contains before what is contained.
func placeOf(kind access.Kind) int32 { return int32(slices.Index(access.Kinds(), kind)) }
