package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestPagesOfAnAccountAreFine(t *testing.T) {
	t.Parallel()
	server := startDemoProgram(t)
	ana := as(t, server, "Ana Lopes")
	ana.watch.expects(404, 409, 422)
	dev := ana.addressOf("Dev Okafor")
	ana.visits([]place{
		{"account", page("/account")},
		{"account-refused", func(p *person) {
			p.opens("/account")
			p.fills("Your name", " ")
			p.clicks("button", "Save the name")
			p.sees("Enter a name.")
		}},
		{"app", page("/account/app?next=/orgs/meridian")},
		{"app-removal", page("/account/app/removal")},
		{"recovery-codes", page("/account/recovery-codes")},
		{"sign-in-policy", page(meridian + "/settings/sign-in")},
		{"member-sessions", page(dev)},
		{"provisioning-empty", page(meridian + "/settings/provisioning")},
		{"provisioning", func(p *person) {
			p.opens(meridian + "/tokens/new?scope=scim")
			p.fills("Name", "Entra ID")
			p.clicks("button", "Create token")
			token, err := p.field("Entra ID").InputValue()
			if err != nil {
				p.t.Fatal(err)
			}
			p.provision(token, `{"userName":"nina","displayName":"Nina"}`, 400)
			p.provision(token, `{"userName":"nina@meridian.test","displayName":"Nina Petrova"}`, 201)
			p.opens(meridian + "/settings/provisioning")
			p.sees("manages 1 member and 0 groups")
		}},
		{"member-managed", func(p *person) {
			p.opens(meridian + "/members?search=nina")
			p.clicks("link", "Nina Petrova")
			p.sees("Managed by your identity provider")
		}},
		{"confirmation", page("/confirmation?next=/account")},
		{"app-key", func(p *person) { p.startsCodes() }},
	})
}

// provision creates a user as the organization's identity provider does.
func (p *person) provision(token, user string, status int) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.server.base+"/scim/v2/Users", strings.NewReader(user))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header = http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/scim+json"}}
	got, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer got.Body.Close()
	if got.StatusCode != status {
		p.t.Errorf("a user is provisioned with %d, not %d", got.StatusCode, status)
	}
}
