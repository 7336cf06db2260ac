package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// An answer is what came back.
type answer struct {
	t       testing.TB
	asked   string
	status  int
	header  http.Header
	body    string
	cookies []*http.Cookie
}

// An option changes a request before it is sent.
type option func(*http.Request)

func header(name, value string) option {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

// partial is what htmx sends.
func partial(r *http.Request) { r.Header.Set("HX-Request", "true") }

// with a cookie of a session that is not an actor's.
func cookie(token string) option {
	return func(r *http.Request) {
		r.Header.Del("Cookie")
		r.AddCookie(&http.Cookie{Name: "gatehouse", Value: token})
	}
}

func (w *world) get(actor, path string, options ...option) *answer {
	return w.ask(actor, http.MethodGet, path, "", options...)
}

func (w *world) post(actor, path, form string, options ...option) *answer {
	return w.ask(actor, http.MethodPost, path, form, options...)
}

// ask sends a request as an actor, the way a browser on our own pages does. Names in braces in path and form stand for
// ids.
func (w *world) ask(actor, method, path, form string, options ...option) *answer {
	w.t.Helper()
	return w.send(actor, method, w.fillIn(path), w.fillIn(form), options...)
}

func (w *world) send(actor, method, path, form string, options ...option) *answer {
	w.t.Helper()
	var body io.Reader
	kind := "application/x-www-form-urlencoded"
	if form != "" {
		body = strings.NewReader(form)
	}
	if method == http.MethodPost && (strings.HasSuffix(path, "/artifacts") || strings.HasSuffix(path, "/file")) {
		body, kind = multipartOf(w.t, form)
	}
	target, err := url.ParseRequestURI(path)
	if err != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest(method, "http://gatehouse.test/", body)
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI = target.Path, target.RawPath, target.RawQuery, path
	r.RemoteAddr = w.address
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != "" {
		r.Header.Set("Content-Type", kind)
	}
	if token := w.tokens[actor]; token != "" {
		r.AddCookie(&http.Cookie{Name: "gatehouse", Value: token})
	}
	for _, change := range options {
		change(r)
	}
	recorder := httptest.NewRecorder()
	w.server.ServeHTTP(recorder, r)
	result := recorder.Result()
	return &answer{t: w.t, asked: actor + ": " + method + " " + path, status: result.StatusCode, header: result.Header,
		body: recorder.Body.String(), cookies: result.Cookies()}
}

// multipartOf writes a form as a browser does that uploads a file: its field file is the content of one, which stands last.
func multipartOf(t testing.TB, form string) (io.Reader, string) {
	t.Helper()
	values, _ := url.ParseQuery(form)
	var body bytes.Buffer
	to := multipart.NewWriter(&body)
	for name := range values {
		if name != "file" {
			_ = to.WriteField(name, values.Get(name))
		}
	}
	if values.Has("file") {
		part, err := to.CreateFormFile("file", "uploaded.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(values.Get("file")))
	}
	_ = to.Close()
	return &body, to.FormDataContentType()
}

// form writes name, value pairs as a browser does.
func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// must fails unless the answer has this status.
func (a *answer) must(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("%s: %d, not %d\n%s", a.asked, a.status, status, a.text())
	}
	return a
}

// leadsTo fails unless the answer leads a browser to this path.
func (a *answer) leadsTo(path string) *answer {
	a.t.Helper()
	if a.must(http.StatusSeeOther); a.location() != path {
		a.t.Errorf("%s leads to %q, not %q", a.asked, a.location(), path)
	}
	return a
}

func (a *answer) location() string { return a.header.Get("Location") }

// says fails unless a sentence stands on the page.
func (a *answer) says(sentence string) *answer {
	a.t.Helper()
	if !strings.Contains(a.text(), sentence) {
		a.t.Errorf("%s does not say %q:\n%s", a.asked, sentence, a.text())
	}
	return a
}

// holds fails unless the answer has this text anywhere, in an attribute say.
func (a *answer) holds(text string) *answer {
	a.t.Helper()
	if !strings.Contains(a.body, text) {
		a.t.Errorf("%s does not hold %q", a.asked, text)
	}
	return a
}

func (a *answer) saysNothingOf(words string) *answer {
	a.t.Helper()
	if strings.Contains(a.body, words) {
		a.t.Errorf("%s mentions %q", a.asked, words)
	}
	return a
}

// session is the token that the answer sets, if it sets one.
func (a *answer) session() string {
	for _, cookie := range a.cookies {
		if strings.HasSuffix(cookie.Name, "gatehouse") {
			return cookie.Value
		}
	}
	return ""
}

// page is the answer as a browser reads it.
func (a *answer) page() *html.Node {
	a.t.Helper()
	root, err := html.Parse(bytes.NewBufferString(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return root
}

// elements visits every element of the page.
func (a *answer) elements(visit func(*html.Node)) {
	var walk func(*html.Node)
	walk = func(node *html.Node) {
		if node.Type == html.ElementNode {
			visit(node)
		}
		for child := node.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	walk(a.page())
}

// field is what the first field of a name would post.
func (a *answer) field(name string) (value string) {
	a.t.Helper()
	found := false
	a.elements(func(node *html.Node) {
		if !found && node.Data == "input" && attribute(node, "name") == name {
			value, found = attribute(node, "value"), true
		}
	})
	if !found {
		a.t.Errorf("%s has no field %s", a.asked, name)
	}
	return value
}

// text is what stands on the page, what is typed in its fields included, its spaces made one.
func (a *answer) text() string {
	var text strings.Builder
	var walk func(*html.Node)
	walk = func(node *html.Node) {
		switch {
		case node.Type == html.TextNode:
			text.WriteString(node.Data + " ")
		case node.Type == html.ElementNode && (node.Data == "script" || node.Data == "style"):
			return
		case node.Type == html.ElementNode && (node.Data == "input" || node.Data == "option"):
			text.WriteString(attribute(node, "value") + " ")
		}
		for child := node.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	walk(a.page())
	return strings.Join(strings.Fields(text.String()), " ")
}

func attribute(node *html.Node, name string) string {
	for _, attribute := range node.Attr {
		if attribute.Key == name {
			return attribute.Val
		}
	}
	return ""
}

func mustParse(address string) *url.URL {
	parsed, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return parsed
}
