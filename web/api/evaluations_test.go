package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gatehouse/access"
	"gatehouse/db/dbtest"
)

func TestAnEvaluationFindsWhatIsNamed(t *testing.T) {
	k := newDesk(t)
	if err := k.d.DeactivateMember(t.Context(), dbtest.By(k.acme.Admin), k.acme.ID, k.ids["eve"]); err != nil {
		t.Fatal(err)
	}
	other := k.d.Organization(t, "other")
	theirs := other.Project("Theirs", other.Admin)
	for words, want := range map[string]bool{
		"user ana@acme.test view project alpha":                                 true,
		"user ANA@Acme.TEST view project alpha":                                 true,
		"user " + string(k.ids["ana"]) + " view project alpha":                  true,
		"user " + strings.ToUpper(string(k.ids["ana"])) + " view project alpha": true,
		"user ana@acme.test view project " + string(k.ids["alpha"]):             true,
		"user ana@acme.test query package core":                                 true,
		"user ana@acme.test edit project alpha":                                 false,
		"user bo@acme.test edit package core":                                   true,
		"group Quant edit project alpha":                                        true,
		"group quant edit project alpha":                                        true,
		"group " + string(k.ids["quant"]) + " edit project alpha":               true,
		"group Quant share project alpha":                                       false,
		"user owner@acme.test transfer package core":                            true,
		"user eve@acme.test view project alpha":                                 false,
		"user admin@acme.test discover project alpha":                           true,
		"user admin@acme.test members organization acme":                        true,
		"anonymous anonymous view project alpha":                                false,
		"anonymous anonymous view project open":                                 true,
		"user nobody@nowhere.test view project open":                            true, // what anyone gets
		"user no-address view project open":                                     true,
		"user nobody@nowhere.test view project alpha":                           false,
		"group Nobody view project open":                                        false,
		"robot r2d2 view project open":                                          false,
		"user ana@acme.test fly project alpha":                                  false,
		"user ana@acme.test view project beta":                                  false,
		"user ana@acme.test view package alpha":                                 false, // the kind must match
		"user ana@acme.test view package " + string(k.ids["alpha"]):             false,
		"user ana@acme.test view spaceship alpha":                               false,
		"user " + string(k.ids["quant"]) + " edit project alpha":                false, // a group is no user
		"group " + string(k.ids["ana"]) + " view project alpha":                 false,
		"user admin@other.test view project theirs":                             false, // not of the token's organization
		"user admin@other.test view project " + string(theirs):                  false,
		"user admin@other.test view organization " + string(other.ID):           false,
		// two ids are asked in a statement of their own
		"user " + string(k.ids["ana"]) + " view project " + string(k.ids["alpha"]):      true,
		"user " + string(k.ids["ana"]) + " edit project " + string(k.ids["alpha"]):      false,
		"user " + string(k.ids["ana"]) + " view package " + string(k.ids["alpha"]):      false,
		"user " + string(k.ids["eve"]) + " view project " + string(k.ids["alpha"]):      false,
		"user " + string(k.ids["quant"]) + " edit project " + string(k.ids["alpha"]):    false,
		"user " + string(theirs) + " view project " + string(k.ids["open"]):             true, // a user that there is not
		"user " + string(theirs) + " view project " + string(k.ids["alpha"]):            false,
		"user " + string(other.Admin) + " view project " + string(theirs):               false,
		"user " + string(other.Admin) + " view organization " + string(other.ID):        false,
		"group " + string(k.ids["quant"]) + " edit project " + string(k.ids["alpha"]):   true,
		"anonymous " + string(k.ids["ana"]) + " view project " + string(k.ids["alpha"]): false,
	} {
		if k.may(words) != want {
			t.Errorf("%s: %v", words, !want)
		}
	}
}

func TestTextThatCannotBeStoredNamesNothing(t *testing.T) {
	k := newDesk(t)
	for _, id := range []string{`\u0000`, `alpha\u0000`, ``, `\ud800`, strings.Repeat("a", 100_000)} {
		var got answered
		k.ask(EvaluationPath, fmt.Sprintf(`{"subject":{"type":"group","id":"%s"},"action":{"name":"view"},"resource":{"type":"project","id":"%[1]s"}}`, id), &got)
		if got.Decision {
			t.Errorf("%.20q is allowed", id)
		}
	}
}

func TestTheSameRequestHasTheSameBody(t *testing.T) {
	k := newDesk(t)
	k.acme.AddToGroup(k.acme.Group("Outer"), access.Ref{Type: "group", ID: k.ids["quant"]})
	ask := body("user bo@acme.test view package core", `,"context":{"explain":true}`)
	first := k.post(k.token, EvaluationPath, ask).Body.String()
	for range 20 {
		if again := k.post(k.token, EvaluationPath, ask).Body.String(); again != first {
			t.Fatalf("%s\n%s", first, again)
		}
	}
}

func TestAnExplanationTellsThePaths(t *testing.T) {
	k := newDesk(t)
	var got answered
	k.ask(EvaluationPath, body("user bo@acme.test edit package core", `,"context":{"explain":true,"time":1}`), &got)
	if !got.Decision || len(got.Context.Paths) != 1 || got.Context.Paths[0].Sentence != "bo@acme.test → Quant → Editor on Alpha → Editor on this package." {
		t.Errorf("%+v", got)
	}
	if !slices.Contains(got.Context.Rights, "edit") || slices.Contains(got.Context.Rights, "share") {
		t.Errorf("%+v", got.Context.Rights)
	}
	var group answered
	k.ask(EvaluationPath, body("group Quant edit package core", `,"context":{"explain":true}`), &group)
	if len(group.Context.Paths) != 1 || group.Context.Paths[0].Sentence != "Quant → Editor on Alpha → Editor on this package." {
		t.Errorf("a group: %+v", group)
	}
	var open answered
	k.ask(EvaluationPath, body("user bo@acme.test view project open", `,"context":{"explain":true}`), &open)
	if len(open.Context.Paths) != 1 {
		t.Errorf("one access mode, as Viewer, is told as %+v", open.Context.Paths)
	}
	var denied answered
	w := k.post(k.token, EvaluationPath, body("user eve@acme.test view package core", `,"context":{"explain":true}`))
	if err := json.Unmarshal(w.Body.Bytes(), &denied); err != nil || denied.Decision || !strings.Contains(w.Body.String(), `"paths":[]`) {
		t.Errorf("%s", w.Body)
	}
	for _, unknown := range []string{"group Nobody view project open", "robot r2d2 view project open"} {
		var got answered
		if k.ask(EvaluationPath, body(unknown, `,"context":{"explain":true}`), &got); got.Decision || len(got.Context.Paths) != 0 {
			t.Errorf("%s: %+v", unknown, got)
		}
	}
}

// batch sends items and returns the decisions.
func (k *desk) batch(more string, items ...string) []answered {
	k.t.Helper()
	var got struct{ Evaluations []answered }
	k.ask(EvaluationsPath, `{"evaluations":[`+strings.Join(items, ",")+`]`+more+`}`, &got)
	return got.Evaluations
}

func decisions(answers []answered) (list []bool) {
	for _, each := range answers {
		list = append(list, each.Decision)
	}
	return list
}

var yes, no = body("user ana@acme.test view project alpha", ""), body("user ana@acme.test edit project alpha", "")

func TestABatchAnswersInOrderAndStopsWhereItIsTold(t *testing.T) {
	k := newDesk(t)
	for semantic, want := range map[string][]bool{
		"":                       {true, false, true, false},
		"execute_all":            {true, false, true, false},
		"deny_on_first_deny":     {true, false},
		"permit_on_first_permit": {true},
	} {
		options := ""
		if semantic != "" {
			options = `,"options":{"evaluations_semantic":"` + semantic + `","other":1}`
		}
		if got := decisions(k.batch(options, yes, no, yes, no)); !slices.Equal(got, want) {
			t.Errorf("%s: %v", semantic, got)
		}
	}
	if got := decisions(k.batch(`,"options":{"evaluations_semantic":"deny_on_first_deny"}`, yes, `{}`, yes)); !slices.Equal(got, []bool{true, false}) {
		t.Errorf("a bad item does not stop deny_on_first_deny: %v", got)
	}
	if got := decisions(k.batch(`,"options":{"evaluations_semantic":"permit_on_first_permit"}`, no, `7`, yes, no)); !slices.Equal(got, []bool{false, false, true}) {
		t.Errorf("permit_on_first_permit: %v", got)
	}
}

func TestDefaultsAreReplacedWhole(t *testing.T) {
	k := newDesk(t)
	defaults := `,"subject":{"type":"user","id":"ana@acme.test"},"action":{"name":"view"},"resource":{"type":"project","id":"alpha"},"context":{"explain":true}`
	got := k.batch(defaults, `{}`, `{"action":{"name":"edit"}}`, `{"subject":{"id":"bo@acme.test"}}`, `{"subject":{"type":"user","id":"bo@acme.test"},"action":{"name":"edit"}}`,
		`{"subject":null}`, `{"context":{}}`)
	if want := []bool{true, false, false, true, true, true}; !slices.Equal(decisions(got), want) {
		t.Fatalf("%v, want %v", decisions(got), want)
	}
	if got[2].Context.Error.Status != 400 || !strings.Contains(got[2].Context.Error.Message, "subject.type") {
		t.Errorf("a subject without a type: %+v", got[2])
	}
	if len(got[0].Context.Paths) == 0 || len(got[5].Context.Paths) != 0 {
		t.Errorf("the context was not replaced whole: %+v", got)
	}
}

func TestABadItemIsDeniedAndSaysWhy(t *testing.T) {
	k := newDesk(t)
	for _, bad := range []string{`{}`, `7`, `null`, `[]`, `"x"`, `{"subject":7}`, `{"subject":{"type":"user","id":7}}`, strings.Replace(yes, `"view"`, `7`, 1)} {
		got := k.batch("", yes, bad, yes)
		if !slices.Equal(decisions(got), []bool{true, false, true}) || got[1].Context.Error.Status != 400 || got[1].Context.Error.Message == "" {
			t.Errorf("%s: %+v", bad, got)
		}
	}
	if got := k.batch("", `7`); len(got) != 1 || got[0].Decision {
		t.Errorf("only a bad item: %+v", got)
	}
}

func TestWithoutEvaluationsABatchIsOneEvaluation(t *testing.T) {
	k := newDesk(t)
	for _, more := range []string{``, `,"evaluations":[]`, `,"evaluations":null`} {
		for words, want := range map[string]string{"user ana@acme.test view project alpha": `{"decision":true}`, "user ana@acme.test edit project alpha": `{"decision":false}`} {
			if w := k.post(k.token, EvaluationsPath, body(words, more)); w.Code != http.StatusOK || strings.TrimSpace(w.Body.String()) != want {
				t.Errorf("%s: %d %s", more, w.Code, w.Body)
			}
		}
		if w := k.post(k.token, EvaluationsPath, `{"options":{}`+more+`}`); w.Code != http.StatusBadRequest {
			t.Errorf("nothing at all%s: %d", more, w.Code)
		}
	}
}
