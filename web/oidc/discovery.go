package oidc

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Check asks a provider anew what it says of itself. Nil means that it can be used; anything else is a *Problem.
func (c *Client) Check(ctx context.Context, issuer string) error {
	c.mu.Lock()
	delete(c.found, issuer)
	c.mu.Unlock()
	_, err := c.discover(ctx, issuer)
	return err
}

// ask fetches a provider's discovery document and refuses one that cannot be used.
func (c *Client) ask(ctx context.Context, issuer string) (discovery, error) {
	ctx, cancel := context.WithTimeout(ctx, together)
	defer cancel()
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http), issuer)
	if err != nil {
		return discovery{}, undiscovered(issuer, err)
	}
	found := discovery{provider: provider, until: time.Now().Add(rediscover)}
	if err := provider.Claims(&found.metadata); err != nil {
		return discovery{}, undiscovered(issuer, err)
	}
	return found, found.metadata.fit(issuer)
}

// undiscovered says why a provider could not be asked what it is.
func undiscovered(issuer string, err error) *Problem {
	var other *oidc.IssuerMismatchError
	var network net.Error
	p := &Problem{Cause: err}
	switch host := hostOf(issuer); {
	case errors.As(err, &other):
		p.Sentence = "The provider at " + issuer + " calls itself " + shortened(other.Discovered) + ". Enter that as the issuer, letter by letter, if it is the one that you mean."
	case errors.Is(err, errPrivate):
		p.Sentence = host + " lies where this server may not ask: it asks public addresses over https. The operator can name other networks (GATEHOUSE_SSO_NETWORKS)."
	case errors.Is(err, errRedirected):
		p.Sentence = host + " sends us to another address. Enter the provider's own issuer."
	case strings.Contains(err.Error(), errLong.Error()): // the library keeps the text alone
		p.Sentence = host + " answers with more than a provider has to say."
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		p.Sentence, p.Unavailable = host+" does not answer in time.", true
	case errors.As(err, &network):
		p.Sentence, p.Unavailable = host+" cannot be reached.", true
	default:
		p.Sentence, p.Unavailable = host+" gives no OpenID Connect configuration under "+strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration.", true
	}
	return p
}

// fit refuses a provider with which nobody could be signed in safely. One that does not say whether it knows PKCE gets it all
// the same: some that do know it do not say so.
func (m metadata) fit(issuer string) error {
	if len(m.Challenges) > 0 && !slices.Contains(m.Challenges, "S256") {
		return &Problem{Sentence: "This provider does not know PKCE with S256, without which nobody is signed in here.", Cause: errors.New("no S256")}
	}
	for name, address := range map[string]string{"authorization_endpoint": m.Authorization, "token_endpoint": m.Token, "jwks_uri": m.Keys} {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" || parsed.Scheme != "https" && !(parsed.Scheme == "http" && strings.HasPrefix(issuer, "http:")) {
			return &Problem{Sentence: "This provider names no address over https as its " + name + ".", Cause: errors.New(name + " is " + shortened(address))}
		}
	}
	return nil
}

// style is how the provider is told the client secret. Trying both would use up the code.
func (m metadata) style() oauth2.AuthStyle {
	if len(m.Secrets) > 0 && !slices.Contains(m.Secrets, "client_secret_basic") && slices.Contains(m.Secrets, "client_secret_post") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

func hostOf(issuer string) string {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Host == "" {
		return "The provider"
	}
	return parsed.Host
}

// shortened keeps what somebody else wrote from filling a page.
func shortened(text string) string {
	if len(text) > 200 {
		return strings.ToValidUTF8(text[:200], "") + "…"
	}
	return text
}
