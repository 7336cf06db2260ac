package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
)

// A device keeps one passkey, as a phone or a security key does, and can be made to lie.
type device struct {
	w       *world
	key     *ecdsa.PrivateKey
	id      []byte
	handle  []byte
	count   uint32 // goes up with each answer; 0 keeps none
	origin  string
	host    string
	flags   byte
	another *ecdsa.PrivateKey // signs instead
}

const (
	present  = 0x01
	verified = 0x04
	withKey  = 0x40
)

var base64URL = base64.RawURLEncoding

func (w *world) newDevice() *device {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &device{w: w, key: key, id: id, origin: "http://gatehouse.test", host: "gatehouse.test", flags: present | verified}
}

// options is what a server asks a device.
type options struct {
	Challenge string
	RPID      string `json:"rpId"`
	RP        struct{ ID string }
	User      struct{ ID, Name string }
	Allowed   []struct{ ID string } `json:"allowCredentials"`
	Excluded  []struct{ ID string } `json:"excludeCredentials"`
	Verify    string                `json:"userVerification"`
}

// asks asks for what a device is asked, and gives the cookie that binds its answer to this browser.
func (w *world) asks(actor, path string, extra ...option) (options, option) {
	w.t.Helper()
	answered := w.post(actor, path, "", extra...).must(http.StatusOK)
	var told struct{ PublicKey options }
	if err := json.Unmarshal([]byte(answered.body), &told); err != nil || len(told.PublicKey.Challenge) < 22 {
		w.t.Fatalf("%s: %v, %s", path, err, answered.body)
	}
	for _, c := range answered.cookies {
		if strings.Contains(c.Name, "-passkey-") {
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
				w.t.Errorf("the cookie is %v", c)
			}
			return told.PublicKey, func(r *http.Request) { r.AddCookie(c) }
		}
	}
	w.t.Fatalf("%s sets no cookie", path)
	return options{}, nil
}

func (d *device) clientData(kind, challenge string) []byte {
	text, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": d.origin, "crossOrigin": false})
	return text
}

func (d *device) authenticatorData(flags byte) []byte {
	host := sha256.Sum256([]byte(d.host))
	return binary.BigEndian.AppendUint32(append(host[:], flags), d.count)
}

// makes is what a device answers that is asked for a new key: an attestation that says nothing of its maker.
func (d *device) makes(asked options) string {
	d.handle, _ = base64URL.DecodeString(asked.User.ID)
	point, _ := d.key.PublicKey.Bytes() // 4, x, y
	cose := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33]...)
	cose = append(append(cose, 0x22, 0x58, 0x20), point[33:]...)
	data := append(d.authenticatorData(d.flags|withKey), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(d.id)))
	data = append(append(data, d.id...), cose...)
	attestation := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(data)))
	return d.credential(map[string]any{"attestationObject": base64URL.EncodeToString(append(attestation, data...)),
		"clientDataJSON": base64URL.EncodeToString(d.clientData("webauthn.create", asked.Challenge)), "transports": []string{"internal"}})
}

// signs is what a device answers that is asked to show its key.
func (d *device) signs(asked options) string {
	if d.count > 0 {
		d.count++
	}
	client, data := d.clientData("webauthn.get", asked.Challenge), d.authenticatorData(d.flags)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	key := d.key
	if d.another != nil {
		key = d.another
	}
	signature, err := ecdsa.SignASN1(rand.Reader, key, signed[:])
	if err != nil {
		d.w.t.Fatal(err)
	}
	return d.credential(map[string]any{"clientDataJSON": base64URL.EncodeToString(client), "authenticatorData": base64URL.EncodeToString(data),
		"signature": base64URL.EncodeToString(signature), "userHandle": base64URL.EncodeToString(d.handle)})
}

func (d *device) credential(response map[string]any) string {
	id := base64URL.EncodeToString(d.id)
	text, _ := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{}, "authenticatorAttachment": "platform"})
	return string(text)
}

// keeps adds a passkey to an actor's account. It returns the device, the answer and the new token of the session.
func (w *world) keeps(actor, name string, extra ...option) (*device, *answer, string) {
	w.t.Helper()
	d := w.newDevice()
	asked, same := w.asks(actor, "/account/passkeys/challenge", extra...)
	added := w.post(actor, "/account/passkeys", form("name", name, "credential", d.makes(asked)), append(extra, same)...)
	if added.session() == "" {
		w.t.Fatalf("no new session after %s: %d %s", name, added.status, added.text())
	}
	return d, added, added.session()
}

// signsIn signs in with the passkey that the device keeps.
func (d *device) signsIn() *answer {
	d.w.t.Helper()
	asked, same := d.w.asks("anonymous", "/sign-in/passkey/challenge")
	return d.w.post("anonymous", "/sign-in/passkey", form("credential", d.signs(asked), "next", "/orgs"), same)
}
