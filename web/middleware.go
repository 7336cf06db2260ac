package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
)

const (
	readyTimeout = time.Second
	maxBody      = 1 << 20 // bytes of a form
)

// requestID names the request in the log, in the audit log and to the reader of an error.
func requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if id == "" || len(id) > 64 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
			bytes := make([]byte, 8)
			_, _ = rand.Read(bytes)
			id = hex.EncodeToString(bytes)
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func idOf(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// logged counts each request and writes a line for it, without its query: that may hold what people typed.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		if s.options.Metrics != nil {
			s.options.Metrics.Observe(c.Request().Method, c.Path(), c.Response().Status, time.Since(start))
		}
		if !s.log.Enabled(c.Request().Context(), slog.LevelDebug) {
			return nil
		}
		s.log.Debug("request", "id", idOf(c), "method", c.Request().Method, "route", c.Path(), "status", c.Response().Status,
			"ms", time.Since(start).Milliseconds())
		return nil
	}
}

// recovered turns a panic into an error whose cause is in the log.
func (s *Server) recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			recovered := recover()
			if cut, ok := recovered.(cutOff); ok {
				s.log.Error("an answer was broken off", "id", idOf(c), "error", cut.cause)
				panic(http.ErrAbortHandler)
			}
			if recovered != nil {
				err = fmt.Errorf("panic: %v\n%s", recovered, debug.Stack())
			}
		}()
		return next(c)
	}
}

// secured sets the headers that every answer has. Answers share their values, which nobody changes in place.
func secured(https bool) echo.MiddlewareFunc {
	always := http.Header{
		"Content-Security-Policy":      {"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"},
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Cache-Control":                {"no-store"},
		"Vary":                         {"HX-Request"},
	}
	if https {
		always.Set("Strict-Transport-Security", "max-age=31536000")
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			maps.Copy(c.Response().Header(), always)
			return next(c)
		}
	}
}

// sameOrigin refuses what another site makes a browser send, and a form that does not say where it comes from: every
// browser does.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		r := c.Request()
		if isService(r.URL.Path) { // services send no cookie, so nobody can lend them a browser's
			return next(c)
		}
		if unsafe := r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions; unsafe &&
			r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" || protection.Check(r) != nil {
			return access.Denied("This request came from another site, so it was not carried out.")
		}
		return next(c)
	}
}

// readable refuses what is no text before it reaches a handler: a NUL or broken UTF-8 can be stored nowhere.
func (s *Server) readable(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		limit := int64(maxBody)
		if isUpload(c) { // its file is never held in memory (files.go)
			limit += s.options.MaxFile
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
		if isService(r.URL.Path) { // which send no forms, and read what they take themselves
			return next(c)
		}
		if err := r.ParseForm(); err != nil {
			return access.Invalid("", "This request could not be read. It may be too large.")
		}
		texts := []string{r.URL.Path}
		for name, values := range r.Form {
			texts = append(append(texts, name), values...)
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return access.Invalid("", "This request holds characters that are no text.")
			}
		}
		return next(c)
	}
}
