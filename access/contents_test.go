package access_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/access"
)

func TestWhatAKindCannotHoldIsRefusedAtItsField(t *testing.T) {
	for _, c := range []struct {
		kind  access.Kind
		typed map[string]string
		field string // at fault
	}{
		{access.Dataset, map[string]string{"location": " "}, "location"},
		{access.Dataset, map[string]string{"location": "s3://lake\nmore"}, "location"},
		{access.Constant, map[string]string{"value": "a\x00b"}, "value"},
		{access.Constant, map[string]string{"value": strings.Repeat("x", 20001)}, "value"},
		{access.Release, map[string]string{"url": "javascript:alert(1)"}, "url"},
		{access.Release, map[string]string{"url": "data:text/html,x"}, "url"},
		{access.Release, map[string]string{"url": "//elsewhere.example.org"}, "url"},
		{access.Release, map[string]string{"url": "https:///nowhere"}, "url"},
		{access.Release, map[string]string{"url": "https://ana:secret@dashboard.example.org"}, "url"},
		{access.Connection, map[string]string{"system": "PostgreSQL"}, "address"},
		{access.Connection, map[string]string{"system": "PostgreSQL", "address": "postgres://app:secret@warehouse:5432/rates"}, "address"},
		{access.Connection, map[string]string{"system": "PostgreSQL", "address": "app:secret@warehouse"}, "address"},
	} {
		_, err := access.CleanContent(c.kind, c.typed)
		var refusal *access.Error
		if !errors.As(err, &refusal) || refusal.Field != c.field {
			t.Errorf("%s %v: %v", c.kind, c.typed, err)
		}
	}
}

func TestWhatAKindHoldsIsKeptAsTypedAndNothingElse(t *testing.T) {
	typed := map[string]string{"text": "# Found\r\n\r\n- <b>much</b>\n", "owner_id": "evil", "value": "2"}
	content, err := access.CleanContent(access.Analysis, typed)
	if err != nil || len(content) != 1 || content["text"] != "# Found\n\n- <b>much</b>" {
		t.Errorf("%q, %v", content, err)
	}
}

func TestTheLogSaysWhichFieldsChangedAndNotToWhat(t *testing.T) {
	change := access.EditContent{Resource: access.Resource{ID: "r", Kind: access.Connection, Name: "R"},
		From: access.Content{"system": "PostgreSQL", "address": "old.example.org"},
		To:   access.Content{"system": "PostgreSQL", "address": "new.example.org"}}
	event := change.Event()
	if got := event.After["changed"]; len(event.After) != 1 || len(event.Before) != 0 || len(got.([]string)) != 1 || got.([]string)[0] != "address" {
		t.Errorf("%+v", event)
	}
}

func TestACategoryStandsBeforeTwoUnderscores(t *testing.T) {
	for name, want := range map[string]string{"PRICING__RATE": "PRICING", "A__B__C": "A", "RATE": "", "__RATE": "", "PRICING__": "", "PRICING_RATE": ""} {
		if got := access.Category(name); got != want {
			t.Errorf("%s is in %q, want %q", name, got, want)
		}
	}
}

// Every kind has something to show: fields, a value, a file or what lies inside.
func TestEveryOwnedKindHoldsSomething(t *testing.T) {
	for _, kind := range access.Kinds() {
		if kind.Owned() && kind != access.Package && !kind.HoldsContent() && len(kind.Holds()) == 0 {
			t.Errorf("a %s holds nothing", kind)
		}
	}
}
