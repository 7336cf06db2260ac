package access

// MoveResource puts a resource, with everything inside it, into another parent of the same organization.
type MoveResource struct {
	Resource Resource // with the actor's rights where it is
	From, To Resource // the parents; To with the actor's rights
	Within   bool     // To is the resource itself, or lies in it
	Moving   Rights   // every right that somebody gains or loses through the places that it comes under or leaves
	Stale    bool
}

// Who moves takes the resource away here (delete), makes it there (create), and so changes who has access (share). The
// ceiling is that of sharing: nobody hands out, or takes, by moving what they do not hold themselves. An owner holds
// everything there is to move; an Admin who is not may move only where no owner gains or loses it.
func (c MoveResource) allowed(a Actor) error {
	switch {
	case !c.Resource.Kind.Owned() || !a.may(c.Resource.Rights, Delete|Share):
		return Denied("You cannot move %s.", c.Resource.Name)
	case !a.may(c.To.Rights, Create):
		return Denied("You cannot create anything in %s.", c.To.Name)
	case c.Stale:
		return errStale
	case c.Within:
		return Invalid("parent", "%s cannot lie in itself.", c.Resource.Name)
	case !holds(c.To.Kind, c.Resource.Kind):
		return Invalid("parent", "A %s cannot lie in a %s.", c.Resource.Kind, c.To.Kind)
	case c.To.ID == c.From.ID:
		return Invalid("parent", "%s lies in %s already.", c.Resource.Name, c.To.Name)
	case !a.may(c.Resource.Rights, c.Moving):
		return Denied("People would gain or lose more on %s than you hold yourself. Ask its owner to move it.", c.Resource.Name)
	}
	return nil
}

func (c MoveResource) Event() Event {
	return Event{Action: "resource.moved", Target: c.Resource.Ref(), Before: Facts{"parent": c.From.Name}, After: Facts{"parent": c.To.Name}}
}
