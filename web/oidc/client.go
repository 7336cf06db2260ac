// Package oidc signs people in through an OpenID Connect provider: discovery, the way to the provider with PKCE, state and
// nonce, and what it says of whoever comes back. It decides nothing about who may come in. What a provider sends is limited
// in time and size, and providers lie at public addresses over https, or in networks that the operator named.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// What a provider may take of us.
const (
	timeout    = 5 * time.Second // for one answer
	together   = 15 * time.Second
	maxAnswer  = 1 << 20 // bytes
	rediscover = time.Hour
	retry      = 10 * time.Second // after which a provider is asked again that could not be
	maxCached  = 1000             // providers
)

// A Problem is why a provider cannot be used or an answer of it not be believed: a sentence for people, and the cause for
// the log.
type Problem struct {
	Sentence    string
	Unavailable bool // the provider's fault, and maybe over soon
	Cause       error
}

func (p *Problem) Error() string { return p.Sentence + " (" + fmt.Sprint(p.Cause) + ")" }
func (p *Problem) Unwrap() error { return p.Cause }

// A Client asks providers. It remembers for an hour what a provider says of itself.
type Client struct {
	http  *http.Client
	mu    sync.Mutex
	found map[string]discovery // by issuer
}

// A discovery is what a provider says of itself.
type discovery struct {
	provider *oidc.Provider
	metadata metadata
	until    time.Time
	failed   error // why it could not be asked; visitors cannot make us ask on and on
}

type metadata struct {
	Challenges    []string `json:"code_challenge_methods_supported"`
	Secrets       []string `json:"token_endpoint_auth_methods_supported"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Keys          string   `json:"jwks_uri"`
	UserInfo      string   `json:"userinfo_endpoint"`
	SaysIssuer    bool     `json:"authorization_response_iss_parameter_supported"`
}

// New makes a client. Networks are the private ones in which providers may lie, where http will do too.
func New(networks []*net.IPNet) *Client {
	asks := asker{plain: transport(guard{networks, false}), sealed: transport(guard{networks, true})}
	return &Client{found: map[string]discovery{}, http: &http.Client{Transport: asks, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected }}}
}

func transport(guard guard) http.RoundTripper {
	return &http.Transport{DialContext: (&net.Dialer{Timeout: timeout, Control: guard.control}).DialContext, TLSHandshakeTimeout: timeout,
		ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 20, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true}
}

var (
	errPrivate    = errors.New("the address lies in no network that the server may ask in")
	errRedirected = errors.New("the provider redirected us")
	errLong       = errors.New("the answer is too long")
)

// An asker asks over http and https, which go to different places, and cuts an answer off that is too long.
type asker struct{ plain, sealed http.RoundTripper }

func (a asker) RoundTrip(r *http.Request) (*http.Response, error) {
	to := a.sealed
	if r.URL.Scheme != "https" {
		to = a.plain
	}
	answer, err := to.RoundTrip(r)
	if err == nil {
		answer.Body = &cut{ReadCloser: answer.Body, left: maxAnswer}
	}
	return answer, err
}

type cut struct {
	io.ReadCloser
	left int
}

func (c *cut) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errLong
	}
	read, err := c.ReadCloser.Read(p[:min(len(p), c.left)])
	c.left -= read
	return read, err
}

// A guard keeps an Admin's address from making the server ask in its own network. It looks at the address that a name led
// to, when it is dialled.
type guard struct {
	networks []*net.IPNet // that the operator named
	public   bool         // and everything public
}

func (g guard) control(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if ip == nil || !g.named(ip) && !(g.public && isPublic(ip)) {
		return errPrivate
	}
	return nil
}

func (g guard) named(ip net.IP) bool {
	return slices.ContainsFunc(g.networks, func(n *net.IPNet) bool { return n.Contains(ip) })
}

// isPublic tells of an address that it lies in no private network: nor between carriers and their customers (RFC 6598), nor
// behind a translator to IPv4 (RFC 6052, RFC 3056).
func isPublic(ip net.IP) bool {
	if four := ip.To4(); four != nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate() && !(four[0] == 100 && four[1]&0xc0 == 64) && four[0] != 0
	}
	translated := ip[0] == 0x00 && ip[1] == 0x64 && ip[2] == 0xff && ip[3] == 0x9b || ip[0] == 0x20 && ip[1] == 0x02
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !translated
}

// discover finds what a provider says of itself, asking it when that is not known or old.
func (c *Client) discover(ctx context.Context, issuer string) (discovery, error) {
	c.mu.Lock()
	known := c.found[issuer]
	c.mu.Unlock()
	if time.Now().Before(known.until) {
		return known, known.failed
	}
	found, err := c.ask(ctx, issuer)
	if err != nil {
		found = discovery{failed: err, until: time.Now().Add(retry)}
	}
	if ctx.Err() != nil { // whoever asked went away, which says nothing of the provider
		return found, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.found) >= maxCached {
		clear(c.found)
	}
	c.found[issuer] = found
	return found, err
}
