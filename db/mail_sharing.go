package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// mostNotified is how many people one change mails to: everyone inside large groups would be a flood.
const mostNotified = 200

// notify mails to the people who were given a role, those inside groups too. Whole organizations are not mailed, nor the one
// who shares.
func (c *change) notify(ctx context.Context, on access.Resource, given access.Role, share Share) error {
	if c.post == nil || !share.Notify {
		return nil
	}
	people := []access.Ref{}
	for _, who := range share.Who {
		principal, err := c.principal(ctx, who)
		if err != nil {
			return err
		}
		if principal.Type != string(access.Organization) {
			people = append(people, principal.Ref)
		}
	}
	ids, err := c.everyone(ctx, people)
	if err != nil {
		return err
	}
	facts := MailFacts{By: c.actorName(), Role: given.Title, Message: share.Message}
	told := map[access.ID]bool{c.actor.ID: true}
	for _, id := range ids {
		if told[id] || len(told) > mostNotified {
			continue
		}
		told[id] = true
		if err := c.mailTo(ctx, id, newMail{kind: SharedMail, about: on.ID, facts: facts}); err != nil {
			return err
		}
	}
	return nil
}

// mailTo enqueues a mail to somebody with an account.
func (c *change) mailTo(ctx context.Context, user access.ID, wanted newMail) error {
	if c.post == nil {
		return nil
	}
	row, err := c.q.FindUser(ctx, user)
	if err != nil {
		return found(err)
	}
	wanted.to = access.Person{ID: row.ID, Name: row.Name, Email: row.Email}
	return c.mail(ctx, wanted)
}

func (c *change) actorName() string {
	if c.actor.Name == "" {
		return c.actor.Email
	}
	return c.actor.Name
}

// tellOldOwner mails to whoever owned a resource until now, unless they gave it away themselves.
func (c *change) tellOldOwner(ctx context.Context, resource access.Resource, to access.Member) error {
	if resource.Owner.ID == "" || resource.Owner.ID == c.actor.ID || resource.Owner.ID == to.ID {
		return nil
	}
	facts := MailFacts{By: c.actorName(), Owner: to.Label(), Name: resource.Name, Kind: string(resource.Kind)}
	return c.mailTo(ctx, resource.Owner.ID, newMail{kind: OwnerMail, about: resource.ID, facts: facts})
}

// WarnOfEnds mails, once for each end, to the people whose own grant ends within access.Warning. It may run in several
// programs at once. It returns how many grants it looked at.
func (s *Store) WarnOfEnds(ctx context.Context) (int, error) {
	if s.post == nil {
		return 0, nil
	}
	rows, err := s.q.ListEndingGrants(ctx, access.Warning)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		err := s.transaction(ctx, By{Via: "job"}, row.OrgID, func(c *change) error {
			given := storedRole(row.RoleID, row.RoleName, row.RoleHere, row.ProjectID)
			facts := MailFacts{Role: given.Title, Grant: row.ID, Ends: row.ExpiresAt}
			return c.mailTo(ctx, row.UserID, newMail{kind: EndingMail, about: row.ResourceID, facts: facts, once: endsOnce(row)})
		})
		if ignoreNotFound(err) != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func endsOnce(row sqlc.ListEndingGrantsRow) string {
	return "ending " + string(row.ID) + " " + row.ExpiresAt.UTC().Format("20060102150405.000000")
}
