package views

import (
	"net/url"
	"slices"
	"strings"
)

// A Pager is the line under a list: "51–100 of 1,204" and the ways on and back.
type Pager struct {
	First int    // number of the first row shown, from 1; 0 where nothing is shown
	Last  int    // number of the last row shown
	Total int    // rows that match
	More  bool   // there are more than are shown, and nobody counted them
	After string // the cursor of this page; empty on the first one
	Trail Trail
	Next  string // the cursor of the next page; empty on the last one
}

// A Trail is the cursors of the pages by which somebody came to one, the oldest first; that of the first page is empty. A
// cursor only leads on, so the links carry the way back.
type Trail []string

// What a trail holds at most, in pages and in bytes. Of a longer way the last part is known.
const (
	longestTrail = 20
	widestTrail  = 2000
)

// TrailOf reads the trail in a link. What is none is empty: each cursor must be known, and only the first page has none.
func TrailOf(sent []string, known func(cursor string) bool) Trail {
	for i, cursor := range sent {
		if cursor == "" && i > 0 || cursor != "" && !known(cursor) {
			return nil
		}
	}
	if !Trail(sent).fits() {
		return nil
	}
	return sent
}

func (t Trail) fits() bool { return len(t) <= longestTrail && len(strings.Join(t, "")) <= widestTrail }

// and is the trail of the page that follows the one with this cursor.
func (t Trail) and(cursor string) Trail {
	longer := append(slices.Clone(t), cursor)
	for !longer.fits() {
		longer = longer[1:]
	}
	return longer
}

// A turn is a link or button that leads to another page of a list.
type turn struct {
	id, label string
	after     string
	trail     Trail
}

// turning is how a list calls its pages.
type turning struct{ cursor, first, previous, next string }

var (
	ofList = turning{"after", "First page", "Previous page", "Next page"}
	ofLog  = turning{"before", "Newest", "Newer", "Older"}
)

// turns are the ways from a page, as far as they are known: a link that somebody kept may have no trail.
func (p Pager) turns(words turning) []turn {
	var turns []turn
	back := len(p.Trail) - 1
	if p.After != "" && (back < 0 || p.Trail[back] != "") {
		turns = append(turns, turn{id: "first-page", label: words.first})
	}
	if p.After != "" && back >= 0 {
		turns = append(turns, turn{"previous-page", words.previous, p.Trail[back], p.Trail[:back]})
	}
	if p.Next != "" {
		turns = append(turns, turn{"next-page", words.next, p.Next, p.Trail.and(p.After)})
	}
	return turns
}

// here is the page itself, of a list whose first page has this path.
func (p Pager) here(first string) string {
	return turn{after: p.After, trail: p.Trail}.path(first, ofList.cursor)
}

// path is where a turn leads in a list whose first page has this path.
func (t turn) path(first, cursor string) string {
	path, filters, _ := strings.Cut(first, "?")
	values, _ := url.ParseQuery(filters)
	for name, value := range t.fields(cursor) {
		values[name] = value
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// fields are what a link says of the page to which it leads; the first page needs nothing.
func (t turn) fields(cursor string) url.Values {
	values := url.Values{}
	if t.after != "" {
		values.Set(cursor, t.after)
		if len(t.trail) > 0 {
			values["trail"] = t.trail
		}
	}
	return values
}

func (p Pager) total() string {
	if p.More {
		return "more than " + number(p.Last)
	}
	return number(p.Total)
}
