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
	switch {
	case errors.Is(err, access.ErrNotFound) && kind == "user":
		err = ErrNoSuchUser
	case errors.Is(err, access.ErrNotFound):
		err = noSuch(kind)
	}
	return who, sent, err
}

// ErrNoSuchUser refuses a user that there is not.
var ErrNoSuchUser = noSuch("user")

func noSuch(kind string) error {
	return access.Invalid(kind, "There is no such %s to share with.", kind)
}
