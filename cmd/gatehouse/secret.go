package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/db"
)

// keepSecrets gives the store the key under which it keeps the values of secrets: the operator's, or one of its own beside
// the private PostgreSQL. With a PostgreSQL of the operator's and no key, secrets are refused and their pages say why.
func (c *serveCommand) keepSecrets(store *db.Store) error {
	secret := c.Secret
	if secret == "" && c.Database == "" {
		var err error
		if secret, err = ownSecret(c.Data); err != nil {
			return fmt.Errorf("the server's own secret cannot be kept in %s: %w", c.Data, err)
		}
	}
	if secret == "" {
		fmt.Fprintln(os.Stderr, "GATEHOUSE_SECRET is not set, so secrets cannot be stored.")
		return nil
	}
	return store.UseSecret(secret)
}

// ownSecret reads the secret in the data folder, which the first start makes. It appears there whole or not at all, and of
// two starts at once one wins.
func ownSecret(data string) (string, error) {
	path := filepath.Join(data, "secret")
	if kept, err := os.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
		return strings.TrimSpace(string(kept)), err
	}
	if err := os.MkdirAll(data, 0o755); err != nil {
		return "", err
	}
	draft, err := os.CreateTemp(data, "secret-") // 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(draft.Name())
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	_, err = draft.WriteString(base64.StdEncoding.EncodeToString(random) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return "", err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	kept, err := os.ReadFile(path)
	return strings.TrimSpace(string(kept)), err
}
