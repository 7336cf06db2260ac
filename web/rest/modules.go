package rest

import (
	"gatehouse/access"
	"gatehouse/db"
)

// A Module is a part of the organization in which projects live.
type Module struct {
	ID          access.ID `json:"id"`
	Key         string    `json:"key"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Rights      []string  `json:"rights" doc:"That the token's maker holds there."`
	Resources   int       `json:"resources" doc:"Directly in it, those of which the token's maker may not know included."`
	People      int       `json:"people" doc:"With a role on the module itself."`
	Groups      int       `json:"groups" doc:"With a role on the module itself."`
}

func module(row db.ModuleRow) Module {
	return Module{ID: row.ID, Key: row.Key, Name: row.Name, Description: row.About(), Rights: append([]string{}, row.Rights.Names()...),
		Resources: row.Inside, People: row.People, Groups: row.Groups}
}

// ListModules lists the modules of which the token's maker may know. All else about a module is what it is about a resource.
func ListModules(c *Call) (Answer, error) {
	search, page, err := c.searched()
	if err != nil {
		return Answer{}, err
	}
	if c.Actor.Operator {
		listing, err := c.store.ListEveryModule(c.ctx(), c.Org.ID, search, page)
		return pageOf(listing, err, module)
	}
	listing, err := c.store.ListModules(c.ctx(), c.Org.ID, c.Actor.ID, search, page)
	return pageOf(listing, err, module)
}
