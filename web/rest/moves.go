package rest

import "gatehouse/access"

// A Placement is where a resource lies.
type Placement struct {
	Parent access.ID `json:"parent"`
}

// ShowPlacement answers in what a resource lies.
func ShowPlacement(c *Call) (Answer, error) {
	one, err := c.resource()
	if err == nil && one.Parent == "" {
		err = access.ErrNotFound
	}
	if err != nil {
		return Answer{}, err
	}
	shown, err := found(Placement{Parent: one.Parent})
	return shown.of(one.Version), err
}

// move reads into which parent the resource of the path is to go. One without the form of an id was never issued.
func (c *Call) move() (one access.Resource, to access.ID, version int64, err error) {
	if one, err = c.resource(); err != nil {
		return one, to, version, err
	}
	asked, err := read[Placement](c)
	if err != nil {
		return one, to, version, err
	}
	if to = asked.value.Parent; !access.IsID(string(to)) {
		return one, to, version, access.ErrNotFound
	}
	version, err = c.version()
	return one, to, version, err
}

// MoveResource puts a resource, with everything inside it, into another parent. Whoever made the token may know of it no
// longer afterwards.
func MoveResource(c *Call) (Answer, error) {
	one, to, version, err := c.move()
	if err != nil {
		return Answer{}, err
	}
	if err := c.store.MoveResource(c.ctx(), c.By, c.Org.ID, one.ID, to, version); err != nil {
		return Answer{}, err
	}
	shown, err := found(Placement{Parent: to})
	return shown.of(c.versionNow(one)), err
}
