package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"gatehouse/views"
)

// A page is what a handler shows: the part, and the page around it.
type page struct {
	title string
	whole func(views.Frame) templ.Component
	part  templ.Component
}

// pageOf makes a page of a component that takes a frame, and of its part.
func pageOf[T any](title string, whole func(views.Frame, T) templ.Component, part func(T) templ.Component, shown T) page {
	return page{title: title, part: part(shown), whole: func(frame views.Frame) templ.Component { return whole(frame, shown) }}
}

// wholePage makes a page that is never asked for in part.
func wholePage[T any](title string, whole func(views.Frame, T) templ.Component, shown T) page {
	return page{title: title, whole: func(frame views.Frame) templ.Component { return whole(frame, shown) }}
}

// show answers with the part where one was asked for, and else with the whole page.
func (r *request) show(status int, p page) error {
	if r.partial() && p.part != nil {
		return r.send(status, p.part)
	}
	frame, err := r.frame(p.title)
	if err != nil {
		return err
	}
	return r.send(status, p.whole(frame))
}

// send renders to a buffer first: a half page is never sent.
func (r *request) send(status int, component templ.Component) error {
	page, err := r.render(component)
	if err != nil {
		return err
	}
	return r.HTML(status, page)
}

func (r *request) render(component templ.Component) (string, error) {
	var page strings.Builder
	err := component.Render(r.ctx(), &page)
	return page.String(), err
}

// done answers a change that was made: where there is a page to go to, with a sentence about what was done.
func (r *request) done(path string, flash views.Flash) error {
	if r.isAt(path) {
		return r.doneInPlace(flash)
	}
	if r.session != nil && !r.session.IsNew {
		r.session.AddFlash(flash)
		if err := r.session.Save(r.Request(), r.Response()); err != nil {
			return err
		}
	}
	return r.goTo(path)
}

// doneInPlace answers a change made from the page that shows it: the sentence, and the word to read the parts again.
func (r *request) doneInPlace(flash views.Flash) error {
	header := r.Response().Header()
	header.Set("HX-Trigger", "done")
	header.Set("HX-Retarget", "#flash")
	header.Set("HX-Reswap", "innerHTML")
	return r.send(http.StatusOK, views.FlashPart(&flash))
}

// goTo sends the browser to another page, from a form or from a part.
func (r *request) goTo(path string) error {
	if r.partial() {
		r.Response().Header().Set("HX-Redirect", path)
		return r.NoContent(http.StatusOK)
	}
	return r.Redirect(http.StatusSeeOther, path)
}
