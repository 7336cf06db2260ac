package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

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
	if c.Token == "" {
		return verdict{}, errors.New("--token or GATEHOUSE_TOKEN is missing: the server answers to a token only")
	}
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
	if err := c.post(ctx, "/access/v1/evaluations", sent, &got); err != nil {
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

// post sends JSON with the token and reads JSON. Whatever is not 200 is an error that says what the server said.
func (c *checkCommand) post(ctx context.Context, path string, sent, got any) error {
	body, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.Server, "/")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %d: %s", answer.StatusCode, said(text))
	}
	return json.Unmarshal(text, got)
}

// said is the sentence in an answer of the API, or the answer itself.
func said(text []byte) string {
	var failure struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(text, &failure) == nil && failure.Error.Message != "" {
		return failure.Error.Message
	}
	return strings.TrimSpace(string(text[:min(len(text), 300)]))
}
