package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/playwright-community/playwright-go"
)

// A watch notices what no page may do: complain on the console, throw, break the content security policy, or ask for
// something that fails.
type watch struct {
	mu       sync.Mutex
	visiting atomic.Bool  // a page is being opened, whose status the test looks at
	expected map[int]bool // statuses that the test provokes
	noticed  []string
}

func watchOver(t *testing.T, context playwright.BrowserContext) *watch {
	w := &watch{expected: map[int]bool{}}
	context.OnConsole(w.console)
	context.OnWebError(func(thrown playwright.WebError) { w.notice("the page threw %v", thrown.Error()) })
	context.OnRequestFailed(w.failure)
	context.OnResponse(w.response)
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, line := range w.noticed {
			t.Error(line)
		}
	})
	return w
}

// expects says that answers with these statuses are what the test is about.
func (w *watch) expects(statuses ...int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, status := range statuses {
		w.expected[status] = true
	}
}

func (w *watch) notice(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.noticed = append(w.noticed, fmt.Sprintf(format, args...))
}

// console takes errors and warnings. That an answer has an error's status is seen in the answer itself.
func (w *watch) console(message playwright.ConsoleMessage) {
	kind, text := message.Type(), message.Text()
	if kind != "error" && kind != "warning" || strings.HasPrefix(text, "Failed to load resource: the server responded with a status") ||
		strings.HasPrefix(text, "Response Status Error Code") {
		return
	}
	w.notice("the console says (%s): %s", kind, text)
}

// failure takes requests without an answer. Those that the page itself gave up, for a newer one, are no failures.
func (w *watch) failure(request playwright.Request) {
	if err := request.Failure(); err != nil && !strings.Contains(err.Error(), "ERR_ABORTED") {
		w.notice("%s %s failed: %v", request.Method(), request.URL(), err)
	}
}

func (w *watch) response(response playwright.Response) {
	if response.Status() < 400 || w.visiting.Load() && response.Request().IsNavigationRequest() {
		return
	}
	w.mu.Lock()
	expected := w.expected[response.Status()]
	w.mu.Unlock()
	if !expected {
		w.notice("%s %s answers %d", response.Request().Method(), response.URL(), response.Status())
	}
}
