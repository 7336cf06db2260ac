// Package oidctest has providers to test against: one that says whatever a test wants it to say, and dex, a real one.
package oidctest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Loopback is where providers of tests lie, for a server that is told to ask there.
var Loopback = []*net.IPNet{{IP: net.IPv4(127, 0, 0, 0).To4(), Mask: net.CIDRMask(8, 32)}}

// What every Provider here knows of its one client.
const (
	ClientID = "gatehouse"
	Secret   = "a secret & more: of the client"
)

// A Claim is what a provider says, by the name of the claim.
type Claim = map[string]any

// A Provider is one that a test holds in its hands. It checks what it is sent as a good one does; what it says can be anything.
type Provider struct {
	*httptest.Server
	t   testing.TB
	key *rsa.PrivateKey

	mu       sync.Mutex
	asked    url.Values // of the last authorization
	Requests int        // that came to it

	Document func(Claim)                         // changes the discovery document
	Says     func(Claim)                         // changes the claims of the ID token
	Info     Claim                               // at the page about the person
	Sign     func(header, payload string) string // instead of the signature
	Answer   map[string]http.HandlerFunc         // instead of its own, by path
}

var (
	once sync.Once
	keys [2]*rsa.PrivateKey
)

// New starts a provider, which stops with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	once.Do(func() {
		for i := range keys {
			keys[i], _ = rsa.GenerateKey(rand.Reader, 2048)
		}
	})
	p := &Provider{t: t, key: keys[0], Answer: map[string]http.HandlerFunc{}}
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.Requests++
	other := p.Answer[r.URL.Path]
	p.mu.Unlock()
	switch {
	case other != nil:
		other(w, r)
	case r.URL.Path == "/.well-known/openid-configuration":
		document := Claim{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"userinfo_endpoint": p.URL + "/userinfo", "code_challenge_methods_supported": []string{"S256"}, "id_token_signing_alg_values_supported": []string{"RS256"}}
		if p.Document != nil {
			p.Document(document)
		}
		answer(w, document)
	case r.URL.Path == "/keys":
		answer(w, Claim{"keys": []Claim{{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": text(p.key.N.Bytes()),
			"e": text(big.NewInt(int64(p.key.E)).Bytes())}}})
	case r.URL.Path == "/userinfo":
		answer(w, p.Info)
	case r.URL.Path == "/token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func text(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

// Back is what the address holds with which somebody comes back who was sent to this one.
func (p *Provider) Back(to string) url.Values {
	p.t.Helper()
	address, err := url.Parse(to)
	if err != nil || address.Host != p.Listener.Addr().String() || address.Path != "/authorize" {
		p.t.Fatalf("%q does not lead to the provider: %v", to, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = address.Query()
	return url.Values{"code": {"the code"}, "state": {p.asked.Get("state")}}
}

// Asked is what the last authorization asked for.
func (p *Provider) Asked() url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// token gives the ID token for the code, to the client that shows its secret and the verifier of the challenge.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	asked := p.Asked()
	id, secret, _ := r.BasicAuth() // both are escaped in it
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	fail := func(what string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(Claim{"error": what})
	}
	switch {
	case id != ClientID || secret != Secret:
		fail("invalid_client")
	case r.PostFormValue("code") != "the code" || r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") ||
		asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != text(challenge[:]):
		fail("invalid_grant")
	default:
		answer(w, Claim{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": p.idToken(asked)})
	}
}

func (p *Provider) idToken(asked url.Values) string {
	now := time.Now()
	claims := Claim{"iss": p.URL, "sub": "subject-1", "aud": ClientID, "exp": now.Add(time.Minute).Unix(), "iat": now.Unix(), "nonce": asked.Get("nonce"),
		"email_verified": true, "name": "Some Body"}
	if p.Says != nil {
		p.Says(claims)
	}
	payload, _ := json.Marshal(claims)
	head, body := text([]byte(`{"alg":"RS256","kid":"1","typ":"JWT"}`)), text(payload)
	if p.Sign != nil {
		return p.Sign(head, body)
	}
	return head + "." + body + "." + SignedWith(p.key, head+"."+body)
}

// SignedWith is the signature of a token by a key; nil is a key that is not the provider's.
func SignedWith(key *rsa.PrivateKey, signed string) string {
	if key == nil {
		key = keys[1]
	}
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text(signature)
}

// Long answers with more than anybody has to read, and says how much.
func Long(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"issuer":"`))
	piece := make([]byte, 64<<10)
	for i := range piece {
		piece[i] = 'x'
	}
	for range 64 {
		if _, err := w.Write(piece); err != nil {
			return
		}
	}
}

// Status answers with a status and nothing else.
func Status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "status "+strconv.Itoa(code), code) }
}
