package api

import (
	"errors"
	"net/http"

	"gatehouse/access"
	"gatehouse/web/bearer"
	"gatehouse/web/message"
)

// A problem is what is wrong with a request, or with one item of it.
type problem struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

type failure struct {
	Error problem `json:"error"`
}

// AnswerError answers a request that failed. The status is the one that a page would have; here a request that is not
// the shape is 400.
func AnswerError(w http.ResponseWriter, status int, err error) error {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	header := w.Header()
	bearer.Explain(header, status)
	if status == http.StatusForbidden {
		bearer.NeedScope(header, access.DecideScope)
	}
	return message.WriteJSON(w, status, "application/json", failure{problem{Status: status, Message: sentence(status, err)}})
}

// sentence is what an error says to its reader: only our own refusals are written for one.
func sentence(status int, err error) string {
	var refusal *access.Error
	if errors.As(err, &refusal) {
		return refusal.Message
	}
	switch status {
	case http.StatusUnauthorized:
		return "Send an API token that works, as in: Authorization: Bearer gh_…"
	case http.StatusServiceUnavailable:
		return "Gatehouse cannot reach its database right now. Nothing was decided. Try again in a moment."
	case http.StatusInternalServerError:
		return "Something went wrong here. Nothing was decided."
	}
	return http.StatusText(status) + "."
}
