package access

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Content is what a resource holds, by the names of its kind's fields. Reading it needs View. A secret's value and an
// artifact's file are kept apart (secrets.go, files.go).
type Content map[string]string

// A Field is one thing that resources of a kind hold.
type Field struct {
	Name     string // in forms and in the database
	Label    string
	Hint     string // what to write, for who fills it in
	Required bool
	Lines    int // of the form's input; 1 refuses line breaks
	Limit    int // characters
}

// Fields lists what resources of this kind hold; none for what only contains others, or keeps its content apart.
func (k Kind) Fields() []Field { return slices.Clone(fields[k]) }

var fields = map[Kind][]Field{
	Dataset: {
		{Name: "location", Label: "Location", Hint: "Where it lies, such as s3://lake/rates/ or postgres://warehouse/rates.", Required: true, Lines: 1, Limit: 1000},
		{Name: "format", Label: "Format", Hint: "Such as Parquet, CSV or a table.", Lines: 1, Limit: 100},
		{Name: "columns", Label: "Columns", Hint: "One a line: its name, then what it holds.", Lines: 6, Limit: 20000},
	},
	Constant: {
		{Name: "value", Label: "Value", Hint: "Everyone who can view the constant reads it. Keep passwords in a secret.", Required: true, Lines: 3, Limit: 20000},
	},
	Release: {
		{Name: "url", Label: "Address", Hint: "Where it runs, with https:// or http://. People open it through Gatehouse, which checks that they may.", Required: true, Lines: 1, Limit: 2000},
	},
	Analysis: {
		{Name: "text", Label: "Text", Hint: "What was asked, and what was found. Markdown is kept as it is written.", Required: true, Lines: 14, Limit: 200000},
	},
	Connection: {
		{Name: "system", Label: "System", Hint: "What is at the other end, such as PostgreSQL, Snowflake or SFTP.", Required: true, Lines: 1, Limit: 100},
		{Name: "address", Label: "Address", Hint: "Host and port, such as warehouse.example.org:5432. Never a password.", Required: true, Lines: 1, Limit: 1000},
		{Name: "secret", Label: "Secret", Hint: "The key of the secret with which one signs in there, if there is one.", Lines: 1, Limit: 200},
	},
}

// CleanContent takes from what was typed what a kind holds, and refuses what does not fit.
func CleanContent(kind Kind, typed map[string]string) (Content, error) {
	clean := Content{}
	for _, field := range fields[kind] {
		text, err := field.clean(typed[field.Name])
		if err != nil {
			return nil, err
		}
		if text != "" {
			clean[field.Name] = text
		}
	}
	switch kind {
	case Release:
		return clean, checkReleaseURL(clean["url"])
	case Connection:
		return clean, checkAddress(clean["address"])
	}
	return clean, nil
}

func (f Field) clean(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	broken := func(r rune) bool { return unicode.IsControl(r) && (f.Lines == 1 || r != '\n' && r != '\t') }
	switch {
	case text == "" && f.Required:
		return "", Invalid(f.Name, "This cannot be empty.")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, broken):
		return "", Invalid(f.Name, "This holds characters that cannot stand here.")
	case utf8.RuneCountInString(text) > f.Limit:
		return "", Invalid(f.Name, "This has more than %d characters.", f.Limit)
	}
	return text, nil
}

// checkReleaseURL lets only addresses through that a browser may be sent to, without a name and password in them.
func checkReleaseURL(text string) error {
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return Invalid("url", "Enter a whole address that begins with https:// or http://.")
	}
	if address.User != nil {
		return Invalid("url", "Leave the name and password out of the address.")
	}
	return nil
}

// checkAddress refuses an address with a password in it: whoever may view the connection would read it.
func checkAddress(text string) error {
	if _, rest, found := strings.Cut(text, "://"); found {
		text = rest
	}
	host, _, _ := strings.Cut(text, "/")
	if strings.Contains(host, "@") {
		return Invalid("address", "Leave the name and password out of the address. Name a secret instead.")
	}
	return nil
}

// Category is what stands before two underscores in a constant's name: PRICING for PRICING__RATE; empty where there is none.
func Category(name string) string {
	if category, rest, found := strings.Cut(name, "__"); found && rest != "" {
		return category
	}
	return ""
}

// editing are the rights with which the content of a kind is changed.
func (k Kind) editing() Rights {
	if k == Connection {
		return Connect
	}
	return Edit | View
}

// CanSeeContent tells whether somebody with these rights may see what a resource of this kind holds: who may view it, and who
// manages a connection.
func (k Kind) CanSeeContent(held Rights) bool {
	return held.Has(View) || k == Connection && held.Has(Connect)
}

// CanEditContent tells whether somebody with these rights may change what a resource of this kind holds.
func (k Kind) CanEditContent(held Rights) bool { return k.HoldsContent() && held.Has(k.editing()) }

// HoldsContent tells whether resources of this kind hold something of their own, rather than only other resources.
func (k Kind) HoldsContent() bool { return len(fields[k]) > 0 || k == Secret || k == Artifact }

// EditContent changes what a resource holds.
type EditContent struct {
	Resource Resource
	From, To Content
}

func (c EditContent) allowed(a Actor) error {
	if err := mayEditContent(a, c.Resource); err != nil {
		return err
	}
	if len(fields[c.Resource.Kind]) == 0 {
		return Invalid("", "A %s has no content to change.", c.Resource.Kind)
	}
	return nil
}

func mayEditContent(a Actor, resource Resource) error {
	if !a.may(resource.Rights, resource.Kind.editing()) {
		return Denied("You cannot change what %s holds.", resource.Name)
	}
	return nil
}

// Event names the fields and not what stands in them: who reads the log need not be somebody who may view the content.
func (c EditContent) Event() Event {
	changed := []string{}
	for _, field := range fields[c.Resource.Kind] {
		if c.From[field.Name] != c.To[field.Name] {
			changed = append(changed, field.Name)
		}
	}
	return Event{Action: "resource.content_changed", Target: c.Resource.Ref(), After: Facts{"changed": changed}}
}
