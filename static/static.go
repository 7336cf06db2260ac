// Package static holds our css and js, and the packages that npm brings into vendor/, embedded. Their URLs carry a
// hash of the content, so that a browser keeps a file for as long as it is the same.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed css js icons vendor
var files embed.FS

// versions are the hashes by file name, made once at the start.
var versions = hashAll()

func hashAll() map[string]string {
	hashes := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		sum := sha256.Sum256(content)
		hashes[name] = hex.EncodeToString(sum[:6])
		return err
	})
	if err != nil {
		panic(fmt.Sprintf("static: the embedded files cannot be read: %v", err))
	}
	return hashes
}

// FS is every file, to be served under /static/. A request that carries the current v may be kept for a year and is
// Immutable; any other must be asked for again.
func FS() fs.FS { return files }

// URL is the address of a file: "/static/css/layout.css?v=1a2b3c". An unknown name panics: it is a typing error.
func URL(name string) string {
	version, ok := versions[name]
	if !ok {
		panic("static: there is no file " + name)
	}
	return "/static/" + name + "?v=" + version
}

// Immutable tells whether a request for a file with this v may be answered with a long cache.
func Immutable(name, version string) bool { return version != "" && versions[name] == version }

// Styles lists the URLs of the style sheets in the order in which they apply.
func Styles() []string {
	return append([]string{URL("vendor/basecoat.min.css")}, urls("css", styleOrder)...)
}

// Scripts lists the URLs of our modules. They do not depend on each other.
func Scripts() []string { return urls("js", nil) }

// styleOrder puts the style sheets on which others build first; the rest follow by name.
var styleOrder = []string{"tokens.css", "base.css", "layout.css"}

func urls(folder string, first []string) []string {
	entries, _ := files.ReadDir(folder)
	names := slices.Clone(first)
	for _, entry := range entries {
		if !slices.Contains(names, entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = URL(folder + "/" + name)
	}
	return list
}
