package views

import (
	"context"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/a-h/templ"

	"gatehouse/access"
)

// A phrase is a piece of a sentence: plain text, a link, or a name that stands out.
type phrase struct {
	text   string
	path   string
	strong bool
}

func text(format string, args ...any) phrase { return phrase{text: fmt.Sprintf(format, args...)} }

// strong is a name without a page of its own.
func strong(name string) phrase { return phrase{text: name, strong: true} }

// sentence renders phrases without any space between them: templ's formatter would eat or add some.
func sentence(phrases []phrase) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for _, p := range phrases {
			escaped := html.EscapeString(p.text)
			switch {
			case p.path != "":
				fmt.Fprintf(&out, `<a href="%s">%s</a>`, html.EscapeString(p.path), escaped)
			case p.strong:
				fmt.Fprintf(&out, "<strong>%s</strong>", escaped)
			default:
				out.WriteString(escaped)
			}
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// named is a thing's name, as a link where it has a page.
func named(org string, ref access.Ref) phrase {
	name := ref.Name
	if name == "" {
		name = "something that is gone"
	}
	if path := RefPath(org, ref); path != "" {
		return phrase{text: name, path: path}
	}
	return strong(name)
}

// pathSentence tells one reason for which a person has rights: "Ana → Quant → Editor on Alpha → Viewer on this package".
func pathSentence(org, person string, resource access.Ref, path access.Path) []phrase {
	here := text("%s.", path.Reaches(access.Kind(resource.Type)))
	if path.Source == access.ByOwner {
		verb := "owns"
		if person == you {
			verb = "own"
		}
		return []phrase{text("%s %s ", person, verb), named(org, path.Place), here}
	}
	phrases := []phrase{text("%s", person)}
	for _, via := range path.Via {
		phrases = append(phrases, text(" → "), named(org, via))
	}
	if path.Source == access.ByMode {
		return append(phrases, text(" → %s for %s, by the access mode of ", path.Role.Title, path.LetsIn()), named(org, path.Place), here)
	}
	return append(phrases, text(" → %s on ", path.Role.Title), named(org, path.Place), here)
}

// reason is the short form of a path, for a cell of a table.
func reason(org string, path access.Path) []phrase {
	place := []phrase{}
	if path.Inherited {
		place = []phrase{text(" on "), named(org, path.Place)}
	}
	switch {
	case path.Source == access.ByOwner && path.Inherited:
		return []phrase{text("Owns "), named(org, path.Place)}
	case path.Source == access.ByOwner:
		return []phrase{text("Owner")}
	case path.Source == access.ByMode:
		return append([]phrase{text("%s access", path.Mode.Title())}, place...)
	case len(path.Via) > 0:
		return append([]phrase{text("Through "), named(org, path.Via[len(path.Via)-1])}, place...)
	}
	return append([]phrase{text("Direct")}, place...)
}

// trail writes the groups between a person and a group: "Quant → Research".
func trail(org string, through []access.Ref) []phrase {
	var phrases []phrase
	for i, ref := range through {
		if i > 0 {
			phrases = append(phrases, text(" → "))
		}
		phrases = append(phrases, named(org, ref))
	}
	return phrases
}
