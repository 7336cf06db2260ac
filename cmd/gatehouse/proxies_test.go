package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A behind is the program behind a proxy with the settings of deploy/.
type behind struct {
	t               *testing.T
	folder          string
	program, public string // addresses: HOST:PORT
}

// The proxies are not brought by make test: where they are missing there is nothing to try.
func TestSigningInBehindNginxAndCaddy(t *testing.T) {
	for name, start := range map[string]func(behind) (*exec.Cmd, string){"nginx": behind.nginx, "caddy": behind.caddy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(name + " is not installed")
			}
			b := behind{t: t, folder: t.TempDir(), program: freeAddress(t), public: freeAddress(t)}
			server := b.serve()
			proxy, authority := start(b)
			proxy.Stdout, proxy.Stderr = server.said, server.said
			if err := proxy.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = proxy.Process.Signal(syscall.SIGTERM); _ = proxy.Wait() })
			b.signsIn(server, b.waits(authority))
		})
	}
}

// freeAddress is one that nobody listens at now.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strings.Replace(listener.Addr().String(), "127.0.0.1", "localhost", 1)
}

func (b behind) port(address string) string { return address[strings.Index(address, ":")+1:] }

// serve runs the demo under the public address.
func (b behind) serve() *program {
	b.t.Helper()
	p := &program{t: b.t, data: newData(b.t), said: &transcript{}, ended: make(chan struct{})}
	p.cmd = command("serve", "--demo", "--addr", "127.0.0.1:"+b.port(b.program), "--base-url", "https://"+b.public, "--trusted-proxies", "127.0.0.1", "--data", p.data)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := p.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	b.t.Cleanup(func() { p.stop() })
	p.base = p.find(`Gatehouse is at (\S+)`)
	return p
}

func (b behind) written(name, text string) string {
	b.t.Helper()
	path := filepath.Join(b.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// nginx is deploy/nginx.conf with ports and a certificate of this test, which is its own authority.
func (b behind) nginx() (proxy *exec.Cmd, authority string) {
	b.t.Helper()
	text, err := os.ReadFile("../../deploy/nginx.conf")
	if err != nil {
		b.t.Fatal(err)
	}
	certificate, key := b.certificate()
	site := strings.NewReplacer("listen 80;", "listen 127.0.0.1:"+b.port(freeAddress(b.t))+";", "listen 443 ", "listen 127.0.0.1:"+b.port(b.public)+" ",
		"server 127.0.0.1:8080;", "server 127.0.0.1:"+b.port(b.program)+";", "gatehouse.example.org", "localhost",
		"/etc/ssl/gatehouse/fullchain.pem", certificate, "/etc/ssl/gatehouse/privkey.pem", key).Replace(string(text))
	paths := ""
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		paths += fmt.Sprintf("%s_temp_path %s;\n", kind, filepath.Join(b.folder, kind))
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	config := b.written("nginx.conf", user+"daemon off; error_log stderr; pid "+filepath.Join(b.folder, "pid")+";\nevents {}\nhttp {\naccess_log off;\n"+paths+site+"}\n")
	return exec.Command("nginx", "-c", config), certificate
}

// caddy is deploy/Caddyfile with a certificate of Caddy's own, which is what it does for localhost. It makes the authority
// when it starts.
func (b behind) caddy() (proxy *exec.Cmd, authority string) {
	b.t.Helper()
	text, err := os.ReadFile("../../deploy/Caddyfile")
	if err != nil {
		b.t.Fatal(err)
	}
	config := b.written("Caddyfile", "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"+string(text))
	cmd := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", config)
	cmd.Env = append(os.Environ(), "SITE_ADDRESS=https://"+b.public, "UPSTREAM=127.0.0.1:"+b.port(b.program), "XDG_DATA_HOME="+b.folder, "XDG_CONFIG_HOME="+b.folder)
	return cmd, filepath.Join(b.folder, "caddy/pki/authorities/local/root.crt")
}

func (b behind) certificate() (certificate, key string) {
	b.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	asked := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, asked, asked, &private.PublicKey, private)
	if err != nil {
		b.t.Fatal(err)
	}
	kept, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.written("certificate.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}))),
		b.written("key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: kept})))
}

// signsIn signs in through the proxy as a browser would, and looks at what came through.
func (b behind) signsIn(server *program, trust *tls.Config) {
	b.t.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: trust}}
	ask := func(method, path, origin string) (*http.Response, string) {
		request, err := http.NewRequestWithContext(b.t.Context(), method, server.base+path, nil)
		if err != nil {
			b.t.Fatal(err)
		}
		request.Header.Set("X-Forwarded-For", "203.0.113.9") // which is a lie
		if origin != "" {
			request.Header.Set("Origin", origin)
		}
		answer, err := client.Do(request)
		if err != nil {
			b.t.Fatalf("%v\n%s", err, server.said)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer, string(body)
	}
	link := server.personaLink("Cyra Haddad")
	if answer, _ := ask("POST", link, "https://elsewhere.example.org"); answer.StatusCode != http.StatusForbidden {
		b.t.Errorf("a form of another site: %d", answer.StatusCode)
	}
	answer, body := ask("POST", link, server.base)
	if answer.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("signing in: %d\n%s\n%s", answer.StatusCode, body, server.said)
	}
	if set := answer.Header.Get("Set-Cookie"); !strings.HasPrefix(set, "__Host-") || !strings.Contains(set, "Secure") {
		b.t.Errorf("the cookie is %q", set)
	}
	if answer.Header.Get("Strict-Transport-Security") == "" {
		b.t.Error("no Strict-Transport-Security")
	}
	if answer, body := ask("GET", "/account", ""); answer.StatusCode != http.StatusOK || strings.Contains(body, "203.0.113.9") || !regexp.MustCompile(`127\.0\.0\.1|::1`).MatchString(body) {
		b.t.Errorf("the account page answers %d and believes the address that was written into the request", answer.StatusCode)
	}
	if answer, _ := ask("GET", meridian, ""); answer.StatusCode != http.StatusOK {
		b.t.Errorf("the organization: %d", answer.StatusCode)
	}
	if _, err := url.Parse(answer.Header.Get("Location")); err != nil || strings.Contains(answer.Header.Get("Location"), b.port(b.program)) {
		b.t.Errorf("the answer leads to %s", answer.Header.Get("Location"))
	}
}

// waits until the proxy listens with a certificate of its authority, the only one that what it returns trusts.
func (b behind) waits(authority string) *tls.Config {
	b.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		certificate, _ := os.ReadFile(authority) // until the proxy has made it nobody is trusted
		trust := &tls.Config{RootCAs: x509.NewCertPool()}
		trust.RootCAs.AppendCertsFromPEM(certificate)
		conn, err := tls.Dial("tcp", b.public, trust)
		if err == nil {
			_ = conn.Close()
			return trust
		}
		if time.Now().After(deadline) {
			b.t.Fatal("the proxy does not answer: ", err)
		}
	}
}
