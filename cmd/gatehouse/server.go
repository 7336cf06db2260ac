package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// serverOptions say which running server to ask, instead of the database.
type serverOptions struct {
	Server    string `placeholder:"URL" help:"Ask a running server through its API instead of the database."`
	Token     string `env:"GATEHOUSE_TOKEN" placeholder:"TOKEN" help:"The API token for --server, with the scope that the command needs."`
	TokenFile string `placeholder:"FILE" help:"A file that holds the API token for --server."`
}

// token is the token that the options give.
func (o serverOptions) token() (string, error) {
	if o.TokenFile != "" {
		text, err := os.ReadFile(o.TokenFile)
		if err != nil {
			return "", fmt.Errorf("--token-file cannot be read: %w", err)
		}
		return strings.TrimSpace(string(text)), nil
	}
	if o.Token == "" {
		return "", errors.New("--token-file, --token or GATEHOUSE_TOKEN is missing: the server answers to a token only")
	}
	return o.Token, nil
}

// A refusedError says that the server, or a rule, understood and said no.
type refusedError struct {
	status int
	said   string
}

func (e *refusedError) Error() string { return e.said }

// send sends a request with the token and reads the JSON of its answer into got, unless that is nil. What is sent is
// JSON too, unless it is nil.
func (o serverOptions) send(ctx context.Context, method, path string, header map[string]string, sent, got any) (http.Header, error) {
	token, err := o.token()
	if err != nil {
		return nil, err
	}
	body := &bytes.Buffer{}
	if sent != nil {
		if err := json.NewEncoder(body).Encode(sent); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(o.Server, "/")+path, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(request)
	if err != nil {
		return nil, fmt.Errorf("the server does not answer: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 16<<20))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return nil, notDone(answer.StatusCode, text)
	}
	if got == nil {
		return answer.Header, nil
	}
	return answer.Header, json.Unmarshal(text, got)
}

// notDone is the error in an answer. Only a refusal of what was asked is one to be refused by; a token that does not work
// or a server that is not well leaves it open.
func notDone(status int, text []byte) error {
	told := fmt.Sprintf("the server answers %d: %s", status, said(text))
	switch status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
		return &refusedError{status, told}
	}
	return errors.New(told)
}

// said is the sentence in an answer of either API, or the answer itself.
func said(text []byte) string {
	var failure struct {
		Detail string `json:"detail"`
		Error  struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(text, &failure) == nil && failure.Error.Message+failure.Detail != "" {
		return failure.Error.Message + failure.Detail
	}
	return strings.TrimSpace(string(text[:min(len(text), 300)]))
}
