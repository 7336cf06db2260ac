package rest

import (
	"encoding/json"
	"net/http"
	"strconv"

	"gatehouse/db"
	"gatehouse/web/etag"
	"gatehouse/web/message"
)

// An Answer is what a handler made.
type Answer struct {
	Status int
	Tag    string          // the ETag; empty for one that is made of the body
	Body   json.RawMessage // none for 204
}

// answer is a body with its status.
func answer(status int, body any) (Answer, error) {
	text, err := json.Marshal(body)
	return Answer{Status: status, Body: text}, err
}

// found answers with what was asked for, created with what was made.
func found(body any) (Answer, error)   { return answer(http.StatusOK, body) }
func created(body any) (Answer, error) { return answer(http.StatusCreated, body) }

// gone answers a removal.
func gone() (Answer, error) { return Answer{Status: http.StatusNoContent}, nil }

// of adds the version of a resource's access list, with which it can be changed.
func (a Answer) of(version int64) Answer {
	a.Tag = strconv.Quote(strconv.FormatInt(version, 10))
	return a
}

// tag is the answer's ETag. One that is made of the body is weak: it tells only that nothing that is shown has changed.
func (a Answer) tag() string {
	if a.Tag != "" || a.Body == nil {
		return a.Tag
	}
	return etag.Weak(a.Body)
}

// List is one page of a list. Next is the cursor of the next page, empty at the end.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"Send it as after to read on; empty at the end."`
}

// listOf answers with a page of what the Store listed, each row as show shows it.
func listOf[R, T any](rows []R, next string, show func(R) T) (Answer, error) {
	list := List[T]{Items: make([]T, len(rows)), Next: next}
	for i, row := range rows {
		list.Items[i] = show(row)
	}
	return found(list)
}

func pageOf[R, T any](listing db.Listing[R], err error, show func(R) T) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	return listOf(listing.Rows, listing.Next, show)
}

// send answers a request; a GET whose sender has this very answer already gets none.
func send(w http.ResponseWriter, r *http.Request, made Answer) error {
	if tag := made.tag(); tag != "" && (r.Method == http.MethodGet || made.Tag != "") && etag.Known(w, r, tag) {
		return nil
	}
	if made.Body == nil {
		w.WriteHeader(made.Status)
		return nil
	}
	return message.Write(w, made.Status, "application/json", made.Body)
}
