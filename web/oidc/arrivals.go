package oidc

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// An App is this server as a provider knows it, for one organization.
type App struct {
	Issuer      string
	ID          string
	Secret      string
	RedirectURL string
}

// A Departure is somebody's way to a provider and back. All that the provider's answer must fit follows from the token,
// which only their browser has.
type Departure struct {
	Token string
	Again bool // they are to prove anew who they are
}

func (d Departure) derived(purpose string) string {
	mac := hmac.New(sha256.New, []byte(d.Token))
	_, _ = mac.Write([]byte(purpose))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// State is what comes back with the answer in the address.
func (d Departure) State() string { return d.derived("state") }

// Fits tells whether an answer is one to this departure.
func (d Departure) Fits(answer url.Values) bool {
	return subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(d.State())) == 1
}

func (d Departure) nonce() string    { return d.derived("nonce") }
func (d Departure) verifier() string { return d.derived("verifier") }

// A Person is what a provider says of somebody, when all of it fits.
type Person struct {
	Subject  string
	Email    string // as the provider writes it
	Verified bool   // it verified the address
	Name     string
	ProvenAt *time.Time // when they showed the provider who they are; nil where that is not known
}

// Start is the address to which somebody goes to sign in.
func (c *Client) Start(ctx context.Context, app App, departure Departure) (string, error) {
	found, err := c.discover(ctx, app.Issuer)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(departure.nonce()), oauth2.S256ChallengeOption(departure.verifier())}
	if departure.Again {
		options = append(options, oauth2.SetAuthURLParam("prompt", askAnew(app.Issuer)), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return found.configuration(app).AuthCodeURL(departure.State(), options...), nil
}

// askAnew is how a provider is told to ask for more than its own session. Google refuses the value that the standard has.
func askAnew(issuer string) string {
	if issuer == "https://accounts.google.com" {
		return "select_account"
	}
	return "login"
}

func (d discovery) configuration(app App) *oauth2.Config {
	endpoint := d.provider.Endpoint()
	endpoint.AuthStyle = d.metadata.style()
	return &oauth2.Config{ClientID: app.ID, ClientSecret: app.Secret, Endpoint: endpoint, RedirectURL: app.RedirectURL,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}
}

// Finish reads the provider's answer, as it stands in the address that it sent the browser back to. Any error is a *Problem.
func (c *Client) Finish(ctx context.Context, app App, departure Departure, answer url.Values) (Person, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, c.http), together)
	defer cancel()
	found, err := c.discover(ctx, app.Issuer)
	if err != nil {
		return Person{}, err
	}
	if err := found.fits(app, departure, answer); err != nil {
		return Person{}, err
	}
	token, err := found.configuration(app).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(departure.verifier()))
	if err != nil {
		return Person{}, unanswered(err)
	}
	claims, err := found.verify(ctx, app, departure, token)
	if err != nil {
		return Person{}, err
	}
	return claims.person(departure.Again)
}

// fits looks at what came back in the address before anything is asked of the provider.
func (d discovery) fits(app App, departure Departure, answer url.Values) error {
	switch {
	case !departure.Fits(answer):
		return disbelieved("state differs")
	case answer.Has("iss") && answer.Get("iss") != app.Issuer, d.metadata.SaysIssuer && !answer.Has("iss"):
		return disbelieved("the answer is of the issuer " + shortened(answer.Get("iss")))
	case answer.Get("error") == "access_denied":
		return &Problem{Sentence: "The provider did not let you in, or you turned back.", Cause: errors.New("access_denied")}
	case answer.Has("error"):
		return &Problem{Sentence: "The provider says that something is wrong: " + shortened(answer.Get("error")) + ". Tell an Admin of the organization.",
			Cause: errors.New(shortened(answer.Get("error") + ": " + answer.Get("error_description")))}
	case answer.Get("code") == "":
		return disbelieved("no code")
	}
	return nil
}

// disbelieved is an answer that does not fit. Its reader learns no more than that; the log has what did not fit.
func disbelieved(why string) *Problem {
	return &Problem{Sentence: "The answer of the provider does not fit what it was asked. Start again.", Cause: errors.New(shortened(why))}
}

// unanswered says why there is no token for a code.
func unanswered(err error) *Problem {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500 {
		if refused.ErrorCode == "invalid_client" {
			return &Problem{Sentence: "The provider does not accept the client ID or secret of this organization. Tell one of its Admins.", Cause: errors.New("invalid_client")}
		}
		return disbelieved("the provider refuses the code: " + strconv.Quote(refused.ErrorCode))
	}
	return &Problem{Sentence: "The provider does not answer as it should. Try again in a moment.", Unavailable: true, Cause: errors.New(shortened(err.Error()))}
}

// claims are what is read of an ID token, or of the provider's page about its person.
type claims struct {
	Subject         string   `json:"sub"`
	Authorized      string   `json:"azp"`
	Email           string   `json:"email"`
	EmailVerified   yes      `json:"email_verified"`
	DomainVerified  yes      `json:"xms_edov"` // the same, of Microsoft's Entra ID
	Name            string   `json:"name"`
	AuthenticatedAt *float64 `json:"auth_time"`
}

// yes is true only for what says so: some providers write text.
type yes bool

func (y *yes) UnmarshalJSON(text []byte) error {
	said := string(text)
	*y = said == "true" || said == `"true"` || said == "1" || said == `"1"`
	return nil
}

// verify checks the ID token: signature, issuer, audience, expiry and nonce. Where it holds no address, the provider is asked
// for one.
func (d discovery) verify(ctx context.Context, app App, departure Departure, token *oauth2.Token) (claims, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := d.provider.VerifierContext(ctx, &oidc.Config{ClientID: app.ID}).Verify(ctx, raw)
	if err != nil {
		return claims{}, unverified(ctx, err)
	}
	var said claims
	if err := id.Claims(&said); err != nil {
		return claims{}, disbelieved(err.Error())
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(departure.nonce())) != 1:
		return claims{}, disbelieved("nonce differs")
	case said.Authorized != "" && said.Authorized != app.ID, said.Authorized == "" && len(id.Audience) > 1:
		return claims{}, disbelieved("the token was made for another client")
	case id.Subject == "" || len(id.Subject) > 255:
		return claims{}, disbelieved("the subject has " + strconv.Itoa(len(id.Subject)) + " letters")
	}
	if said.Email == "" && d.metadata.UserInfo != "" {
		return d.askAbout(ctx, said, token)
	}
	return said, nil
}

func unverified(ctx context.Context, err error) *Problem {
	var expired *oidc.TokenExpiredError
	if errors.As(err, &expired) {
		return &Problem{Sentence: "What the provider says has expired already. If that goes on, its clock or that of this server is wrong.", Cause: err}
	}
	if ctx.Err() != nil || strings.Contains(err.Error(), "fetching keys") {
		return &Problem{Sentence: "The provider does not answer as it should. Try again in a moment.", Unavailable: true, Cause: err}
	}
	return disbelieved(err.Error())
}

// askAbout reads the address from the provider's page about the person, which must be about the same one.
func (d discovery) askAbout(ctx context.Context, said claims, token *oauth2.Token) (claims, error) {
	info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return claims{}, unanswered(err)
	}
	var more claims
	if err := info.Claims(&more); err != nil || more.Subject != said.Subject {
		return claims{}, disbelieved("the page about the person is about somebody else")
	}
	said.Email, said.EmailVerified, said.DomainVerified = more.Email, more.EmailVerified, more.DomainVerified
	if said.Name == "" {
		said.Name = more.Name
	}
	return said, nil
}

// maxAge is how long ago somebody who was to prove anew who they are may have done so: a code, a consent, two clocks.
const maxAge = 5 * time.Minute

// person is what the claims say. Who was to prove anew who they are did so now, unless the provider says that it was before.
func (c claims) person(again bool) (Person, error) {
	p := Person{Subject: c.Subject, Email: c.Email, Verified: bool(c.EmailVerified || c.DomainVerified), Name: c.Name}
	now := time.Now()
	switch {
	case c.AuthenticatedAt != nil:
		at := time.Unix(int64(*c.AuthenticatedAt), 0)
		if at.After(now) {
			at = now
		}
		p.ProvenAt = &at
	case again:
		p.ProvenAt = &now
	}
	if again && p.ProvenAt.Before(now.Add(-maxAge)) {
		return Person{}, &Problem{Sentence: "The provider did not ask you anew who you are. Sign out there, then try again.", Cause: errors.New("auth_time is old")}
	}
	return p, nil
}
