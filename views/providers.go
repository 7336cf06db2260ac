package views

import "gatehouse/access"

// Provider sets an organization's single sign-on. It posts issuer, client_id, client_secret, enabled, required, break_glass and
// version.
type Provider struct {
	Org, OrgName string
	Shown        access.Provider // as typed
	Exists       bool            // it was set up before
	NoVault      bool            // the server has no key to keep the client secret under
	RedirectURL  string          // to register at the provider
	Link         string          // that members can keep
	Version      int64
	Test         *ProviderTest
	Problems     Problems
}

// A ProviderTest is how asking the provider went.
type ProviderTest struct{ Problem string }

// SignOns finds the single sign-on of somebody's organization. It posts who and next.
type SignOns struct {
	Who      string // an address, or an organization's short name
	Next     string
	Several  []string // organizations, by slug: the one that the browser used last, or those of a person who has several
	Problems Problems
}

// SignOn is where somebody signs in with the single sign-on of an organization.
type SignOn struct {
	Org     string // its slug: whoever asks may be nobody there
	Next    string
	Known   string // the address of whoever is signed in
	Needed  bool   // and is a member whom the organization lets in through it only
	Missing bool   // there is none
	Problem string
}

func (s SignOn) title() string {
	switch {
	case s.Missing:
		return "There is no single sign-on here"
	case s.Problem != "":
		return "You are not signed in"
	}
	return "Sign in to " + s.Org
}
