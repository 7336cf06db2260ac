package access

import (
	"errors"
	"fmt"
)

// The ways in which a request can fail for a reason that its sender can understand. Test with errors.Is.
var (
	ErrInvalid         = errors.New("invalid")
	ErrUnauthenticated = errors.New("unauthenticated")
	ErrDenied          = errors.New("denied")
	ErrNotFound        = errors.New("not found")
	ErrConflict        = errors.New("conflict")
	ErrTooLarge        = errors.New("too large")
	ErrBusy            = errors.New("busy")
)

// An Error is a refusal in words for its reader. It unwraps to one of the Err… values above.
type Error struct {
	Reason  error
	Field   string // the form field or JSON member at fault, if it is one
	Message string // a full sentence
}

func (e *Error) Error() string { return e.Message }
func (e *Error) Unwrap() error { return e.Reason }

// Invalid refuses input; field names the input at fault.
func Invalid(field, format string, args ...any) error {
	return &Error{Reason: ErrInvalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Conflict refuses what does not fit what is stored now.
func Conflict(format string, args ...any) error {
	return &Error{Reason: ErrConflict, Message: fmt.Sprintf(format, args...)}
}

// Taken refuses a name or an address that something else has; field names the input at fault.
func Taken(field, format string, args ...any) error {
	return &Error{Reason: ErrConflict, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Denied refuses what the actor may not do with a thing that the actor may know of.
func Denied(format string, args ...any) error {
	return &Error{Reason: ErrDenied, Message: fmt.Sprintf(format, args...)}
}

// Busy refuses for now what would have to wait long.
func Busy(format string, args ...any) error {
	return &Error{Reason: ErrBusy, Message: fmt.Sprintf(format, args...)}
}

// TooLarge refuses more than the server takes.
func TooLarge(field, format string, args ...any) error {
	return &Error{Reason: ErrTooLarge, Field: field, Message: fmt.Sprintf(format, args...)}
}
