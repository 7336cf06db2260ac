package views

import "gatehouse/access"

func selectedRows() []SelectedRow {
	return []SelectedRow{
		{ID: boris.ID, Name: boris.Name, Email: boris.Email, Role: "Member", Status: access.Active},
		{ID: longName.ID, Name: longName.Name, Email: longName.Email, Role: "Modeler", Status: access.Deactivated},
		{ID: "i", Name: "new@northwind.test", Email: "new@northwind.test", Role: "Member", Status: access.Invited,
			Link: "https://gatehouse.test/invitations/abcdefghijklmnopqrstuvwxyz"},
		{ID: ana.ID, Name: ana.Name, Email: ana.Email, Role: "Admin", Status: access.Active, You: true,
			Refusal: "Ana Petrova is the only active Admin. Make somebody else an Admin first."},
	}
}

func selectionOf(act access.MemberAct, to string) Selection {
	return Selection{Org: org, Act: act, To: to, Role: "auditor", Roles: access.RolesOf(access.Organization), Rows: selectedRows(), Gone: 1, Seen: "a1"}
}
