package access

import (
	"math/bits"
	"strings"
)

// Rights is a set of rights as bits. The bits are stored: never renumber them.
type Rights int64

// A right is one verb on one resource.
const (
	Discover  Rights = 1 << iota // know that it exists: name, kind, owner, access mode, who has access
	View                         // read its content
	Query                        // run queries on it
	Create                       // make something inside it
	Edit                         // change its content
	Configure                    // change its name, description and settings
	Connect                      // manage its connections
	Reveal                       // read a secret value
	Share                        // change who has access
	Delete                       // remove it
	Transfer                     // give it another owner
	Members                      // manage the members of an organization, the roles of a module
	Groups                       // manage groups
	Audit                        // read the audit log
)

var rightNames = []string{"discover", "view", "query", "create", "edit", "configure", "connect", "reveal", "share",
	"delete", "transfer", "members", "groups", "audit"}

// AllRights lists every right once, in the order of their bits.
func AllRights() []Rights {
	all := make([]Rights, len(rightNames))
	for i := range all {
		all[i] = 1 << i
	}
	return all
}

// ParseRight finds one right by its name; ok is false for a name that is none.
func ParseRight(name string) (right Rights, ok bool) {
	for i, known := range rightNames {
		if known == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// Has tells whether every one of the wanted rights is in the set.
func (r Rights) Has(wanted Rights) bool { return r&wanted == wanted }

// Count is the number of rights in the set.
func (r Rights) Count() int { return bits.OnesCount64(uint64(r)) }

// Names lists the rights of the set in the order of their bits.
func (r Rights) Names() []string {
	var names []string
	for i, name := range rightNames {
		if r.Has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

func (r Rights) String() string { return strings.Join(r.Names(), " ") }
