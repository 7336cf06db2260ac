package access

import (
	"slices"
	"time"
)

// A Source is why a path gives rights.
type Source string

const (
	ByOwner Source = "owner"
	ByGrant Source = "grant"
	ByMode  Source = "mode"
)

// A Path is one reason for which somebody has rights on a resource. The rights of a person are the union of
// those of their paths.
type Path struct {
	Source    Source
	Rights    Rights     // that this path gives on the resource asked about
	Role      Role       // at the place where it sits
	Place     Ref        // the resource where it sits: the one asked about, or one that contains it
	Inherited bool       // the place contains the resource asked about
	Mode      Mode       // for ByMode: who is let in there
	Via       []Ref      // from the person's own group up to the principal of the grant, or the organization
	GrantID   ID         // for ByGrant
	ExpiresAt *time.Time // for a grant that ends
}

// PutGiving puts the paths that give a right before the others, each in their order.
func PutGiving(paths []Path, right Rights) {
	slices.SortStableFunc(paths, func(a, b Path) int {
		switch {
		case a.Rights.Has(right) == b.Rights.Has(right):
			return 0
		case a.Rights.Has(right):
			return -1
		}
		return 1
	})
}

// SortPaths puts the strongest path first, and of equals the shortest.
func SortPaths(paths []Path) {
	slices.SortStableFunc(paths, func(a, b Path) int {
		if a.Rights.Count() != b.Rights.Count() {
			return b.Rights.Count() - a.Rights.Count()
		}
		return len(a.Via) - len(b.Via)
	})
}
