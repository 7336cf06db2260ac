package api

import (
	"context"
	"net/http"
	"slices"

	"gatehouse/access"
	"gatehouse/db"
)

// maxItems is how many evaluations one request may ask for.
const maxItems = 1000

// An evaluation is the answer to one question.
type evaluation struct {
	Decision bool `json:"decision"`
	Context  any  `json:"context,omitempty"`
}

// Nearly every answer is one of these.
var allowed, denied = []byte(`{"decision":true}`), []byte(`{"decision":false}`)

// Evaluate answers whether a subject may do something with a resource.
func (a *API) Evaluate(w http.ResponseWriter, r *http.Request) error {
	token, body, err := open(w, r)
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	return a.evaluate(w, r, token, body)
}

func (a *API) evaluate(w http.ResponseWriter, r *http.Request, token string, body object) error {
	asked, err := body.question()
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	caller, made, err := a.decider.Decide(r.Context(), token, asked.Asked)
	switch {
	case err != nil:
		return err
	case asked.explain:
		answers := []evaluation{{}}
		if err := a.explain(r.Context(), caller, []question{asked}, []db.Decision{made}, answers); err != nil {
			return err
		}
		return sendJSON(w, answers[0])
	case made.Allowed:
		return send(w, allowed)
	}
	return send(w, denied)
}

// refused answers a request that is not the shape, after its token: who has none does not learn what the shape is.
func (a *API) refused(ctx context.Context, token string, problem error) error {
	if token == "" {
		return problem
	}
	if _, _, err := a.decider.Decide(ctx, token, db.Asked{}); err != nil {
		return err
	}
	return problem
}

// EvaluateEach answers several questions in one statement. Without evaluations it is Evaluate.
func (a *API) EvaluateEach(w http.ResponseWriter, r *http.Request) error {
	token, body, err := open(w, r)
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	items, err := body.items()
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	if len(items) == 0 {
		return a.evaluate(w, r, token, body)
	}
	stopsAt, err := body.semantic()
	if err != nil {
		return a.refused(r.Context(), token, err)
	}
	answers, err := a.answerEach(r.Context(), token, body, items)
	if err != nil {
		return err
	}
	if end := slices.IndexFunc(answers, stopsAt); end >= 0 {
		answers = answers[:end+1]
	}
	return sendJSON(w, map[string][]evaluation{"evaluations": answers})
}

// items are the evaluations asked for, none where the member is missing or empty.
func (o object) items() ([]any, error) {
	if !o.has("evaluations") {
		return nil, nil
	}
	items, ok := o["evaluations"].([]any)
	if !ok {
		return nil, access.Invalid("evaluations", "evaluations must be an array.")
	}
	if len(items) > maxItems {
		return nil, access.Invalid("evaluations", "A request may hold at most %d evaluations.", maxItems)
	}
	for _, name := range []string{"subject", "resource", "action", "context"} {
		if _, err := o.object(name); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// semantic tells after which answer the rest is left out.
func (o object) semantic() (func(evaluation) bool, error) {
	options, err := o.object("options")
	if err != nil {
		return nil, err
	}
	chosen := "execute_all"
	if options.has("evaluations_semantic") {
		if chosen, err = options.text("options", "evaluations_semantic"); err != nil {
			return nil, err
		}
	}
	switch chosen {
	case "execute_all":
		return func(evaluation) bool { return false }, nil
	case "deny_on_first_deny":
		return func(e evaluation) bool { return !e.Decision }, nil
	case "permit_on_first_permit":
		return func(e evaluation) bool { return e.Decision }, nil
	}
	return nil, access.Invalid("options", "%q is not an evaluations_semantic. Choose execute_all, deny_on_first_deny or permit_on_first_permit.", chosen)
}

// answerEach decides all items that can be read. An item that cannot be is denied, and says why.
func (a *API) answerEach(ctx context.Context, token string, defaults object, items []any) ([]evaluation, error) {
	answers := make([]evaluation, len(items))
	var questions []question
	var asked []db.Asked
	var places []int // of the questions among the items
	for i, item := range items {
		one, err := defaults.item(item)
		if err != nil {
			answers[i].Context = failure{problem{Status: http.StatusBadRequest, Message: err.Error()}}
			continue
		}
		questions, asked, places = append(questions, one), append(asked, one.Asked), append(places, i)
	}
	if len(asked) == 0 {
		_, _, err := a.decider.Decide(ctx, token, db.Asked{})
		return answers, err
	}
	caller, decisions, err := a.decider.DecideEach(ctx, token, asked)
	if err != nil {
		return nil, err
	}
	made := make([]evaluation, len(decisions))
	for i := range decisions {
		made[i].Decision = decisions[i].Allowed
	}
	if err := a.explain(ctx, caller, questions, decisions, made); err != nil {
		return nil, err
	}
	for i, place := range places {
		answers[place] = made[i]
	}
	return answers, nil
}

// item is one evaluation, with each default that it does not replace. A default is replaced whole.
func (o object) item(sent any) (question, error) {
	item, err := objectFrom(sent, "An evaluation")
	if err != nil {
		return question{}, err
	}
	for _, name := range []string{"subject", "resource", "action", "context"} {
		if !item.has(name) && o.has(name) {
			item[name] = o[name]
		}
	}
	return item.question()
}
