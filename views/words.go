package views

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gatehouse/access"
)

// number writes an integer with a comma at the thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// count writes a number with its noun: "1 person", "12 people".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

func people(n int) string { return count(n, "person", "people") }

// list joins words as a sentence does: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// capital writes a stored word as pages do: "admin" becomes "Admin".
func capital(word string) string {
	if word == "" {
		return ""
	}
	letters := []rune(word)
	return string(unicode.ToUpper(letters[0])) + string(letters[1:])
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	name, _, _ = strings.Cut(name, "@")
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "?"
	}
	first := string([]rune(words[0])[:1])
	if len(words) > 1 {
		first += string([]rune(words[len(words)-1])[:1])
	}
	return strings.ToUpper(first)
}

// tint chooses one of twelve colours by an id, as a css class.
func tint(id access.ID) string {
	hash := fnv.New32a()
	hash.Write([]byte(id))
	return fmt.Sprintf("tint-%d", hash.Sum32()%12)
}

// now is the clock, which the tests hold still.
var now = time.Now

// ago says how long a time lies back or ahead, in words.
func ago(at time.Time) string {
	span := now().Sub(at)
	if span < 0 {
		return "in " + length(-span)
	}
	if span < time.Minute {
		return "just now"
	}
	return length(span) + " ago"
}

// length is a duration in its largest unit.
func length(span time.Duration) string {
	days := int(span.Hours() / 24)
	switch {
	case span < time.Hour:
		return count(max(1, int(span.Minutes())), "minute", "minutes")
	case days < 1:
		return count(int(span.Hours()), "hour", "hours")
	case days < 14:
		return count(days, "day", "days")
	case days < 60:
		return count(days/7, "week", "weeks")
	case days < 730:
		return count(days/30, "month", "months")
	}
	return count(days/365, "year", "years")
}

func machineTime(at time.Time) string { return at.UTC().Format(time.RFC3339) }
func fullTime(at time.Time) string    { return at.UTC().Format("2 January 2006, 15:04 UTC") }
func inputTime(at time.Time) string   { return at.UTC().Format("2006-01-02T15:04") }

// inputTimeOf is the value of an expiry field: empty for none.
func inputTimeOf(at *time.Time) string {
	if at == nil {
		return ""
	}
	return inputTime(*at)
}

func past(at *time.Time) bool { return at != nil && at.Before(now()) }

// kindIcon names the icon of a Ref's type.
func kindIcon(kind string) string {
	switch kind {
	case "user", "invitation":
		return "user"
	case "group":
		return "group"
	case "page":
		return "chevron-right"
	case string(access.Organization):
		return "building"
	case string(access.Module):
		return "layers"
	case string(access.Project):
		return "folder"
	case string(access.Dataset):
		return "database"
	case string(access.Constant):
		return "hash"
	case string(access.Secret):
		return "key"
	case string(access.Bucket):
		return "archive"
	case string(access.Artifact):
		return "file"
	case string(access.Release):
		return "open"
	case string(access.Analysis):
		return "chart"
	case string(access.Connection):
		return "plug"
	}
	return "box"
}

// kinds is the plural of a kind, as pages write it.
func kinds(kind access.Kind) string {
	if kind == access.Analysis {
		return "Analyses"
	}
	return capital(string(kind)) + "s"
}

// modeIcon names the icon of an access mode.
func modeIcon(mode access.Mode) string {
	switch mode {
	case access.Restricted:
		return "lock"
	case access.OrganizationMode:
		return "building"
	case access.Public:
		return "id"
	}
	return "globe"
}

// consequence says in a line whom a mode lets in.
func consequence(mode access.Mode, organization, container string) string {
	switch mode {
	case access.Restricted:
		if container != "" {
			return "Only people added here, and those who have access to " + container + "."
		}
		return "Only the owner and people who are added here."
	case access.OrganizationMode:
		return "Every active member of " + organization + "."
	case access.Public:
		return "Also everybody who has an account on this server. They can view it."
	}
	return "Anyone on the internet can view it, without signing in."
}

// modeSummary is the sentence of a mode to those who read it. The container is the project, or what else lets people in from above.
func modeSummary(mode access.Mode, role, organization, container string) string {
	switch mode {
	case access.Restricted:
		if container != "" {
			return "Those who can open " + container + ", and people who were added here."
		}
		return "Only people who were given access can open it."
	case access.OrganizationMode:
		return "Everyone at " + organization + " is " + article(role) + " here."
	case access.Public:
		return "Everyone who is signed in to this server can view it."
	}
	return "Anyone on the internet can view it."
}

// article puts "a" or "an" before a role's name.
func article(word string) string {
	if strings.ContainsRune("AEIOUaeiou", []rune(word + "x")[0]) {
		return "an " + word
	}
	return "a " + word
}

func roleTitle(kind access.Kind, name string) string {
	if role, err := access.FindRole(kind, name); err == nil {
		return role.Title
	}
	return capital(name)
}

func statusTitle(status access.Status) string { return capital(string(status)) }

// plain writes an integer as programs read it.
func plain(n int) string { return strconv.Itoa(n) }
