package views

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// What the content policy forbids: styles in attributes, scripts with content, handlers in attributes.
var forbidden = regexp.MustCompile(`(?i)\sstyle=|<style|<script[^>]*>[^<]|\son[a-z]+=|javascript:`)

// What templ makes of a word in a line of its own before a time.
var crowded = regexp.MustCompile(`[^\s>(“]<time[^>]*>`)

// TestGallery renders every page. With GATEHOUSE_GALLERY=folder it keeps them there, for the eyes.
func TestGallery(t *testing.T) {
	now = func() time.Time { return clock }
	folder := os.Getenv("GATEHOUSE_GALLERY")
	for _, picture := range gallery() {
		t.Run(picture.name, func(t *testing.T) {
			var page bytes.Buffer
			if err := picture.page.Render(context.Background(), &page); err != nil {
				t.Fatal(err)
			}
			if found := forbidden.FindString(page.String()); found != "" {
				t.Errorf("the page holds %q, which the content policy forbids", found)
			}
			if found := crowded.FindString(page.String()); found != "" {
				t.Errorf("no space stands in %q", found)
			}
			if folder != "" {
				if err := os.WriteFile(filepath.Join(folder, picture.name+".html"), page.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
