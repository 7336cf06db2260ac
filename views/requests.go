package views

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/access"
)

// RequestForm asks for access, or changes what was asked for. It posts role, days and message.
type RequestForm struct {
	Org      string
	OrgName  string
	About    access.Ref // without a name where the person may not know of it
	Roles    []access.Role
	Role     string
	Days     string // as chosen
	Message  string
	Open     *access.Request // what they ask for already
	Last     *access.Request // the last one, which was answered or has ended
	Problems Problems
}

// Requests is the page of what waits for the person's answer, and of what they asked for.
type Requests struct {
	Org   string
	Rows  []RequestRow
	Pager Pager
	Own   OwnRequests
}

// A RequestRow is a request that waits for an answer.
type RequestRow struct {
	Request access.Request
	Held    string // the strongest role that the person has there already, as pages write it; empty for none
}

// OwnRequests are what somebody asked for.
type OwnRequests struct {
	Org  string
	Rows []access.Request
}

// RequestReview is one request, for whoever answers it. It posts role, expires_at and version, or reason and version.
type RequestReview struct {
	Org       string
	Request   access.Request
	Held      string        // as in RequestRow
	Roles     []access.Role // that the one who answers may give
	Role      string        // as chosen
	ExpiresAt string        // as typed
	Effect    access.Effect // of that role
	Refusal   string        // why that role cannot be given
	Reason    string        // as typed
	Problems  Problems
	Denying   bool // the problems are those of the other form
}

func (f RequestForm) title() string {
	if f.About.Name == "" {
		return "Ask for access"
	}
	return "Ask for access to " + f.About.Name
}

func (f RequestForm) lead() string {
	if f.About.Name == "" {
		return "If the link leads to something at " + f.OrgName + ", those who can share it are asked."
	}
	return "Those who can share this " + f.About.Type + " are asked."
}

func (f RequestForm) back() string {
	if f.About.Name == "" {
		return RequestsPath(f.Org)
	}
	return ResourcePath(f.Org, f.About.ID)
}

func (f RequestForm) button() string {
	if f.Open != nil {
		return "Change the request"
	}
	return "Ask for access"
}

func (f RequestForm) formProblem() string { return f.Problems[""] }

// daysOptions are the lengths of time to choose from.
func daysOptions() []Option {
	options := make([]Option, len(access.RequestDays))
	for i, days := range access.RequestDays {
		options[i] = Option{Value: strconv.Itoa(days), Label: capital(forDays(days))}
	}
	return options
}

// forDays says how long access is needed.
func forDays(days int) string {
	switch days {
	case 0:
		return "until it is taken away"
	case 1:
		return "for a day"
	case 7:
		return "for a week"
	case 30:
		return "for a month"
	case 90:
		return "for three months"
	}
	return "for " + count(days, "day", "days")
}

// wish is what a request asks for: "Viewer for a month".
func wish(r access.Request) string {
	return roleTitle(access.Kind(r.About.Type), r.Role) + " " + forDays(r.Days)
}

// requestState says where a request of one's own stands.
func requestState(r access.Request) string {
	switch r.Status {
	case access.OpenRequest:
		return "Nobody has answered yet. The request expires " + ago(r.ExpiresAt) + "."
	case access.ApprovedRequest:
		until := ""
		if r.Answer.Until != nil {
			until = " until " + r.Answer.Until.UTC().Format("2 January 2006")
		}
		return r.Answer.By + " gave you the role " + r.Answer.Role + until + "."
	case access.DeniedRequest:
		return r.Answer.By + " said no." + reasonBehind(r.Answer.Reason)
	case access.WithdrawnRequest:
		return "You took it back."
	}
	return "Nobody answered in time. You can ask again."
}

func reasonBehind(reason string) string {
	if reason == "" {
		return ""
	}
	return " They wrote: " + strings.ReplaceAll(reason, "\r\n", "\n")
}

func requestStatus(r access.Request) string {
	if r.Status == access.OpenRequest {
		return "Waiting"
	}
	return capital(string(r.Status))
}

// statusClass colours a state that needs attention.
func statusClass(r access.Request) string {
	switch r.Status {
	case access.ApprovedRequest:
		return "status status-good"
	case access.DeniedRequest:
		return "status status-bad"
	case access.OpenRequest:
		return "status status-wait"
	}
	return "status"
}

// about names what a request is about. What one may not know of is named by the end of its link.
func about(r access.Request) string {
	if r.About.Name != "" {
		return r.About.Name
	}
	id := string(r.About.ID)
	return "A link ending in " + id[max(0, len(id)-6):]
}

func (r RequestRow) held() string {
	if r.Held == "" {
		return "Has no access there now."
	}
	return "Is " + article(r.Held) + " there now."
}

func (r RequestReview) title() string {
	return r.Request.From.Label() + " asks for access to " + r.Request.About.Name
}

func (r RequestReview) held() string { return RequestRow{Held: r.Held}.held() }

// over says why there is nothing to answer any more; empty for an open request.
func (r RequestReview) over() string {
	switch r.Request.Status {
	case access.OpenRequest:
		return ""
	case access.ApprovedRequest:
		return r.Request.Answer.By + " approved this request and gave the role " + r.Request.Answer.Role + "."
	case access.DeniedRequest:
		return r.Request.Answer.By + " denied this request." + reasonBehind(r.Request.Answer.Reason)
	case access.WithdrawnRequest:
		return r.Request.From.Label() + " took this request back."
	}
	return "Nobody answered this request in time, and it expired."
}

// approveProblem is what is wrong with the form that gives access, beside its fields.
func (r RequestReview) approveProblem() string {
	if r.Denying {
		return ""
	}
	for _, field := range []string{"", "principal"} {
		if r.Problems[field] != "" {
			return r.Problems[field]
		}
	}
	return ""
}

// rolePath says what another role would give, as soon as it is chosen.
func (r RequestReview) rolePath() string { return RequestPath(r.Org, r.Request.ID) }

func (r RequestReview) effectLead() string {
	if r.Refusal != "" {
		return r.Refusal
	}
	if len(r.Effect.Lines) == 0 {
		return r.Request.From.Label() + " can do all of this already."
	}
	if one := r.Effect.Only(); one != "" {
		return "This is what it gives " + one + ":"
	}
	return "This is what it gives:"
}

// badge is the number beside the entry in the panel.
func badge(count int) string {
	if count >= 50 {
		return "50+"
	}
	return strconv.Itoa(count)
}

// DaysAhead is the value of an expiry field some days from now; empty for no end.
func DaysAhead(days int) string {
	if days == 0 {
		return ""
	}
	return inputTime(now().AddDate(0, 0, days).Truncate(time.Hour).Add(time.Hour))
}

// requestSentence is a request in a line: who asks, for what.
func requestSentence(org string, r access.Request, onlyRole bool) []phrase {
	who := strong(r.From.Label())
	if onlyRole {
		return []phrase{who, text(": %s", wish(r))}
	}
	return []phrase{who, text(" asks for "), named(org, r.About), text(": %s", wish(r))}
}

func aboutIcon(r access.Request) string {
	if r.About.Type == "" {
		return "link"
	}
	return kindIcon(r.About.Type)
}
