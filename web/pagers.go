package web

import (
	"net/url"
	"strconv"

	"gatehouse/db"
	"gatehouse/views"
)

// part is the page of a list for which the URL asks.
func (r *request) part() db.Page { return db.Page{After: r.QueryParam("after")} }

// paged reads a page of a list, and where that has become empty, the first.
func paged[T any](asked db.Page, read func(db.Page) (db.Listing[T], error)) (db.Listing[T], error) {
	list, err := read(asked)
	if err == nil && len(list.Rows) == 0 && asked.After != "" {
		return read(db.Page{Size: asked.Size})
	}
	return list, err
}

// pager is the line under a list, on the page for which the URL asks.
func pager[T any](r *request, list db.Listing[T]) views.Pager { return pagerAt(r.QueryParams(), list) }

// pagerAt is the line under a list, on the page that these values name. A cursor with which the list began anew is none.
func pagerAt[T any](values url.Values, list db.Listing[T]) views.Pager {
	pager := views.Pager{Last: list.From + len(list.Rows) - 1, Total: list.Total, More: list.AtLeast, Next: list.Next}
	if len(list.Rows) > 0 {
		pager.First = list.From
	}
	if list.From > 1 {
		pager.After = values.Get("after")
		pager.Trail = views.TrailOf(values["trail"], func(cursor string) bool { return db.Page{After: cursor}.Known() })
	}
	return pager
}

// eventPager is the way through the audit log, whose cursors are numbers of events.
func eventPager(r *request, before, next int64) views.Pager {
	pager := views.Pager{Next: eventCursor(next)}
	if pager.After = eventCursor(before); pager.After != "" {
		pager.Trail = views.TrailOf(r.QueryParams()["trail"], func(cursor string) bool { return eventNumber(cursor) > 0 })
	}
	return pager
}

// eventNumber reads a cursor of the audit log. What is none starts at the newest event.
func eventNumber(cursor string) int64 {
	number, _ := strconv.ParseInt(cursor, 10, 64)
	return max(0, number)
}

func eventCursor(number int64) string {
	if number == 0 {
		return ""
	}
	return strconv.FormatInt(number, 10)
}

// reportPager is the way through a report, which starts at the beginning where it does not know a cursor.
func reportPager(r *request, next string) views.Pager {
	pager := views.Pager{After: r.QueryParam("after"), Next: next}
	if pager.After != "" {
		pager.Trail = views.TrailOf(r.QueryParams()["trail"], func(string) bool { return true })
	}
	return pager
}
