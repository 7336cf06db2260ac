package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// A serverSharing works through a running server, as whoever made the token.
type serverSharing struct {
	serverOptions
	kind, key string
	id, tag   string // of the resource and its access list, as they were read last
}

func (s *serverSharing) close() {}

func (s *serverSharing) list(ctx context.Context, kind, name string) (thing sharedThing, grants []sharedGrant, err error) {
	var found struct {
		Items []sharedThing `json:"items"`
	}
	if _, err = s.send(ctx, http.MethodGet, "/api/v1/resources?"+url.Values{"kind": {s.kind}, "key": {s.key}}.Encode(), nil, nil, &found); err != nil {
		return thing, nil, err
	}
	if len(found.Items) == 0 {
		return thing, nil, nothingCalled(s.kind, s.key)
	}
	thing = found.Items[0]
	s.id = thing.ID
	path := s.grants()
	if name != "" {
		path += "?" + url.Values{kind: {name}}.Encode()
	}
	var list struct {
		Items []sharedGrant `json:"items"`
	}
	header, err := s.send(ctx, http.MethodGet, path, nil, nil, &list)
	s.tag = header.Get("ETag")
	return thing, list.Items, err
}

// grants is the path of the resource's grants.
func (s *serverSharing) grants() string { return "/api/v1/resources/" + s.id + "/grants" }

func nothingCalled(kind, key string) error {
	return &refusedError{said: "there is no " + kind + "/" + key + ", or none that you may know of"}
}

// attempts is how often a change is tried on a list that others keep changing.
const attempts = 5

// add gives the role on whatever the list is now: it does not depend on what else stands there.
func (s *serverSharing) add(ctx context.Context, kind, name, role string, until *time.Time) (made sharedGrant, err error) {
	sent := map[string]any{kind: name, "role": role, "expires_at": until}
	for range attempts {
		if _, _, err := s.list(ctx, "", ""); err != nil {
			return made, err
		}
		header := map[string]string{"If-Match": s.tag, "Idempotency-Key": rand.Text()}
		_, err = s.send(ctx, http.MethodPost, s.grants(), header, sent, &made)
		var refused *refusedError
		if !errors.As(err, &refused) || refused.status != http.StatusPreconditionFailed {
			return made, err
		}
	}
	return made, errors.New("others keep changing who has access: try again")
}

// remove takes grants away that list has just shown. Whoever changes the list in between keeps it from happening.
func (s *serverSharing) remove(ctx context.Context, grants []sharedGrant) error {
	for _, grant := range grants {
		header, err := s.send(ctx, http.MethodDelete, s.grants()+"/"+grant.ID, map[string]string{"If-Match": s.tag}, nil, nil)
		if err != nil {
			return err
		}
		s.tag = header.Get("ETag")
	}
	return nil
}
