package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db"
)

// A faulty store fails at every question, in one way, and has the most generous answers beside its errors:
// whoever forgets to look at an error allows.
type faulty struct{ fail func() error }

var all = db.Decision{Allowed: true, Rights: -1, Known: true, Subject: "s", Resource: "r"}

func (f faulty) Decide(context.Context, string, db.Asked) (db.Caller, db.Decision, error) {
	return db.Caller{Org: "o"}, all, f.fail()
}

func (f faulty) DecideEach(_ context.Context, _ string, asked []db.Asked) (db.Caller, []db.Decision, error) {
	made := make([]db.Decision, len(asked))
	for i := range made {
		made[i] = all
	}
	return db.Caller{Org: "o"}, made, f.fail()
}

func (f faulty) ExplainDecisions(_ context.Context, _ access.ID, asked []db.Asked, made []db.Decision) ([]db.Decision, [][]access.Path, error) {
	return made, make([][]access.Path, len(asked)), f.fail()
}

var hit = []db.Hit{{ID: "x", Name: "leaked"}}

func (f faulty) SearchUsers(context.Context, access.ID, access.ID, access.Rights, string, int) ([]db.Hit, string, error) {
	return hit, "", f.fail()
}
func (f faulty) SearchGroups(context.Context, access.ID, access.ID, access.Rights, string, int) ([]db.Hit, string, error) {
	return hit, "", f.fail()
}
func (f faulty) SearchResources(context.Context, access.ID, access.ID, access.Kind, access.Rights, string, int) ([]db.Hit, string, error) {
	return hit, "", f.fail()
}

func TestAFaultNeverAllows(t *testing.T) {
	fine := &faulty{func() error { return nil }}
	requests := map[string][]string{
		EvaluationPath: {yes, body("user ana@acme.test view project alpha", `,"context":{"explain":true}`)},
		EvaluationsPath: {`{"evaluations":[` + yes + `]}`, yes, `{"evaluations":[7,` + yes + `]}`, `{"evaluations":[7]}`,
			`{"evaluations":[` + yes + `],"context":{"explain":true}}`},
		SubjectSearchPath: {`{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"}}`,
			`{"subject":{"type":"group"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"}}`,
			`{"subject":{"type":"anonymous"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"}}`},
		ResourceSearchPath: {`{"subject":{"type":"user","id":"ana"},"action":{"name":"view"},"resource":{"type":"project"}}`},
		ActionSearchPath:   {`{"subject":{"type":"user","id":"ana"},"resource":{"type":"project","id":"alpha"}}`},
	}
	for name, fail := range map[string]func() error{
		"error":   func() error { return errors.New("relation does not exist") },
		"timeout": func() error { return context.DeadlineExceeded },
		"cancel":  func() error { return context.Canceled },
		"panic":   func() error { panic("a fault") },
	} {
		bad := &faulty{fail}
		for _, api := range []*API{{decider: bad, finder: fine}, {decider: fine, finder: bad}, {decider: bad, finder: bad}} {
			for path, bodies := range requests {
				for _, sent := range bodies {
					k := &desk{t: t, api: api}
					status, text := k.tryPost(path, sent)
					if asksBoth := api.decider == decider(fine) && !strings.Contains(sent, "explain") && (!strings.Contains(path, "search") || path == ActionSearchPath || strings.Contains(sent, "anonymous")); asksBoth {
						continue // what is broken is not asked
					}
					if status < 500 || strings.Contains(text, "true") || strings.Contains(text, "leaked") {
						t.Errorf("%s at %s %s: %d %s", name, path, sent, status, text)
					}
				}
			}
		}
	}
}

// tryPost is post as package web serves it: a panic is a 500.
func (k *desk) tryPost(path, sent string) (status int, text string) {
	defer func() {
		if cause := recover(); cause != nil {
			status, text = http.StatusInternalServerError, fmt.Sprint(cause)
		}
	}()
	w := k.post("gh_token", path, sent)
	return w.Code, w.Body.String()
}
