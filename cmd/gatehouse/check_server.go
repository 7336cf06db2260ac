package main

import (
	"context"
	"errors"
	"net/http"

	"gatehouse/db"
)

// What goes to a running server and comes back, in the words of its API (docs/api.md).
type (
	sentName struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	sentEvaluation struct {
		Subject  sentName          `json:"subject"`
		Resource sentName          `json:"resource"`
		Action   map[string]string `json:"action"`
		Context  map[string]bool   `json:"context"`
	}
	gotEvaluation struct {
		Decision bool `json:"decision"`
		Context  struct {
			Rights []string `json:"rights"`
			Paths  []struct {
				Sentence string `json:"sentence"`
			} `json:"paths"`
		} `json:"context"`
	}
)

// fromServer asks a running server, all in one request.
func (c *checkCommand) fromServer(ctx context.Context, asked []db.Asked) (verdict, error) {
	var sent struct {
		Evaluations []sentEvaluation `json:"evaluations"`
	}
	for _, each := range asked {
		sent.Evaluations = append(sent.Evaluations, sentEvaluation{Subject: sentName(each.Subject), Resource: sentName(each.Resource),
			Action: map[string]string{"name": c.Right}, Context: map[string]bool{"explain": true}})
	}
	var got struct {
		Evaluations []gotEvaluation `json:"evaluations"`
	}
	if _, err := c.send(ctx, http.MethodPost, "/access/v1/evaluations", nil, sent, &got); err != nil {
		return verdict{}, err
	}
	if len(got.Evaluations) != len(asked) {
		return verdict{}, errors.New("the server did not answer every question")
	}
	found := verdict{Rights: []string{}, Paths: []string{}}
	for _, each := range got.Evaluations {
		found.Decision = found.Decision || each.Decision
		found.Rights = append(found.Rights, each.Context.Rights...)
		for _, path := range each.Context.Paths {
			found.Paths = append(found.Paths, path.Sentence)
		}
	}
	return found, nil
}
