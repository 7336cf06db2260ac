package db

import (
	"net/mail"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gatehouse/access"
)

// NormalizeEmail gives the one form in which addresses are stored and compared, here and nowhere else: trimmed, NFKC, lower case.
// What is no address, or holds letters that look like others, is access.ErrInvalid for the field email.
func NormalizeEmail(typed string) (string, error) {
	folded := norm.NFKC.String(strings.TrimSpace(typed))
	email := strings.ToLower(folded)
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 || !dotted(email) {
		return "", access.Invalid("email", "%q is not an e-mail address.", typed)
	}
	for _, letter := range folded { // before they are lowered: İ would become a plain i
		if letter <= ' ' || letter > '~' {
			return "", access.Invalid("email", "%q holds letters that an address here cannot have.", typed)
		}
	}
	return email, nil
}

// EmailIn is NormalizeEmail for a field of another name.
func EmailIn(field, typed string) (string, error) {
	email, err := NormalizeEmail(typed)
	if err != nil {
		return "", access.Invalid(field, "%q is not an e-mail address.", typed)
	}
	return email, nil
}

// dotted tells whether the part after the @ is a domain with a dot, as every address on the internet has.
func dotted(email string) bool {
	_, domain, _ := strings.Cut(email, "@")
	return !strings.Contains(domain, "[") && strings.Contains(strings.Trim(domain, "."), ".")
}
