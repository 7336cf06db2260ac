package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
)

// found is what a search answers.
type found struct {
	Results []struct{ Type, ID, Name string }
	Page    struct {
		NextToken *string `json:"next_token"`
	}
}

// find collects every page of a search. Only the first request says how long a page is.
func (k *desk) find(path, request string, limit int) (names []string) {
	k.t.Helper()
	page := fmt.Sprintf(`,"page":{"limit":%d}`, limit)
	for range 1000 {
		var got found
		k.ask(path, strings.TrimSuffix(request, "}")+page+"}", &got)
		if got.Page.NextToken == nil || len(got.Results) > limit || *got.Page.NextToken != "" && len(got.Results) < limit {
			k.t.Fatalf("%s: a page of %d: %+v", request, limit, got)
		}
		for _, each := range got.Results {
			names = append(names, each.ID+each.Name)
		}
		if *got.Page.NextToken == "" {
			return names
		}
		page = `,"page":{"token":"` + *got.Page.NextToken + `"}`
	}
	k.t.Fatalf("%s never ends", request)
	return nil
}

func TestSearchesFindAllOnEveryPageSize(t *testing.T) {
	k := newDesk(t)
	for i := range 12 {
		k.acme.Inside(k.ids["alpha"], access.Package, fmt.Sprintf("P%02d", i), k.ids["owner"])
	}
	packages := []string{"core"}
	for i := range 12 {
		packages = append(packages, fmt.Sprintf("p%02d", i))
	}
	for _, each := range []struct {
		path, request string
		want          []string
	}{
		{SubjectSearchPath, `{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"}}`,
			[]string{"admin@acme.test", "ana@acme.test", "bo@acme.test", "owner@acme.test"}},
		{SubjectSearchPath, `{"subject":{"type":"user","id":"ignored"},"action":{"name":"transfer"},"resource":{"type":"package","id":"core"}}`, []string{"admin@acme.test", "owner@acme.test"}},
		{SubjectSearchPath, `{"subject":{"type":"group"},"action":{"name":"edit"},"resource":{"type":"package","id":"core"}}`, []string{"Quant"}},
		{SubjectSearchPath, `{"subject":{"type":"anonymous"},"action":{"name":"view"},"resource":{"type":"project","id":"open"}}`, []string{"anonymous"}},
		{SubjectSearchPath, `{"subject":{"type":"anonymous"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"}}`, nil},
		{ResourceSearchPath, `{"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"view"},"resource":{"type":"package"}}`, packages},
		{ResourceSearchPath, `{"subject":{"type":"group","id":"Quant"},"action":{"name":"edit"},"resource":{"type":"package","id":"ignored"}}`, packages},
		{ResourceSearchPath, `{"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"view"},"resource":{"type":"project"}}`, []string{"alpha", "open"}},
		{ResourceSearchPath, `{"subject":{"type":"anonymous","id":"anonymous"},"action":{"name":"view"},"resource":{"type":"project"}}`, []string{"open"}},
		{ResourceSearchPath, `{"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"edit"},"resource":{"type":"project"}}`, nil},
		{ActionSearchPath, `{"subject":{"type":"user","id":"ana@acme.test"},"resource":{"type":"project","id":"alpha"}}`, []string{"discover", "query", "view"}},
		{ActionSearchPath, `{"subject":{"type":"user","id":"bo@acme.test"},"resource":{"type":"package","id":"core"}}`,
			[]string{"configure", "create", "discover", "edit", "query", "reveal", "view"}},
	} {
		for _, limit := range []int{1, 5, 16, 100} {
			got := k.find(each.path, each.request, limit)
			if slices.Sort(got); !slices.Equal(got, each.want) {
				t.Errorf("%s %s, %d a page: %v, want %v", each.path, each.request, limit, got, each.want)
			}
		}
	}
}

func TestAnUnknownNameIsAnEmptyList(t *testing.T) {
	k := newDesk(t)
	for path, requests := range map[string][]string{
		SubjectSearchPath: {
			`{"subject":{"type":"robot"},"action":{"name":"view"},"resource":{"type":"project","id":"open"}}`,
			`{"subject":{"type":"user"},"action":{"name":"fly"},"resource":{"type":"project","id":"open"}}`,
			`{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":"project","id":"nothing"}}`,
			`{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":"spaceship","id":"open"}}`,
		},
		ResourceSearchPath: {
			`{"subject":{"type":"robot","id":"x"},"action":{"name":"view"},"resource":{"type":"project"}}`,
			`{"subject":{"type":"user","id":"nobody@acme.test"},"action":{"name":"view"},"resource":{"type":"project"}}`,
			`{"subject":{"type":"group","id":"Nobody"},"action":{"name":"view"},"resource":{"type":"project"}}`,
			`{"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"fly"},"resource":{"type":"project"}}`,
			`{"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"view"},"resource":{"type":"spaceship"}}`,
		},
		ActionSearchPath: {
			`{"subject":{"type":"user","id":"nobody@acme.test"},"resource":{"type":"project","id":"open"}}`,
			`{"subject":{"type":"robot","id":"ana@acme.test"},"resource":{"type":"project","id":"open"}}`,
			`{"subject":{"type":"user","id":"ana@acme.test"},"resource":{"type":"project","id":"nothing"}}`,
		},
	} {
		for _, request := range requests {
			if w := k.post(k.token, path, request); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != `{"results":[],"page":{"next_token":""}}` {
				t.Errorf("%s %s: %d %s", path, request, w.Code, w.Body)
			}
		}
	}
}

// A token leads on in the search that gave it, and in no other.
func TestATokenOfAnotherSearchIsRefused(t *testing.T) {
	k := newDesk(t)
	var first found
	k.ask(SubjectSearchPath, `{"subject":{"type":"user"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"},"page":{"limit":1}}`, &first)
	again := `{"subject":{"type":"user"},"action":{"name":"%s"},"resource":{"type":"project","id":"%s"},"page":{"%s":"` + *first.Page.NextToken + `"}}`
	for request, want := range map[string]int{
		fmt.Sprintf(again, "view", "alpha", "token"):      200,
		fmt.Sprintf(again, "view", "alpha", "next_token"): 200,
		fmt.Sprintf(again, "edit", "alpha", "token"):      400,
		fmt.Sprintf(again, "view", "open", "token"):       400,
	} {
		if w := k.post(k.token, SubjectSearchPath, request); w.Code != want {
			t.Errorf("%s: %d %s", request, w.Code, w.Body)
		}
	}
}

// A forged token gets no further than its own search: the places in it only say where to go on.
func TestAForgedTokenShowsNothingMore(t *testing.T) {
	k := newDesk(t)
	request := `{"subject":{"type":"user","id":"eve@acme.test"},"action":{"name":"view"},"resource":{"type":"project"}`
	body, err := parseBody([]byte(request + "}"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := body.search(ResourceSearchPath, needs{subject: true, action: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{"\x00", "zzz", "' OR 1=1", "-1", "99999999999999999999", string(k.ids["alpha"])} {
		token, _ := json.Marshal(s.page.token(after))
		var got found
		k.ask(ResourceSearchPath, request+`,"page":{"token":`+string(token)+`}}`, &got)
		for _, each := range got.Results {
			if each.ID != "open" {
				t.Errorf("%q: %+v", after, got)
			}
		}
	}
}
