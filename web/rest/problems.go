package rest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"gatehouse/access"
	"gatehouse/web/bearer"
	"gatehouse/web/message"
)

// A Problem is what is wrong with a request (RFC 9457).
type Problem struct {
	Type      string `json:"type" doc:"Tells kinds of problems apart: urn:gatehouse:problem: and a word."`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail" doc:"A sentence for a person."`
	Field     string `json:"field,omitempty" doc:"The member, parameter or header at fault, if it is one."`
	RequestID string `json:"request_id" doc:"The server's log names the request by it."`
}

// A failure is a request that cannot be read as one of this API: no rule was asked.
type failure struct {
	status        int
	field, detail string
}

func (f *failure) Error() string { return f.detail }

func malformed(field, format string, args ...any) error {
	return &failure{http.StatusBadRequest, field, fmt.Sprintf(format, args...)}
}

// kinds are the kinds of problems by status.
var kinds = map[int]struct{ word, title string }{
	http.StatusBadRequest:            {"malformed", "The request is not the shape"},
	http.StatusUnauthorized:          {"unauthenticated", "The token does not work"},
	http.StatusForbidden:             {"denied", "Not allowed"},
	http.StatusNotFound:              {"not-found", "Not found"},
	http.StatusMethodNotAllowed:      {"method-not-allowed", "This cannot be done here"},
	http.StatusConflict:              {"conflict", "It does not fit what is there"},
	http.StatusPreconditionFailed:    {"stale", "It was changed in the meantime"},
	http.StatusRequestEntityTooLarge: {"too-large", "The body is too large"},
	http.StatusUnsupportedMediaType:  {"media-type", "The body is not JSON"},
	http.StatusUnprocessableEntity:   {"invalid", "A value cannot be taken"},
	http.StatusPreconditionRequired:  {"precondition-required", "If-Match is missing"},
	http.StatusServiceUnavailable:    {"unavailable", "Not available right now"},
	http.StatusInternalServerError:   {"internal", "Something went wrong"},
}

// Status is the status of an error here, where a page would answer with another.
func Status(status int, err error) int {
	var unread *failure
	switch {
	case errors.As(err, &unread):
		return unread.status
	case access.IsStale(err):
		return http.StatusPreconditionFailed
	}
	return status
}

// AnswerError answers a request that failed.
func AnswerError(w http.ResponseWriter, status int, err error) error {
	header := w.Header()
	bearer.Explain(header, status)
	kind, known := kinds[status]
	if !known {
		kind.word, kind.title = "other", http.StatusText(status)
	}
	said := Problem{Type: "urn:gatehouse:problem:" + kind.word, Title: kind.title, Status: status, RequestID: header.Get("X-Request-Id")}
	said.Detail, said.Field = sentence(status, err)
	return message.WriteJSON(w, status, "application/problem+json", said)
}

// sentence is what an error says to its reader, and the field at fault: only our own refusals are written for one.
func sentence(status int, err error) (detail, field string) {
	var unread *failure
	var refusal *access.Error
	switch {
	case access.IsStale(err):
		return "Somebody else changed it in the meantime, so nothing was done. Read it again, and send its ETag as If-Match.", "If-Match"
	case errors.As(err, &unread):
		return unread.detail, unread.field
	case errors.As(err, &refusal):
		return refusal.Message, refusal.Field
	}
	switch status {
	case http.StatusUnauthorized:
		return "Send an API token that works, as in: Authorization: Bearer gh_…", ""
	case http.StatusNotFound:
		return "There is nothing here, or nothing that this token's maker may know of.", ""
	case http.StatusServiceUnavailable:
		return "Gatehouse cannot reach its database right now. Send the same request again in a moment; with an Idempotency-Key it is carried out once.", ""
	case http.StatusInternalServerError:
		return "Something went wrong here. The log names the cause under this request's id.", ""
	}
	return http.StatusText(status) + ".", ""
}

// list writes names in a sentence.
func list(names []string) string {
	slices.Sort(names)
	return strings.Join(names, ", ")
}
