package views

import (
	"strings"
	"testing"
	"time"

	"gatehouse/access"
)

func accountPictures() []picture {
	out := Frame{Title: "Gatehouse", Path: "/sign-in/second-step"}
	mine := Frame{Title: "Your account", Person: &ana, Path: AccountPath()}
	sessions := []SessionRow{
		{ID: "s1", Device: "Firefox on Linux", Address: "192.0.2.7", Began: clock.Add(-time.Hour), LastSeen: clock, Current: true},
		{ID: "s2", Device: "Unknown device", Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348", Began: clock.Add(-3 * day), LastSeen: clock.Add(-2 * day)}}
	account := Account{Person: ana, Name: ana.Name, App: true, RecoveryCodes: 9, CanKeepFactors: true, CanAddPasskeys: true,
		Passkeys: []PasskeyRow{{ID: "k1", Name: "Work phone", Added: clock.Add(-3 * day), LastUsed: &clock}, {ID: "k2", Name: "<b>Key</b>", Added: clock}}, Sessions: sessions,
		Orgs: []OrgLink{{Slug: org, Name: "Northwind Traders", Role: "Admin"}},
		Tokens: []OwnToken{{Org: OrgLink{Slug: org, Name: "Northwind Traders"}, Token: access.APIToken{Name: "Loader", Scopes: []access.Scope{access.DecideScope}}, MakerMay: true},
			{Org: OrgLink{Slug: org, Name: "Northwind Traders"}, Token: access.APIToken{Name: "<b>Old</b>", Scopes: access.Scopes()}}}}
	member := Member{Org: org, Member: access.Member{Person: boris, Role: orgRoles[3], Status: access.Active, JoinedAt: clock}, Details: true, CanEndSessions: true, Sessions: sessions[1:],
		Linked: &clock, CanUnlink: true}
	policy := SignInPolicy{Org: org, OrgName: "Northwind Traders", IdleHours: "13", AbsoluteHours: "24", SecondFactor: true,
		Problems: Problems{"idle_hours": "Enter a number of hours from 1 to 12."}}
	stale := policy
	stale.Present, stale.Problems = &SignInPolicy{IdleHours: "6", AbsoluteHours: "24"}, Problems{"": "Somebody else changed how members sign in. Nothing of yours was applied."}
	managed := member
	managed.Member.Managed, managed.Deactivate, managed.Remove = true, May{Refusal: "Boris is managed by your identity provider. Change it there."}, May{Refusal: "Boris is managed by your identity provider. Change it there."}
	provisioning := Provisioning{Org: org, BaseURL: "https://gatehouse.example.org/scim/v2", Works: true, People: 1204, Groups: 1,
		Tokens: []TokenRow{{Token: access.APIToken{ID: "t1", Name: "Entra ID", LastUsed: &clock}, Maker: ana.Ref(), MakerMay: true},
			{Token: access.APIToken{ID: "t2", Name: "<b>Old</b>"}}},
		Failures: []ProvisioningFailure{{At: clock, Request: "PATCH /scim/v2/Users/00000000-0000-4000-8000-000000000000", Status: 409,
			Detail: "<b>Ana</b> is the only active Admin. Make somebody else an Admin first.", RequestID: "0123456789abcdef"}}}
	return []picture{
		{"account", AccountPage(mine, account)},
		{"account-managed", AccountPage(mine, Account{Person: ana, Name: ana.Name, Provisioner: "<b>Northwind</b>"})},
		{"account-bare", AccountPage(mine, Account{Person: longName, Name: longName.Name, Problems: Problems{"name": "Enter a name."}})},
		{"second-step", SecondStepPage(out, SecondStep{Email: ana.Email, Next: "/orgs", Problems: Problems{"code": "This code is not right, or was used already. Wait for the next one."}})},
		{"second-step-passkey", SecondStepPage(out, SecondStep{Email: ana.Email, Passkeys: true, Problems: Problems{"": "This passkey is not one that opens this account."}})},
		{"passkey-new", NewPasskeyPage(mine, NewPasskey{Name: "Firefox on Linux", Able: true, Next: "/orgs", Problems: Problems{"name": "Enter a name."}})},
		{"passkey-new-unable", NewPasskeyPage(mine, NewPasskey{})},
		{"passkey-name", PasskeyNamePage(mine, PasskeyName{ID: "k1", Known: "Work phone", Name: "", Problems: Problems{"name": "Enter a name."}})},
		{"passkey-removal", PasskeyRemovalPage(mine, PasskeyRemoval{ID: "k1", Name: "<b>Key</b>", Last: true})},
		{"confirmation-passkey", ConfirmationPage(mine, Confirmation{Person: ana, HasCode: true, HasPasskey: true, Action: "/orgs", Back: "/"})},
		{"app", AppPage(mine, AppSetup{Next: "/orgs"})},
		{"app-key", AppPage(mine, AppSetup{Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", Problems: Problems{"code": "This code is not right, or was used already. Wait for the next one."}})},
		{"app-on", AppPage(mine, AppSetup{On: true})},
		{"app-without-key", AppPage(mine, AppSetup{NoVault: true})},
		{"app-removal", AppRemovalPage(mine, AppRemoval{})},
		{"recovery-codes", RecoveryCodesPage(mine, RecoveryCodes{Codes: []string{"abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"}, Next: AccountPath()})},
		{"recovery-codes-new", RecoveryCodesPage(mine, RecoveryCodes{Next: AccountPath()})},
		{"sign-in-policy", SignInPolicyPage(at(SignInPolicyPath(org)), policy)},
		{"sign-in-policy-stale", SignInPolicyPage(at(SignInPolicyPath(org)), stale)},
		{"provider", ProviderPage(at(ProviderPath(org)), Provider{Org: org, OrgName: "Northwind Traders", RedirectURL: "https://gatehouse.example.org/sso/northwind/callback", NoVault: true})},
		{"provider-tested", ProviderPage(at(ProviderPath(org)), Provider{Org: org, OrgName: "Northwind Traders", Exists: true, Version: 12345, RedirectURL: "https://gatehouse.example.org/sso/northwind/callback",
			Link: "https://gatehouse.example.org/sso/northwind", Shown: access.Provider{Issuer: "https://<b>.test", ClientID: "x", Enabled: true, Required: true, BreakGlass: ana},
			Test: &ProviderTest{Problem: "login.example.org cannot be reached."}, Problems: Problems{"issuer": "Enter a whole address."}})},
		{"provider-fine", ProviderPage(at(ProviderPath(org)), Provider{Org: org, OrgName: "Northwind Traders", Exists: true, Test: &ProviderTest{}})},
		{"sign-ons", SignOnsPage(out, SignOns{Who: "<b>", Next: "/orgs", Several: []string{"northwind", "meridian"}, Problems: Problems{"who": "There is no single sign-on under this name."}})},
		{"sign-on", SignOnPage(out, SignOn{Org: "northwind"})},
		{"sign-on-needed", SignOnPage(mine, SignOn{Org: "northwind", Known: ana.Email, Needed: true, Next: "/orgs/northwind"})},
		{"sign-on-none", SignOnPage(out, SignOn{Org: "<b>nobody", Missing: true})},
		{"sign-on-refused", SignOnPage(out, SignOn{Org: "northwind", Problem: "The provider did not let you in, or you turned back."})},
		{"confirmation-sign-on", ConfirmationPage(mine, Confirmation{Person: ana, SignOn: "/sso/northwind/start?again=yes", OrgName: "Northwind Traders", Back: "/"})},
		{"provisioning", ProvisioningPage(at(ProvisioningPath(org)), provisioning)},
		{"provisioning-empty", ProvisioningPage(at(ProvisioningPath(org)), Provisioning{Org: org, BaseURL: "https://gatehouse.example.org/scim/v2"})},
		{"provisioning-stopped", ProvisioningPage(at(ProvisioningPath(org)), Provisioning{Org: org, BaseURL: "https://gatehouse.example.org/scim/v2", People: 1, Groups: 2})},
		{"tokens", TokensPage(at(TokensPath(org)), Tokens{Org: org, Rows: provisioning.Tokens})},
		{"tokens-empty", TokensPage(at(TokensPath(org)), Tokens{Org: org})},
		{"member-managed", MemberPage(at(MemberPath(org, boris.ID)), managed)},
		{"group-managed", GroupPage(at(GroupPath(org, "g1")), Group{Org: org, ID: "g1", Name: "Quant", Managed: true, CanList: true})},
		{"member-sessions", MemberPage(at(MemberPath(org, boris.ID)), member)},
		{"confirmation-code", ConfirmationPage(mine, Confirmation{Person: ana, HasCode: true, Action: "/orgs", Back: "/"})},
	}
}

func TestADeviceIsReadFromWhatABrowserCallsItself(t *testing.T) {
	for agent, device := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36":                         "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36":                            "Chrome on Android",
		"curl/8.5.0": "curl", "": "Unknown device", "<script>": "Unknown device", strings.Repeat("x", 9000): "Unknown device",
	} {
		if got := Device(agent); got != device {
			t.Errorf("%.60q is read as %q", agent, got)
		}
	}
}
