package web

import (
	"net/http"

	"gatehouse/access"
	"gatehouse/views"
)

// listGroupRoles shows the groups that have a role in the organization.
func (s *Server) listGroupRoles(r *request) error {
	var err error
	if r.resource, err = s.store.FindResource(r.ctx(), r.org().ID, r.user.ID, r.org().ID); err != nil {
		return err
	}
	share, err := s.share(r)
	if err != nil {
		return err
	}
	shown := views.GroupRoles{Org: r.org().Slug, OrgName: r.org().Name, CanManage: r.actor().Rights.Has(access.Members), Share: share}
	return r.show(http.StatusOK, pageOf("Roles of groups", views.GroupRolesPage, views.GroupRolesList, shown))
}
