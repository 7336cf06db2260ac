package db

import (
	"context"
	"errors"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// removeMember hands on what a member has and ends the membership, whose grants and groups go with it.
func (c *change) removeMember(ctx context.Context, leaving access.RemoveMember, how Leaving) error {
	user := leaving.Member.ID
	for _, successor := range leaving.Admins {
		if err := c.makeAdmin(ctx, successor); err != nil {
			return err
		}
	}
	if err := c.bumpListsNaming(ctx, user); err != nil {
		return err
	}
	var events []access.Event
	for _, end := range []func(context.Context, access.RemoveMember) ([]access.Event, error){c.giveToHeirs, c.endTokens, c.revokeInvitations} {
		ended, err := end(ctx, leaving)
		if err != nil {
			return err
		}
		events = append(events, ended...)
	}
	if err := c.auditEach(ctx, events); err != nil {
		return err
	}
	if how.EndSessions {
		what := access.EndMemberSessions{Member: leaving.Member, All: true}
		err := c.make(ctx, what, func() error {
			return c.q.EndOtherSessions(ctx, sqlc.EndOtherSessionsParams{UserID: user, ID: noSession})
		})
		if err != nil {
			return err
		}
	}
	_, err := c.q.RemoveMember(ctx, sqlc.RemoveMemberParams{OrgID: c.org.ID, UserID: user})
	return err
}

// makeAdmin puts somebody into a group as its admin, or makes a member of it one, by the same rules as on the group's page.
func (c *change) makeAdmin(ctx context.Context, successor access.Successor) error {
	facts, err := c.group(ctx, successor.Group.ID)
	if err != nil {
		return err
	}
	from, err := c.groupRole(ctx, facts.ID, successor.Person.ID)
	switch {
	case err == access.ErrNotFound:
		end, endErr := c.endOfManaging(ctx, facts)
		if endErr != nil {
			return endErr
		}
		err = c.addGroupMember(ctx, facts, end, successor.Person.ID, access.GroupAdmin)
	case err == nil && from != access.GroupAdmin:
		err = c.changeGroupMemberRole(ctx, facts.ID, successor.Person.ID, access.GroupAdmin)
	}
	var refusal *access.Error
	if errors.As(err, &refusal) {
		return access.Invalid(successor.Field, "%s", refusal.Message)
	}
	return err
}

// giveToHeirs gives each resource to the heir of the nearest place that contains it.
func (c *change) giveToHeirs(ctx context.Context, leaving access.RemoveMember) ([]access.Event, error) {
	given := sqlc.GiveToHeirsParams{OrgID: c.org.ID, UserID: leaving.Member.ID}
	people := map[access.ID]access.Person{}
	for _, heir := range leaving.Heirs {
		place := heir.Of.ID
		if place == "" {
			place = c.org.ID
		}
		if heir.Fits { // or there is nothing for them
			given.Places, given.Heirs = append(given.Places, place), append(given.Heirs, heir.Person.ID)
			people[heir.Person.ID] = heir.Person
		}
	}
	rows, err := c.q.GiveToHeirs(ctx, given)
	events := make([]access.Event, len(rows))
	for i, row := range rows {
		resource := access.Resource{ID: row.ID, Kind: access.Kind(row.Kind), Name: row.Name, Owner: leaving.Member.Person}
		events[i] = access.TransferResource{Resource: resource, To: access.Member{Person: people[required(row.OwnerID)]}}.Event()
	}
	return events, err
}

func (c *change) endTokens(ctx context.Context, leaving access.RemoveMember) ([]access.Event, error) {
	rows, err := c.q.EndTokensOf(ctx, sqlc.EndTokensOfParams{OrgID: c.org.ID, UserID: leaving.Member.ID})
	events := make([]access.Event, len(rows))
	for i, row := range rows {
		events[i] = access.RevokeToken{Token: apiTokenOf(sqlc.FindAPITokenRow(row))}.Event()
	}
	return events, err
}

func (c *change) revokeInvitations(ctx context.Context, leaving access.RemoveMember) ([]access.Event, error) {
	rows, err := c.q.RevokeInvitationsBy(ctx, sqlc.RevokeInvitationsByParams{OrgID: c.org.ID, UserID: leaving.Member.ID})
	events := make([]access.Event, len(rows))
	for i, row := range rows {
		events[i] = access.RevokeInvitation{Invitation: row.ID, Email: row.Email}.Event()
	}
	return events, err
}
