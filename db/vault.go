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

// A vault seals the values of secrets under a key that the database does not have.
type vault struct{ cipher cipher.AEAD }

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
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "gatehouse: values of secrets", 32)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCM(block)
	if err == nil {
		s.vault = &vault{aead}
	}
	return err
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
	nonce := make([]byte, v.cipher.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	sealed := append([]byte{sealVersion}, nonce...)
	return v.cipher.Seal(sealed, nonce, []byte(value), sealedFor(org, resource)), nil
}

func (v *vault) open(org, resource access.ID, sealed []byte) (string, error) {
	if v == nil {
		return "", access.Conflict("This server has no key to open secrets with. Ask its operator to set GATEHOUSE_SECRET.")
	}
	size := 1 + v.cipher.NonceSize()
	if len(sealed) < size || sealed[0] != sealVersion {
		return "", ErrWrongKey
	}
	value, err := v.cipher.Open(nil, sealed[1:size], sealed[size:], sealedFor(org, resource))
	if err != nil {
		return "", ErrWrongKey
	}
	return string(value), nil
}

func sealedFor(org, resource access.ID) []byte { return []byte(string(org) + "/" + string(resource)) }
