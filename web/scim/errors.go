package scim

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/web/bearer"
	"gatehouse/web/message"
)

// The kinds of refusal that RFC 7644 tells apart, as far as they occur here.
const (
	invalidFilter = "invalidFilter"
	invalidPath   = "invalidPath"
	invalidSyntax = "invalidSyntax"
	invalidValue  = "invalidValue"
	mutability    = "mutability"
	noTarget      = "noTarget"
	uniqueness    = "uniqueness"
)

// A failure is a request that was refused before a rule was asked.
type failure struct {
	status       int
	kind, detail string
}

func (f *failure) Error() string { return f.detail }

func malformed(kind, format string, args ...any) error {
	return &failure{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

// refused is why a request of an organization's provider was not carried out.
type refused struct {
	org access.ID
	err error
}

func (r *refused) Error() string { return r.err.Error() }
func (r *refused) Unwrap() error { return r.err }

// Status is the status of an error here, where a page would answer with another.
func Status(status int, err error) int {
	var unread *failure
	switch {
	case errors.As(err, &unread):
		return unread.status
	case status == http.StatusUnprocessableEntity:
		return http.StatusBadRequest
	}
	return status
}

// An Error is how SCIM says what is wrong.
type Error struct {
	Schemas []string `json:"schemas"`
	Status  string   `json:"status"`
	Kind    string   `json:"scimType,omitempty"`
	Detail  string   `json:"detail"`
}

// AnswerError answers a request that failed, and notes it for the organization's Admins: what a provider did not find is no
// failure.
func (a *API) AnswerError(w http.ResponseWriter, r *http.Request, status int, err error) error {
	header := w.Header()
	bearer.Explain(header, status)
	said := Error{Schemas: []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, Status: strconv.Itoa(status)}
	said.Detail, said.Kind = sentence(status, err)
	var noteErr error
	var of *refused
	if errors.As(err, &of) && status != http.StatusNotFound && status != http.StatusServiceUnavailable {
		noteErr = a.store.AddProvisioningFailure(r.Context(), of.org, db.ProvisioningFailure{Request: r.Method + " " + shortened(r.URL.Path, 200),
			Status: status, Detail: shortened(said.Detail, 1000), RequestID: header.Get("X-Request-Id")})
	}
	return errors.Join(noteErr, message.WriteJSON(w, status, contentType, said))
}

func shortened(text string, letters int) string {
	if runes := []rune(text); len(runes) > letters {
		return string(runes[:letters]) + "…"
	}
	return text
}

// sentence is what an error says to its reader, and its kind: only our own refusals are written for one.
func sentence(status int, err error) (detail, kind string) {
	var unread *failure
	var refusal *access.Error
	switch {
	case errors.As(err, &unread):
		return unread.detail, unread.kind
	case errors.As(err, &refusal):
		switch {
		case status == http.StatusBadRequest:
			kind = invalidValue
		case refusal.Field != "" && errors.Is(err, access.ErrConflict):
			kind = uniqueness
		}
		return refusal.Message, kind
	}
	switch status {
	case http.StatusUnauthorized:
		return "Send a token for provisioning that works, as in: Authorization: Bearer gh_…", ""
	case http.StatusNotFound:
		return "There is nothing here, or nothing that this organization's provider may know of.", ""
	case http.StatusServiceUnavailable:
		return "Gatehouse cannot reach its database right now. Send the same request again in a moment.", ""
	case http.StatusInternalServerError:
		return "Something went wrong here. The log names the cause under this request's id.", ""
	}
	return http.StatusText(status) + ".", ""
}
