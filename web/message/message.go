// Package message reads what services send and writes what they get back. Its errors are sentences for whoever sent what
// is wrong; each API makes refusals of its own shape of them.
package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrTooLarge is a body larger than the server lets through, ErrUnread one that broke off.
var (
	ErrTooLarge = errors.New("The body is larger than a mebibyte.")
	ErrUnread   = errors.New("The body could not be read.")
)

// Query is a parameter behind the question mark, empty where none was sent.
func Query(r *http.Request, name string) (string, error) {
	values := r.URL.Query()[name]
	if len(values) > 1 {
		return "", fmt.Errorf("%s stands there more than once.", name)
	}
	if len(values) == 0 {
		return "", nil
	}
	if !utf8.ValidString(values[0]) || strings.ContainsRune(values[0], 0) {
		return "", fmt.Errorf("%s is no text.", name)
	}
	return values[0], nil
}

// Body reads what was sent. The server limits its size.
func Body(r *http.Request) ([]byte, error) {
	text, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrUnread
	}
	return text, nil
}

// Holds tells whether the body is of one of the media types.
func Holds(r *http.Request, types ...string) bool {
	sent := r.Header.Get("Content-Type")
	if slices.Contains(types, sent) {
		return true
	}
	media, _, err := mime.ParseMediaType(sent)
	return err == nil && slices.Contains(types, media)
}

// Write answers with a document.
func Write(w http.ResponseWriter, status int, media string, document []byte) error {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, err := w.Write(document)
	return err
}

// WriteJSON answers with a value that encodes to a JSON document.
func WriteJSON(w http.ResponseWriter, status int, media string, value any) error {
	document, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return Write(w, status, media, document)
}
