package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

const (
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	coreUser   = "urn:ietf:params:scim:schemas:core:2.0:User"
)

// patched is every shape of PATCH that is taken: what is sent to Nina, and what is then true of her. A value of null says that
// there is none.
var patched = map[string][2]string{
	"a path":                        {`{"op":"replace","path":"title","value":"Lead"}`, `{"title":"Lead"}`},
	"Entra's capitals":              {`{"op":"Replace","path":"title","value":"Lead"}`, `{"title":"Lead"}`},
	"capitals everywhere":           {`{"OP":"ADD","Path":"TITLE","Value":"Lead"}`, `{"title":"Lead"}`},
	"a whole name":                  {`{"op":"replace","path":"` + coreUser + `:title","value":"Lead"}`, `{"title":"Lead"}`},
	"no path":                       {`{"op":"replace","value":{"title":"Lead","displayName":"N"}}`, `{"title":"Lead","displayName":"N"}`},
	"no path, add":                  {`{"op":"add","value":{"title":"Lead"}}`, `{"title":"Lead"}`},
	"no path, an empty path":        {`{"op":"replace","path":"","value":{"title":"Lead"}}`, `{"title":"Lead"}`},
	"no path, dotted":               {`{"op":"replace","value":{"name.givenName":"Nin"}}`, `{"name":{"givenName":"Nin","familyName":"Petrova"}}`},
	"no path, a filter":             {`{"op":"replace","value":{"emails[type eq \"work\"].value":"x@y.test"}}`, `{"emails":[{"type":"work","primary":true,"value":"x@y.test"},{"type":"home","value":"n@home.test"}]}`},
	"no path, a whole name":         {`{"op":"add","value":{"` + enterprise + `:division":"North"}}`, `{"` + enterprise + `":{"department":"Risk","division":"North"}}`},
	"no path, an extension":         {`{"op":"add","value":{"` + enterprise + `":{"division":"North"}}}`, `{"` + enterprise + `":{"department":"Risk","division":"North"}}`},
	"no path, its own id":           {`{"op":"replace","value":{"id":"{nina}","title":"Lead"}}`, `{"title":"Lead"}`},
	"false as text":                 {`{"op":"Replace","path":"active","value":"False"}`, `{"active":false}`},
	"false":                         {`{"op":"replace","path":"active","value":false}`, `{"active":false}`},
	"false in an object":            {`{"op":"replace","value":{"active":"false"}}`, `{"active":false}`},
	"false in a list":               {`{"op":"Replace","path":"active","value":[{"value":"False"}]}`, `{"active":false}`},
	"a part":                        {`{"op":"replace","path":"name.familyName","value":"Ivanova"}`, `{"name":{"givenName":"Nina","familyName":"Ivanova"}}`},
	"some parts":                    {`{"op":"replace","path":"name","value":{"familyName":"Ivanova"}}`, `{"name":{"givenName":"Nina","familyName":"Ivanova"}}`},
	"a part removed":                {`{"op":"remove","path":"name.familyName"}`, `{"name":{"givenName":"Nina"}}`},
	"an attribute removed":          {`{"op":"remove","path":"title"}`, `{"title":null}`},
	"an attribute set to null":      {`{"op":"replace","path":"title","value":null}`, `{"title":null}`},
	"an attribute set to nothing":   {`{"op":"replace","path":"title","value":""}`, `{"title":null}`},
	"what is not there removed":     {`{"op":"remove","path":"nickName"}`, `{"nickName":null}`},
	"a list added to":               {`{"op":"add","path":"emails","value":[{"type":"other","value":"o@y.test"}]}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"},{"type":"home","value":"n@home.test"},{"type":"other","value":"o@y.test"}]}`},
	"what is there added":           {`{"op":"add","path":"emails","value":{"type":"home","value":"n@home.test"}}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"},{"type":"home","value":"n@home.test"}]}`},
	"a list replaced":               {`{"op":"replace","path":"emails","value":[{"value":"o@y.test"}]}`, `{"emails":[{"value":"o@y.test"}]}`},
	"one of a list removed":         {`{"op":"remove","path":"emails[type eq \"home\"]"}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"}]}`},
	"one of a list removed by name": {`{"op":"Remove","path":"emails","value":[{"value":"n@home.test"}]}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"}]}`},
	"none of a list removed":        {`{"op":"remove","path":"emails[type eq \"car\"]"}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"},{"type":"home","value":"n@home.test"}]}`},
	"a part of one of a list":       {`{"op":"remove","path":"emails[type eq \"work\"].primary"}`, `{"emails":[{"type":"work","value":"n@work.test"},{"type":"home","value":"n@home.test"}]}`},
	"one of a list replaced":        {`{"op":"replace","path":"emails[type eq \"home\" and value pr]","value":{"value":"x@y.test"}}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"},{"value":"x@y.test"}]}`},
	"one that is not there yet":     {`{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1 555"}`, `{"phoneNumbers":[{"type":"mobile","value":"+1 555"}]}`},
	"an extension's attribute":      {`{"op":"Add","path":"` + enterprise + `:employeeNumber","value":"7"}`, `{"` + enterprise + `":{"department":"Risk","employeeNumber":"7"}}`},
	"an extension's last removed":   {`{"op":"remove","path":"` + enterprise + `:department"}`, `{"` + enterprise + `":null}`},
	"an extension removed":          {`{"op":"remove","path":"` + enterprise + `"}`, `{"` + enterprise + `":null}`},
	"a manager as text":             {`{"op":"Add","path":"` + enterprise + `:manager","value":"M1"}`, `{"` + enterprise + `":{"department":"Risk","manager":{"value":"M1"}}}`},
	"a manager in a list":           {`{"op":"Add","path":"` + enterprise + `:manager","value":[{"$ref":null,"value":"M1"}]}`, `{"` + enterprise + `":{"department":"Risk","manager":{"value":"M1"}}}`},
	"a manager's part":              {`{"op":"Add","path":"` + enterprise + `:manager.value","value":"M1"}`, `{"` + enterprise + `":{"department":"Risk","manager":{"value":"M1"}}}`},
	"several, each on the last":     {`{"op":"remove","path":"emails"},{"op":"add","path":"emails","value":{"value":"a@b.test"}},{"op":"replace","path":"emails[value eq \"a@b.test\"].type","value":"work"}`, `{"emails":[{"value":"a@b.test","type":"work"}]}`},
	"another address":               {`{"op":"replace","path":"userName","value":"NINA2@acme.test"}`, `{"userName":"nina2@acme.test"}`},
	"the provider's id":             {`{"op":"replace","path":"externalId","value":"x2"}`, `{"externalId":"x2"}`},
	"another primary one":           {`{"op":"add","path":"emails","value":{"value":"p@y.test","primary":"True"}}`, `{"emails":[{"type":"work","primary":false,"value":"n@work.test"},{"type":"home","value":"n@home.test"},{"value":"p@y.test","primary":true}]}`},
	"another made the primary one":  {`{"op":"replace","path":"emails[type eq \"home\"].primary","value":true}`, `{"emails":[{"type":"work","primary":false,"value":"n@work.test"},{"type":"home","primary":true,"value":"n@home.test"}]}`},
	"letters as numbers":            {`{"op":"remove","path":"emails[value eq \"n\\u0040home.test\"]"}`, `{"emails":[{"type":"work","primary":true,"value":"n@work.test"}]}`},
}

// unpatched is what is refused, with the kind of refusal.
var unpatched = map[string][2]string{
	"no such operation":           {`{"op":"move","path":"title","value":"x"}`, "invalidSyntax"},
	"no operation":                {`{"path":"title","value":"x"}`, "invalidSyntax"},
	"an operation that is none":   {`"replace"`, "invalidSyntax"},
	"something else in it":        {`{"op":"replace","path":"title","value":"x","if":"y"}`, "invalidSyntax"},
	"an attribute that is none":   {`{"op":"replace","path":"is_admin","value":true}`, "invalidPath"},
	"roles":                       {`{"op":"add","path":"roles","value":[{"value":"admin"}]}`, "invalidPath"},
	"entitlements without a path": {`{"op":"add","value":{"entitlements":[{"value":"admin"}]}}`, "invalidPath"},
	"a schema that is none":       {`{"op":"add","path":"urn:example:2.0:User:rank","value":"x"}`, "invalidPath"},
	"a part that is none":         {`{"op":"replace","path":"name.nick","value":"x"}`, "invalidPath"},
	"a part of a list":            {`{"op":"replace","path":"emails.value","value":"x"}`, "invalidPath"},
	"a part of what has none":     {`{"op":"replace","path":"title.value","value":"x"}`, "invalidPath"},
	"a filter on what is no list": {`{"op":"replace","path":"name[givenName eq \"Nina\"].familyName","value":"x"}`, "invalidPath"},
	"a path that is none":         {`{"op":"replace","path":"emails[type eq","value":"x"}`, "invalidPath"},
	"a filter that is none":       {`{"op":"remove","path":"emails[rank eq \"x\"]"}`, "invalidFilter"},
	"an empty filter":             {`{"op":"remove","path":"emails[]"}`, "invalidPath"},
	"a value that is not there":   {`{"op":"replace","path":"emails[type eq \"car\"].value","value":"x"}`, "noTarget"},
	"a removal of nothing":        {`{"op":"remove"}`, "noTarget"},
	"a removal without a path":    {`{"op":"remove","value":{"title":"x"}}`, "noTarget"},
	"the id":                      {`{"op":"replace","path":"id","value":"x"}`, "mutability"},
	"another's id":                {`{"op":"replace","value":{"id":"{tara}"}}`, "mutability"},
	"what the server says":        {`{"op":"replace","path":"meta.created","value":"2020-01-01T00:00:00Z"}`, "mutability"},
	"the password":                {`{"op":"replace","path":"password","value":"hunter2 hunter2"}`, "invalidPath"},
	"the password without a path": {`{"op":"replace","value":{"password":"hunter2 hunter2"}}`, "invalidPath"},
	"the user name taken away":    {`{"op":"remove","path":"userName"}`, "mutability"},
	"the user name set to null":   {`{"op":"replace","path":"userName","value":null}`, "mutability"},
	"active taken away":           {`{"op":"remove","path":"active"}`, "mutability"},
	"a user name that is none":    {`{"op":"replace","path":"userName","value":"nina"}`, "invalidValue"},
	"a user name set to nothing":  {`{"op":"replace","path":"userName","value":""}`, "invalidValue"},
	"text that is a number":       {`{"op":"replace","path":"title","value":7}`, "invalidValue"},
	"text that is a list":         {`{"op":"replace","path":"title","value":["a","b"]}`, "invalidValue"},
	"active that is no boolean":   {`{"op":"replace","path":"active","value":"perhaps"}`, "invalidValue"},
	"active that is nothing":      {`{"op":"replace","path":"active","value":[null]}`, "invalidValue"},
	"active without a value":      {`{"op":"replace","value":{"active":[{"value":null}]}}`, "invalidValue"},
	"a name that is text":         {`{"op":"replace","path":"name","value":"Nina"}`, "invalidValue"},
	"a value that is no object":   {`{"op":"replace","value":"x"}`, "invalidValue"},
	"a long text":                 {`{"op":"replace","path":"title","value":"` + strings.Repeat("x", 2001) + `"}`, "invalidValue"},
	"a long id":                   {`{"op":"replace","path":"externalId","value":"` + strings.Repeat("ü", 256) + `"}`, "invalidValue"},
	"a long name":                 {`{"op":"replace","path":"displayName","value":"` + strings.Repeat("x", 121) + `"}`, "invalidValue"},
	"a name of two lines":         {`{"op":"replace","path":"displayName","value":"a\nb"}`, "invalidValue"},
	"letters that are none":       {`{"op":"replace","path":"title","value":"a\u0000b"}`, "invalidSyntax"},
	"a part of an extension":      {`{"op":"add","value":{"` + enterprise + `":{"rank":"x"}}}`, "invalidPath"},
	"an extension that is text":   {`{"op":"add","path":"` + enterprise + `","value":"x"}`, "invalidValue"},
	"many values":                 {`{"op":"add","path":"emails","value":[` + strings.Repeat(`{"value":"x"},`, 100) + `{"value":"x"}]}`, "invalidValue"},
	"many values one by one":      {strings.Repeat(`{"op":"add","path":"ims","value":{"value":"COUNT"}},`, 101) + `{"op":"remove","path":"title"}`, "invalidValue"},
	"two primary ones":            {`{"op":"replace","path":"emails","value":[{"value":"a@y.test","primary":true},{"value":"b@y.test","primary":true}]}`, "invalidValue"},
	"something good, then bad":    {`{"op":"replace","path":"title","value":"Lead"},{"op":"replace","path":"active","value":false},{"op":"replace","path":"rank","value":"x"}`, "invalidPath"},
	"something good, then taken":  {`{"op":"replace","path":"title","value":"Lead"},{"op":"replace","path":"userName","value":"admin@acme.test"}`, "uniqueness"},
}

// nina is a provider with one user of whom it says something.
func nina(t testing.TB) *provider {
	p := newProvider(t)
	p.user("nina@acme.test", `,"externalId":"x1","displayName":"Nina","title":"Analyst","name":{"givenName":"Nina","familyName":"Petrova"},
		"emails":[{"type":"work","primary":true,"value":"n@work.test"},{"type":"home","value":"n@home.test"}],"`+enterprise+`":{"department":"Risk"}`)
	return p
}

// To see this fail: let edits.go's applyWhere keep what it has found, or its apply put what is added in the place of what is there.
func TestEveryShapeOfPatchDoesWhatItSays(t *testing.T) {
	t.Parallel()
	p := nina(t)
	first := p.sends(http.MethodGet, "/Users/{nina}", "").is(http.StatusOK)
	delete(first, "meta")
	whole, _ := json.Marshal(first)
	for name, row := range patched {
		got := p.patches("/Users/{nina}", row[0]).is(http.StatusOK)
		var want map[string]any
		if err := json.Unmarshal([]byte(row[1]), &want); err != nil {
			t.Fatal(name, err)
		}
		if read := p.sends(http.MethodGet, "/Users/{nina}", "").is(http.StatusOK); !reflect.DeepEqual(read, got) {
			t.Errorf("%s: the answer is\n%v\nand what is read afterwards\n%v", name, got, read)
		}
		for key, was := range first {
			if _, changed := want[key]; !changed && key != "schemas" {
				want[key] = was
			}
		}
		for key, v := range want {
			if !reflect.DeepEqual(got[key], v) {
				t.Errorf("%s: %s is %v, not %v", name, key, got[key], v)
			}
		}
		p.sends(http.MethodPut, "/Users/{nina}", string(whole)).is(http.StatusOK)
	}
}

// To see this fail: carry on in changeUser (user_changes.go) after an edit that was refused.
func TestAPatchThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	p := nina(t)
	before := p.sends(http.MethodGet, "/Users/{nina}", "").is(http.StatusOK)
	events := p.events()
	for name, row := range unpatched {
		status := http.StatusBadRequest
		if row[1] == "uniqueness" {
			status = http.StatusConflict
		}
		for i := 0; strings.Contains(row[0], "COUNT"); i++ {
			row[0] = strings.Replace(row[0], "COUNT", fmt.Sprint(i), 1)
		}
		got := p.patches("/Users/{nina}", row[0])
		t.Log(name+":", got.refuses(status, row[1]))
	}
	for body, kind := range map[string]string{`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[]}`: "invalidSyntax",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}`: "invalidSyntax", `{"Operations":"x"}`: "invalidSyntax",
		`{"schemas":["urn:other"],"Operations":[{"op":"remove","path":"title"}]}`: "invalidSyntax", `[]`: "invalidSyntax", `{`: "invalidSyntax", `null`: "invalidSyntax",
		`{"Operations":[{"op":"remove","path":"title"}],"role":"admin"}`: "invalidSyntax"} {
		p.sends(http.MethodPatch, "/Users/{nina}", body).refuses(http.StatusBadRequest, kind)
	}
	if after := p.sends(http.MethodGet, "/Users/{nina}", "").is(http.StatusOK); !reflect.DeepEqual(before, after) || p.events() != events {
		t.Errorf("was\n%v\nand is\n%v", before, after)
	}
}

// The usual faults elsewhere: a removal by filter that does nothing, or clears everyone; an addition that replaces. To see this fail
// in each of the three ways: let removeWhere (group_members.go) return at once, or clear, or let apply clear for add too.
func TestMembersOfAGroupGoAndComeAsTheyAreSent(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	by := func(name string) string { return `{"value":"` + p.ids[name] + `"}` }
	where := func(filter string) string {
		return fmt.Sprintf(`{"op":"remove","path":"members[%s]"}`, strings.ReplaceAll(filter, `"`, `\"`))
	}
	p.group("Inside")
	p.group("Crew")
	for name, row := range map[string][2]string{
		"add":                           {`{"op":"add","path":"members","value":[` + by("audra") + `]}`, "Inside audra plain tara"},
		"add one as an object":          {`{"op":"add","path":"members","value":` + by("audra") + `}`, "Inside audra plain tara"},
		"add without a path":            {`{"op":"add","value":{"members":[` + by("audra") + `]}}`, "Inside audra plain tara"},
		"add who is there":              {`{"op":"Add","path":"members","value":[` + by("tara") + `,` + by("tara") + `]}`, "Inside plain tara"},
		"add nobody":                    {`{"op":"add","path":"members","value":[]}`, "Inside plain tara"},
		"remove by a filter":            {where(`value eq "` + p.ids["tara"] + `"`), "Inside plain"},
		"remove two by a filter":        {where(`value eq "` + p.ids["tara"] + `" or value eq "` + p.ids["plain"] + `"`), "Inside"},
		"remove the others by a filter": {where(`value ne "` + p.ids["tara"] + `"`), "tara"},
		"remove groups by a filter":     {where(`type eq "Group"`), "plain tara"},
		"remove nobody by a filter":     {where(`value eq "` + p.ids["audra"] + `"`), "Inside plain tara"},
		"remove by a list":              {`{"op":"Remove","path":"members","value":[` + by("tara") + `]}`, "Inside plain"},
		"remove a group by a list":      {`{"op":"Remove","path":"members","value":[` + by("Inside") + `]}`, "plain tara"},
		"remove who is not there":       {`{"op":"Remove","path":"members","value":[` + by("audra") + `]}`, "Inside plain tara"},
		"remove by an empty list":       {`{"op":"Remove","path":"members","value":[]}`, "Inside plain tara"},
		"remove everybody":              {`{"op":"remove","path":"members"}`, ""},
		"replace":                       {`{"op":"replace","path":"members","value":[` + by("audra") + `,` + by("tara") + `]}`, "audra tara"},
		"replace without a path":        {`{"op":"replace","value":{"members":[` + by("tara") + `]}}`, "tara"},
		"replace by nobody":             {`{"op":"replace","path":"members","value":[]}`, ""},
		"add, then remove":              {`{"op":"add","path":"members","value":[` + by("audra") + `]},` + where(`value eq "`+p.ids["audra"]+`"`), "Inside plain tara"},
		"remove, then add":              {`{"op":"remove","path":"members"},{"op":"add","path":"members","value":[` + by("tara") + `]}`, "tara"},
	} {
		p.sends(http.MethodPut, "/Groups/{Crew}", `{"displayName":"Crew","members":[{"value":"{tara}"},{"value":"{plain}"},{"value":"{Inside}"}]}`).is(http.StatusOK)
		p.patches("/Groups/{Crew}", row[0]).must(http.StatusNoContent)
		if inside := p.members("Crew"); inside != row[1] {
			t.Errorf("%s: %q are inside, not %q", name, inside, row[1])
		}
	}
	p.sends(http.MethodPut, "/Groups/{Crew}", `{"displayName":"Crew","members":[{"value":"{tara}"}]}`).is(http.StatusOK)
	p.sends(http.MethodPut, "/Groups/{Crew}", `{"displayName":"Crew 2"}`).is(http.StatusOK)
	if inside := p.members("Crew"); inside != "tara" {
		t.Error("after a PUT that says nothing of members:", inside)
	}
	events := p.events()
	for operation, kind := range map[string]string{
		`{"op":"add","path":"members","value":[` + by("tara") + `,{"value":"00000000-0000-4000-8000-000000000000"}]}`: "invalidValue",
		`{"op":"add","path":"members","value":[` + by("plain") + `,` + by("gil") + `]}`:                               "invalidValue", // of another organization
		`{"op":"add","path":"members","value":[` + by("research") + `]}`:                                              "invalidValue", // no group of the provider
		`{"op":"add","path":"members","value":["` + p.ids["plain"] + `"]}`:                                            "invalidValue",
		`{"op":"add","path":"members","value":[{"display":"Plain"}]}`:                                                 "invalidValue",
		`{"op":"add","path":"members","value":[{"value":"{plain}","role":"admin"}]}`:                                  "invalidValue",
		`{"op":"replace","path":"members[value eq \"x\"]","value":` + by("plain") + `}`:                               "invalidPath",
		`{"op":"replace","path":"members[value eq \"x\"].display","value":"x"}`:                                       "mutability",
		`{"op":"remove","path":"members[rank eq \"x\"]"}`:                                                             "invalidFilter",
		`{"op":"remove","path":"members","value":null}`:                                                               "invalidValue",
		`{"op":"remove","path":"displayName"}`:                                                                        "mutability",
		`{"op":"replace","path":"displayName","value":"Other"},{"op":"add","path":"owners","value":"x"}`:              "invalidPath",
	} {
		p.patches("/Groups/{Crew}", operation).refuses(http.StatusBadRequest, kind)
	}
	if inside := p.members("Crew"); inside != "tara" || p.events() != events {
		t.Error("after refusals:", inside)
	}
	// Each look through a large group takes time for which the organization waits; one who is named is not looked for.
	look := where(`display co "x"`)
	p.patches("/Groups/{Crew}", strings.Repeat(look+",", 100)+look).refuses(http.StatusBadRequest, "invalidFilter")
	p.patches("/Groups/{Crew}", strings.Repeat(look+",", 100)+strings.Repeat(where(`value eq "`+p.ids["plain"]+`"`)+",", 5000)+where(`VALUE EQ "`+p.ids["tara"]+`"`)).
		must(http.StatusNoContent)
	if inside := p.members("Crew"); inside != "" {
		t.Error("after 5,101 removals:", inside)
	}
}
