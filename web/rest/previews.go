package rest

import (
	"gatehouse/access"
	"gatehouse/db"
)

// A Preview is what a change would do. It is the very change, rolled back, so what the change would be refused for its
// preview is refused for too.
type Preview struct {
	Effects []Effect `json:"effects" doc:"Losses first. Empty where nobody gains or loses anything."`
	People  int      `json:"people" doc:"Who gain or lose anything, in all."`
	Omitted int      `json:"omitted" doc:"Effects that were too many to be told; those that concern most are."`
	Skipped int      `json:"skipped" doc:"Resources that were too many to be asked about."`
}

// An Effect tells of people who would gain and lose the same rights on the same resources.
type Effect struct {
	Gained    []string `json:"gained"`
	Lost      []string `json:"lost"`
	People    int      `json:"people"`
	Names     []string `json:"names" doc:"Of the first few people; who is only in another organization is counted and not named."`
	Resources int      `json:"resources"`
	Places    []Named  `json:"places" doc:"The first few resources: where the change begins first, such as what is shared to a group, then the outermost."`
}

func preview(effect access.Effect) Preview {
	shown := Preview{Effects: []Effect{}, People: effect.People, Omitted: effect.Omitted, Skipped: effect.Skipped}
	for _, line := range effect.Lines {
		shown.Effects = append(shown.Effects, Effect{Gained: append([]string{}, line.Gained.Names()...), Lost: append([]string{}, line.Lost.Names()...),
			People: line.People, Names: append([]string{}, line.Names...), Resources: line.Resources, Places: namedEach(line.Places)})
	}
	return shown
}

func previewOf(effect access.Effect, err error) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	return found(preview(effect))
}

// PreviewMemberChange says what ChangeMember would do.
func PreviewMemberChange(c *Call) (Answer, error) {
	user, to, err := c.memberChange()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewMemberChange(c.ctx(), c.By, c.Org.ID, user, to))
}

// PreviewRemoval says what RemoveMember would do.
func PreviewRemoval(c *Call) (Answer, error) { return c.previewLeaving(c.removal()) }

// PreviewLeaving says what EndMembership would do.
func PreviewLeaving(c *Call) (Answer, error) { return c.previewLeaving(c.leaving()) }

func (c *Call) previewLeaving(user access.ID, how db.Leaving, err error) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	shown, err := c.store.PreviewLeaving(c.ctx(), c.By, c.Org.ID, user, how)
	return previewOf(shown.Effect, err)
}

// PreviewGroupDeletion says what DeleteGroup would do.
func PreviewGroupDeletion(c *Call) (Answer, error) {
	group, err := c.groupDeletion()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewGroupDeletion(c.ctx(), c.By, c.Org.ID, group.ID))
}

// PreviewGroupAddition says what AddGroupMember would do.
func PreviewGroupAddition(c *Call) (Answer, error) {
	group, who, role, err := c.groupAddition()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewGroupAddition(c.ctx(), c.By, c.Org.ID, group.ID, []access.Ref{who.Ref}, role))
}

// PreviewGroupRemoval says what RemoveGroupMember would do.
func PreviewGroupRemoval(c *Call) (Answer, error) {
	group, who, err := c.groupRemoval()
	if err != nil {
		return Answer{}, err
	}
	preview := c.store.PreviewGroupMemberRemoval
	if who.Type == "group" {
		preview = c.store.PreviewUnnesting
	}
	return previewOf(preview(c.ctx(), c.By, c.Org.ID, group.ID, who.ID))
}

// PreviewGrant says what AddGrant would do.
func PreviewGrant(c *Call) (Answer, error) {
	on, _, share, err := c.grantAsked()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewGrants(c.ctx(), c.By, c.Org.ID, on.ID, share))
}

// PreviewGrantChange says what ChangeGrant would do.
func PreviewGrantChange(c *Call) (Answer, error) {
	to, err := c.grantEdit()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewGrantChange(c.ctx(), c.By, c.Org.ID, to.on.ID, to.id, to.role, to.until, to.version))
}

// PreviewRevocation says what RevokeGrant would do.
func PreviewRevocation(c *Call) (Answer, error) {
	on, held, version, err := c.revocation()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewRevocation(c.ctx(), c.By, c.Org.ID, on.ID, held.ID, version))
}

// PreviewAccessMode says what ChangeAccessMode would do.
func PreviewAccessMode(c *Call) (Answer, error) {
	one, to, version, err := c.accessModeChange()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewAccessMode(c.ctx(), c.By, c.Org.ID, one.ID, to.AccessMode, to.OrgRole, version))
}

// PreviewMove says what MoveResource would do.
func PreviewMove(c *Call) (Answer, error) {
	one, to, version, err := c.move()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewMove(c.ctx(), c.By, c.Org.ID, one.ID, to, version))
}

// PreviewTemplate says what ChangeTemplate would do.
func PreviewTemplate(c *Call) (Answer, error) {
	edit, err := c.templateEdit()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewTemplate(c.ctx(), c.By, c.Org.ID, edit.project, edit.id, edit.name, edit.rights))
}

// PreviewApproval says what ApproveRequest would do.
func PreviewApproval(c *Call) (Answer, error) {
	request, approval, err := c.approval()
	if err != nil {
		return Answer{}, err
	}
	return previewOf(c.store.PreviewApproval(c.ctx(), c.By, c.Org.ID, request.ID, approval))
}
