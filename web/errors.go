package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
	"gatehouse/web/api"
	"gatehouse/web/rest"
	"gatehouse/web/scim"
)

// statuses is the one table from a kind of error to its status.
var statuses = []struct {
	kind   error
	status int
}{
	{access.ErrInvalid, http.StatusUnprocessableEntity},
	{access.ErrUnauthenticated, http.StatusUnauthorized},
	{access.ErrDenied, http.StatusForbidden},
	{access.ErrNotFound, http.StatusNotFound},
	{access.ErrConflict, http.StatusConflict},
	{access.ErrTooLarge, http.StatusRequestEntityTooLarge},
	{access.ErrBusy, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable},
}

// statusOf finds the status of an error. What nobody foresaw is 500, and 503 where the database is out of reach.
func statusOf(err error) int {
	for _, row := range statuses {
		if errors.Is(err, row.kind) {
			return row.status
		}
	}
	var fromEcho *echo.HTTPError
	switch {
	case errors.As(err, &fromEcho):
		return fromEcho.Code
	case db.Unreachable(err):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// answerError answers every request that failed: its reader gets what to do, the log gets the cause.
func (s *Server) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, answer := s.answerOf(c, err)
	if status >= 500 {
		s.log.Error("request failed", "id", idOf(c), "method", c.Request().Method, "route", c.Path(), "status", status, "cause", err)
	}
	if status == http.StatusServiceUnavailable {
		c.Response().Header().Set("Retry-After", "5")
	}
	if answer != nil {
		if err := answer(); err != nil {
			s.log.Error("the error's answer failed", "id", idOf(c), "cause", err)
		}
		return
	}
	r, ok := c.Get(requestKey).(*request)
	if !ok {
		r = &request{Context: c, server: s}
	}
	if err := r.answerError(status, err); err != nil {
		s.log.Error("the error page failed", "id", idOf(c), "cause", err)
	}
}

// answerOf is the status of an error under the path of a request, and the answer where that path is a service's.
func (s *Server) answerOf(c echo.Context, err error) (status int, answer func() error) {
	status = statusOf(err)
	switch path := c.Request().URL.Path; {
	case api.Owns(path):
		return status, func() error { return api.AnswerError(c.Response(), status, err) }
	case rest.Owns(path):
		status = rest.Status(status, err)
		return status, func() error { return rest.AnswerError(c.Response(), status, err) }
	case scim.Owns(path):
		status = scim.Status(status, err)
		return status, func() error { return s.scim.AnswerError(c.Response(), c.Request(), status, err) }
	}
	return status, nil
}

func (r *request) answerError(status int, err error) error {
	if r.Request().Method == http.MethodHead {
		return r.NoContent(status)
	}
	if status == http.StatusUnauthorized {
		return r.askToSignIn()
	}
	shown := views.Error{Status: status, Message: sentence(status, err), Home: views.RootPath()}
	if status >= http.StatusInternalServerError { // the log has more to say about it
		shown.RequestID = idOf(r)
	}
	var closed notOpen
	if errors.As(err, &closed) {
		shown.Ask = closed.ask
	}
	if r.partial() {
		return r.send(status, views.ErrorPart(shown))
	}
	if r.user != nil && status <= http.StatusInternalServerError { // the frame asks the database, which 503 says is out of reach
		page, err := r.framed(shown)
		if err == nil {
			return r.HTML(status, page)
		}
		r.server.log.Error("the error page has no frame", "id", idOf(r), "cause", err)
	}
	return r.send(status, views.ErrorPage(views.Frame{Title: http.StatusText(status), RequestID: idOf(r)}, shown))
}

// framed draws an error for somebody who is signed in, in the frame that their pages have. What went wrong may go wrong here
// again, a panic too: then there is no frame.
func (r *request) framed(shown views.Error) (page string, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("panic: %v", recovered)
		}
	}()
	frame, err := r.frame(http.StatusText(shown.Status))
	if err != nil {
		return "", err
	}
	if frame.Org != nil {
		shown.Home, shown.HomeTitle = views.HomePath(frame.Org.Slug), "Projects"
	}
	return r.render(views.ErrorPage(frame, shown))
}

// sentence is what an error says to its reader: only our own refusals are written for one.
func sentence(status int, err error) string {
	var refusal *access.Error
	if errors.As(err, &refusal) {
		return refusal.Message
	}
	if status == http.StatusServiceUnavailable {
		return "Gatehouse cannot reach its database right now. Try again in a moment."
	}
	return ""
}

// askToSignIn leads to the sign-in page and back; a part cannot show a form, so it makes the whole page go there.
func (r *request) askToSignIn() error {
	next := r.Request().URL.RequestURI()
	if r.Request().Method != http.MethodGet {
		next = ""
	}
	if r.partial() {
		r.Response().Header().Set("HX-Redirect", views.SignInPath(""))
		return r.NoContent(http.StatusUnauthorized)
	}
	return r.Redirect(http.StatusSeeOther, views.SignInPath(next))
}

// refused answers a form that was refused: the same form, what was typed in it, and the sentence beside its field. Other
// errors go on to answerError.
func (r *request) refused(err error, form func(views.Problems) page) error {
	switch {
	case errors.Is(err, access.ErrInvalid):
		return r.show(http.StatusUnprocessableEntity, form(views.ProblemsOf(err)))
	case errors.Is(err, access.ErrConflict):
		return r.show(http.StatusConflict, form(views.ProblemsOf(err)))
	case errors.Is(err, access.ErrTooLarge):
		return r.show(http.StatusRequestEntityTooLarge, form(views.ProblemsOf(err)))
	}
	return err
}
