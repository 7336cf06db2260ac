package db

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"unicode"

	"gatehouse/access"
)

// ErrWrongKey is why a secret cannot be read: it was kept under another key, or for another resource.
var ErrWrongKey = errors.New("this secret was kept under another GATEHOUSE_SECRET, or its row was tampered with")

// minSecret is how many characters a server's own secret must have: 32 random letters are more than 128 bits.
const minSecret = 32

// A vault seals what the database must not read, under keys that it does not have.
type vault struct {
	cipher cipher.AEAD // for the values of secrets
	links  cipher.AEAD // for the tokens of links in mail that waits
}

// UseSecret lets the Store keep secrets, under a key derived from the server's own secret. It is called once, before the
// Store is used. Without it secrets are refused.
func (s *Store) UseSecret(secret string) error {
	for _, letter := range secret {
		if unicode.IsSpace(letter) || unicode.IsControl(letter) || letter == unicode.ReplacementChar {
			return errors.New("GATEHOUSE_SECRET holds a space or a character that is no text. Make one with `openssl rand -base64 32`")
		}
	}
	if len(secret) < minSecret {
		return fmt.Errorf("GATEHOUSE_SECRET has %d characters and needs at least %d random ones. Make one with `openssl rand -base64 32`", len(secret), minSecret)
	}
	values, err := keyed(secret, "gatehouse: values of secrets")
	if err != nil {
		return err
	}
	links, err := keyed(secret, "gatehouse: links in mail")
	if err == nil {
		s.vault = &vault{values, links}
	}
	return err
}

// keyed is a cipher under a key of its own for one purpose.
func keyed(secret, purpose string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// CanKeepSecrets tells whether the Store was given a key.
func (s *Store) CanKeepSecrets() bool { return s.vault != nil }

// sealVersion stands first in what is sealed, for the day on which it is sealed otherwise.
const sealVersion = 1

// seal binds the value to its organization and resource: in another row it cannot be opened.
func (v *vault) seal(org, resource access.ID, value string) ([]byte, error) {
	if v == nil {
		return nil, access.Invalid("value", "This server has no key to keep secrets under. Ask its operator to set GATEHOUSE_SECRET.")
	}
	return seal(v.cipher, value, sealedFor(org, resource)), nil
}

func (v *vault) open(org, resource access.ID, sealed []byte) (string, error) {
	if v == nil {
		return "", access.Conflict("This server has no key to open secrets with. Ask its operator to set GATEHOUSE_SECRET.")
	}
	return unseal(v.cipher, sealed, sealedFor(org, resource))
}

// sealLink and openLink keep the token of a link for as long as its mail waits. They are bound to the mail.
func (v *vault) sealLink(mail access.ID, token string) []byte {
	return seal(v.links, token, []byte(mail))
}

func (v *vault) openLink(mail access.ID, sealed []byte) (string, error) {
	return unseal(v.links, sealed, []byte(mail))
}

func seal(with cipher.AEAD, value string, bound []byte) []byte {
	nonce := make([]byte, with.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return with.Seal(append([]byte{sealVersion}, nonce...), nonce, []byte(value), bound)
}

func unseal(with cipher.AEAD, sealed, bound []byte) (string, error) {
	size := 1 + with.NonceSize()
	if len(sealed) < size || sealed[0] != sealVersion {
		return "", ErrWrongKey
	}
	value, err := with.Open(nil, sealed[1:size], sealed[size:], bound)
	if err != nil {
		return "", ErrWrongKey
	}
	return string(value), nil
}

func sealedFor(org, resource access.ID) []byte { return []byte(string(org) + "/" + string(resource)) }
