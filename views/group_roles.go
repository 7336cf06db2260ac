package views

// GroupRoles is the list of the groups that have a role in the organization.
type GroupRoles struct {
	Org       string
	OrgName   string
	CanManage bool
	Share     Share // of the organization
}
