package api

import (
	"context"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

// An explanation is what context.explain adds: every path, and what all of them give together.
type explanation struct {
	Rights []string `json:"rights"`
	Paths  []path   `json:"paths"`
}

type path struct {
	Sentence  string   `json:"sentence"`
	Source    string   `json:"source"` // owner, grant or mode
	Rights    []string `json:"rights"` // on the resource asked about
	Role      string   `json:"role"`
	Place     ref      `json:"place"`
	Inherited bool     `json:"inherited"`
	Mode      string   `json:"access_mode,omitempty"`
	Via       []ref    `json:"via,omitempty"` // groups from the subject's own up, or an organization
	Grant     string   `json:"grant,omitempty"`
	ExpiresAt string   `json:"expires_at,omitempty"`
}

type ref struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// explain fills in the answers to those questions that ask for an explanation: the decision is then the one that the
// explanation gives.
func (a *API) explain(ctx context.Context, caller db.Caller, questions []question, decisions []db.Decision, answers []evaluation) error {
	var asked []db.Asked
	var made []db.Decision
	var places []int
	for i, each := range questions {
		if each.explain {
			asked, made, places = append(asked, each.Asked), append(made, decisions[i]), append(places, i)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	again, paths, err := a.finder.ExplainDecisions(ctx, caller.Org, asked, made)
	if err != nil {
		return err
	}
	for i, place := range places {
		answers[place] = evaluation{Decision: again[i].Allowed, Context: explanationOf(asked[i], again[i], paths[i])}
	}
	return nil
}

func explanationOf(asked db.Asked, made db.Decision, paths []access.Path) explanation {
	told := explanation{Rights: names(made.Rights), Paths: make([]path, len(paths))}
	for i, each := range paths {
		told.Paths[i] = pathOf(asked, each)
	}
	return told
}

// names is never null in JSON.
func names(rights access.Rights) []string { return append([]string{}, rights.Names()...) }

func pathOf(asked db.Asked, p access.Path) path {
	told := path{Sentence: p.Sentence(asked.Subject.ID, access.Kind(asked.Resource.Type)), Source: string(p.Source), Rights: names(p.Rights),
		Role: p.Role.Name, Place: refOf(p.Place), Inherited: p.Inherited, Grant: string(p.GrantID)}
	if p.Source == access.ByMode {
		told.Mode = string(p.Mode)
	}
	for _, via := range p.Via {
		told.Via = append(told.Via, refOf(via))
	}
	if p.ExpiresAt != nil {
		told.ExpiresAt = p.ExpiresAt.UTC().Format(time.RFC3339)
	}
	return told
}

func refOf(r access.Ref) ref { return ref{Type: r.Type, ID: string(r.ID), Name: r.Name} }
