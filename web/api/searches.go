package api

import (
	"context"
	"net/http"
	"strconv"

	"gatehouse/access"
	"gatehouse/db"
)

// Results are one page of what a search found.
type results struct {
	Results []any  `json:"results"`
	Page    onward `json:"page"`
}

type onward struct {
	NextToken string `json:"next_token"` // empty at the end
}

// What a search finds.
type (
	entity struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	action struct {
		Name string `json:"name"`
	}
)

// A search is what one of the three was asked for, and under what its token lets it find.
type search struct {
	db.Asked
	page  part
	org   access.ID
	found db.Decision
}

// SearchSubject lists who has a right on a resource: users by address, groups by name.
func (a *API) SearchSubject(w http.ResponseWriter, r *http.Request) error {
	return a.search(w, r, needs{resource: true, action: true}, a.findSubjects)
}

// SearchResource lists the resources of a kind, by key, on which a subject has a right.
func (a *API) SearchResource(w http.ResponseWriter, r *http.Request) error {
	return a.search(w, r, needs{subject: true, action: true}, a.findResources)
}

// SearchAction lists the rights that a subject has on a resource.
func (a *API) SearchAction(w http.ResponseWriter, r *http.Request) error {
	return a.search(w, r, needs{subject: true, resource: true}, findActions)
}

// Needs say which of its parts a search must name; of the others it looks for.
type needs struct{ subject, resource, action bool }

func (o object) search(path string, wanted needs) (s search, err error) {
	if s.Subject, err = o.named("subject", wanted.subject); err != nil {
		return s, err
	}
	if s.Resource, err = o.named("resource", wanted.resource); err != nil {
		return s, err
	}
	if wanted.action {
		if s.Right, err = o.right(); err != nil {
			return s, err
		}
	}
	if _, err = o.object("context"); err != nil {
		return s, err
	}
	s.page, err = o.part(path, s.Asked)
	return s, err
}

// search reads the request, resolves under its token what it names, and answers with a page of what was found.
func (a *API) search(w http.ResponseWriter, r *http.Request, wanted needs, find func(context.Context, search) ([]any, string, error)) error {
	token, body, err := open(w, r)
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	s, err := body.search(r.URL.Path, wanted)
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	caller, found, err := a.decider.Decide(r.Context(), token, s.Asked)
	if err != nil {
		return err
	}
	s.org, s.found = caller.Org, found
	hits, next, err := find(r.Context(), s)
	if err != nil {
		return err
	}
	return sendJSON(w, results{Results: append([]any{}, hits...), Page: onward{s.page.token(next)}})
}

func (a *API) findSubjects(ctx context.Context, s search) ([]any, string, error) {
	if s.found.Resource == "" || s.Right == 0 {
		return nil, "", nil
	}
	switch s.Subject.Type {
	case "user":
		hits, next, err := a.finder.SearchUsers(ctx, s.org, s.found.Resource, s.Right, s.page.after, s.page.limit)
		return entities("user", hits), next, err
	case "group":
		hits, next, err := a.finder.SearchGroups(ctx, s.org, s.found.Resource, s.Right, s.page.after, s.page.limit)
		return entities("group", hits), next, err
	case "anonymous":
		if s.found.Allowed && s.page.after == "" {
			return []any{entity{"anonymous", "anonymous"}}, "", nil
		}
	}
	return nil, "", nil
}

func entities(kind string, hits []db.Hit) []any {
	list := make([]any, len(hits))
	for i, hit := range hits {
		list[i] = entity{kind, hit.Name}
	}
	return list
}

func (a *API) findResources(ctx context.Context, s search) ([]any, string, error) {
	kind := access.Kind(s.Resource.Type)
	if !s.found.Known || !kind.Known() || s.Right == 0 {
		return nil, "", nil
	}
	hits, next, err := a.finder.SearchResources(ctx, s.org, s.found.Subject, kind, s.Right, s.page.after, s.page.limit)
	return entities(s.Resource.Type, hits), next, err
}

// findActions pages a list that is at hand as a whole: its places are numbers.
func findActions(_ context.Context, s search) (actions []any, next string, err error) {
	if !s.found.Known {
		return nil, "", nil
	}
	names := s.found.Rights.Names()
	start, _ := strconv.Atoi(s.page.after)
	start = min(max(start, 0), len(names))
	end := min(start+s.page.limit, len(names))
	for _, name := range names[start:end] {
		actions = append(actions, action{name})
	}
	if end < len(names) {
		next = strconv.Itoa(end)
	}
	return actions, next, nil
}
