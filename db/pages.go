package db

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"gatehouse/access"
)

// A Page is one part of a list: at most Size rows after the opaque cursor After (empty for the first page).
type Page struct {
	After string
	Size  int // 50 if it is 0, 200 at most
}

// A Listing is a page of rows. From is the number of its first row in the whole list, counted from 1; Next is the
// cursor of the next page, empty at the end. AtLeast says that there are more than are counted in Total: what very many
// rows match is not counted.
type Listing[T any] struct {
	Rows    []T
	From    int
	Total   int
	AtLeast bool
	Next    string
}

// A position is the place of a row in a list that is sorted by name, then id.
type position struct {
	Name string    `json:"n"`
	ID   access.ID `json:"i"`
	Seen int       `json:"s"` // rows up to and with this one

	Later bool `json:"l,omitempty"` // after those that match best
}

// time is the position in a list that is sorted by time; what is none starts at the beginning.
func (at position) time() time.Time {
	instant, _ := time.Parse(time.RFC3339Nano, at.Name)
	return instant
}

func (at position) compare(other position) int {
	return cmp.Or(cmp.Compare(at.Name, other.Name), cmp.Compare(at.ID, other.ID))
}

const firstID access.ID = "00000000-0000-0000-0000-000000000000"

func (p Page) limit() int32 {
	switch {
	case p.Size <= 0:
		return 50
	case p.Size > 200:
		return 200
	}
	return int32(p.Size)
}

// cursor reads the position to go on from. What is no cursor starts at the beginning.
func (p Page) cursor() position {
	var at position
	text, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil || json.Unmarshal(text, &at) != nil || !access.IsID(string(at.ID)) || strings.ContainsRune(at.Name, 0) || at.Seen < 0 || at.Seen > 1<<31 {
		return position{ID: firstID}
	}
	return at
}

// Known tells whether the page is the first, or goes on from a cursor that some list gave.
func (p Page) Known() bool { return p.After == "" || p.cursor() != position{ID: firstID} }

func (at position) String() string {
	text, _ := json.Marshal(at) // a struct of two strings and a number always encodes
	return base64.RawURLEncoding.EncodeToString(text)
}

// fitting leaves off the row that a list without a count reads beyond its page: it says that there is a next one. The total
// is as many as are known of.
func fitting[R any](rows []R, page Page) (fit []R, total int64) {
	return rows[:min(len(rows), int(page.limit()))], int64(page.cursor().Seen + len(rows))
}

// uncounted says of a list without a count that there are more than are known of, where there is a next page.
func uncounted[T any](list Listing[T]) Listing[T] {
	list.AtLeast = list.Next != ""
	return list
}

// listing makes a page of a list out of its rows; convert gives a row, the total of the list and the row's position.
func listing[R, T any](rows []R, page Page, convert func(R) (T, int64, position)) Listing[T] {
	before := page.cursor().Seen
	list := Listing[T]{From: before + 1, Rows: make([]T, 0, len(rows))}
	for i, row := range rows {
		converted, total, at := convert(row)
		list.Rows, list.Total = append(list.Rows, converted), int(total)
		if i == len(rows)-1 && before+i+1 < list.Total {
			at.Seen = before + i + 1
			list.Next = at.String()
		}
	}
	return list
}
