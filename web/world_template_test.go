package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/db/dbtest"
)

// makeTemplate fills the database that all worlds are copies of.
func makeTemplate(t testing.TB) {
	d := dbtest.New(t)
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	acme, globex := d.Organization(t, "acme"), d.Organization(t, "globex")
	template.ids, template.tokens = map[string]string{}, map[string]string{}
	name := func(key string, id access.ID) access.ID { template.ids[key] = string(id); return id }
	user := func(id access.ID) access.Ref { return access.Ref{Type: "user", ID: id} }
	group := func(id access.ID) access.Ref { return access.Ref{Type: "group", ID: id} }

	// acme: its people, a group with a group inside, a project with a package, grants and an invitation
	admin := name("admin", acme.Admin)
	plain := name("plain", acme.Member("plain", "member"))
	grace := name("grace", acme.Member("grace", "member"))
	audra := name("audra", acme.Member("audra", "auditor"))
	moda := name("moda", acme.Member("moda", "modeler"))
	tara := name("tara", acme.Member("tara", "member"))
	dan := name("dan", acme.Member("dan", "modeler"))
	name("second", acme.Member("second", "admin")) // nobody is the last Admin
	research := name("research", acme.Group("Research", tara, dan))
	must(d.AddToGroup(ctx, dbtest.By(admin), acme.ID, research, []access.Ref{user(grace)}, access.GroupAdmin))
	inner := name("inner", acme.Group("Inner", tara))
	for _, group := range []access.ID{research, inner} { // an Admin of the organization is in neither
		must(d.RemoveGroupMember(ctx, dbtest.By(admin), acme.ID, group, admin))
	}
	acme.AddToGroup(research, group(inner))
	name("board", acme.Group("Board"))
	alpha := name("alpha", acme.Project("Alpha", moda))
	name("pack", acme.Inside(alpha, access.Package, "Pack", moda))
	holding := func(key string, kind access.Kind, content map[string]string) {
		made := db.NewResource{Kind: kind, Parent: alpha, Name: key, Content: content}
		id, err := d.CreateResource(ctx, dbtest.By(moda), acme.ID, made)
		must(err)
		name(key, id)
	}
	holding("figures", access.Dataset, map[string]string{"location": "s3://lake/first"})
	holding("dashboard", access.Release, map[string]string{"url": "https://dashboard.example.org/hidden-address"})
	holding("rate", access.Constant, map[string]string{"value": "hidden-value"})
	secret, err := d.CreateResource(ctx, dbtest.By(moda), acme.ID, db.NewResource{Kind: access.Secret, Parent: alpha, Name: "password", Secret: hiddenSecret})
	must(err)
	name("password", secret)
	bucket := name("bucket", acme.Inside(alpha, access.Bucket, "Files", moda))
	artifact, err := d.UploadArtifact(ctx, dbtest.By(moda), acme.ID, db.NewResource{Parent: bucket},
		db.Upload{Name: "report.html", Content: strings.NewReader(hiddenFile), Limit: 1000})
	must(err)
	name("artifact", artifact)
	acme.Grant(moda, alpha, group(research), "viewer")
	acme.Grant(moda, alpha, user(tara), "editor")
	name("workspace", acme.Module)
	yard, err := d.CreateResource(ctx, dbtest.By(admin), acme.ID, db.NewResource{Kind: access.Module, Parent: acme.ID, Name: "Yard"})
	must(err)
	name("yard", yard)
	name("invitation token", access.ID(invite(t, d, acme, "newcomer@invited.test")))
	must(d.DeactivateMember(ctx, dbtest.By(admin), acme.ID, dan))

	// globex: one of each kind that acme has
	outsider := name("outsider", globex.Admin)
	gil := name("gil", globex.Member("gil", "modeler"))
	gamma := name("gamma", globex.Group("Gamma", gil))
	beta := name("beta", globex.Project("Beta", gil))
	globex.Grant(gil, beta, user(outsider), "viewer")
	globex.Grant(gil, beta, group(gamma), "viewer")
	name("globex workspace", globex.Module)
	invite(t, d, globex, "somebody@invited.test")
	name("acme", acme.ID)
	name("globex", globex.ID)

	for key, at := range map[string]struct{ org, project, by access.ID }{"template": {acme.ID, alpha, moda}, "globex template": {globex.ID, beta, gil}} {
		id, err := d.CreateTemplate(ctx, dbtest.By(at.by), at.org, at.project, "Analyst", access.View|access.Query)
		must(err)
		name(key, id)
	}

	wish := db.AskedAccess{Role: "viewer", Days: 7, Message: "hidden message"}
	mine, err := d.RequestAccess(ctx, dbtest.By(plain), acme.ID, alpha, wish)
	must(err)
	name("request", mine)
	theirs, err := d.RequestAccess(ctx, dbtest.By(globex.Member("gus", "member")), globex.ID, beta, wish)
	must(err)
	name("globex request", theirs)

	one := func(key, query string, args ...any) {
		var id string
		must(d.Pool.QueryRow(ctx, query, args...).Scan(&id))
		template.ids[key] = id
	}
	one("grant", `SELECT id::text FROM grants WHERE resource_id = $1 AND user_id = $2`, alpha, tara)
	one("globex grant", `SELECT id::text FROM grants WHERE resource_id = $1 AND user_id = $2`, beta, outsider)
	one("role grant", `SELECT id::text FROM grants WHERE org_id = $1 AND user_id = $2 AND resource_kind = 'organization'`, acme.ID, tara)
	one("invitation", `SELECT id::text FROM invitations WHERE org_id = $1 AND accepted_at IS NULL`, acme.ID)
	one("globex invitation", `SELECT id::text FROM invitations WHERE org_id = $1 AND accepted_at IS NULL`, globex.ID)
	one("version", `SELECT acl_version::text FROM resources WHERE id = $1`, alpha)

	for org, admin := range map[string]access.ID{"acme": acme.Admin, "globex": globex.Admin} {
		asked := db.NewAPIToken{Name: "Loader of " + org, Scopes: []string{"decide"}}
		_, err := d.CreateAPIToken(ctx, dbtest.By(admin), access.ID(template.ids[org]), asked)
		must(err)
	}
	one("api token", `SELECT id::text FROM api_tokens WHERE org_id = $1`, acme.ID)
	one("globex api token", `SELECT id::text FROM api_tokens WHERE org_id = $1`, globex.ID)

	// The ways in
	hash, err := hashPassword(password)
	must(err)
	_, err = d.Pool.Exec(ctx, `INSERT INTO accounts (user_id, password_hash) SELECT id, $1 FROM users
		ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash`, hash)
	must(err)
	setup, err := d.MakeSetupToken(ctx)
	must(err)
	name("setup token", access.ID(setup))
	link, err := d.MakeSignInLink(ctx, plain, time.Hour, false)
	must(err)
	name("link token", access.ID(link))
	sessions := map[string]access.ID{"outsider": outsider, "member": plain, "group admin": grace, "auditor": audra, "owner": moda,
		"admin": admin, "deactivated": dan, "tara": tara, "gil": gil}
	for actor, id := range sessions {
		template.tokens[actor], err = d.StartSession(ctx, id, "192.0.2.1", "test")
		must(err)
	}
	one("tara's session", `SELECT id::text FROM sessions WHERE user_id = $1`, tara)
	_, err = d.Pool.Exec(ctx, `INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name)
		VALUES ($1, 'tara', 'none', 0, '{}', false, false, 'Hidden phone')`, tara)
	must(err)
	one("tara's passkey", `SELECT id::text FROM passkeys`)
	one("gil's session", `SELECT id::text FROM sessions WHERE user_id = $1`, gil)
	d.Store.Close()
	d.Pool.Close()
	source = d.URL
}

func invite(t testing.TB, d *dbtest.Database, org *dbtest.Organization, email string) string {
	t.Helper()
	token, err := d.Invite(t.Context(), dbtest.By(org.Admin), org.ID, db.NewInvitation{Email: email, Role: "member", Message: "Come and join us."})
	if err != nil {
		t.Fatal(err)
	}
	return token
}
