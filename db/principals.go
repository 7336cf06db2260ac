package db

import (
	"context"
	"errors"

	"gatehouse/access"
)

// FindPrincipalNamed finds whom somebody means who wrote it down: a user by address or id, a group by name or id, an
// organization by its slug. Sent is how GrantRoles and AddToGroup find them again. A refusal names kind as the field.
func (s *Store) FindPrincipalNamed(ctx context.Context, org access.ID, kind, text string) (who access.Principal, sent access.Ref, err error) {
	sent = access.Ref{Type: kind, Name: text}
	switch {
	case access.IsID(text):
		sent = access.Ref{Type: kind, ID: access.ID(text)}
	case kind == "user":
		sent.Type = "email"
		if sent.Name, err = EmailIn(kind, text); err != nil {
			return who, sent, err
		}
	case kind == "group":
		if sent, err = s.FindGroupByName(ctx, org, stored(text)); errors.Is(err, access.ErrNotFound) {
			return who, sent, access.Invalid(kind, "There is no group named %q.", text)
		}
	}
	if err != nil {
		return who, sent, err
	}
	who, err = s.FindPrincipal(ctx, org, sent)
	if errors.Is(err, access.ErrNotFound) {
		err = NobodyToShareWith(kind)
	}
	return who, sent, err
}

// NobodyToShareWith refuses a principal that there is not.
func NobodyToShareWith(kind string) error {
	return access.Invalid(kind, "There is no such %s to share with.", kind)
}
