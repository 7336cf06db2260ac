package access

import "slices"

// A Kind is the kind of a resource. Organizations and modules are resources too: there is one tree.
type Kind string

const (
	Organization Kind = "organization"
	Module       Kind = "module"
	Project      Kind = "project"
	Package      Kind = "package"
	Dataset      Kind = "dataset"
	Constant     Kind = "constant"
	Secret       Kind = "secret"
	Bucket       Kind = "bucket"
	Artifact     Kind = "artifact"
	Release      Kind = "release"
	Analysis     Kind = "analysis"
	Connection   Kind = "connection"
)

// Kinds lists every kind, what contains before what is contained.
func Kinds() []Kind {
	return []Kind{Organization, Module, Project, Package, Dataset, Constant, Secret, Bucket, Artifact, Release, Analysis, Connection}
}

// contents are the kinds that live in a project, and in a module without a project.
var contents = []Kind{Package, Dataset, Constant, Secret, Bucket, Release, Analysis, Connection}

// Holds lists the kinds that may lie directly inside a resource of this kind.
func (k Kind) Holds() []Kind {
	switch k {
	case Organization:
		return []Kind{Module}
	case Module:
		return append([]Kind{Project}, contents...)
	case Project:
		return slices.Clone(contents)
	case Bucket:
		return []Kind{Artifact}
	}
	return nil
}

// Owned tells whether resources of this kind have an owner. Organizations and modules are held by their
// administrators instead: an owner would own everything inside.
func (k Kind) Owned() bool { return k != Organization && k != Module }

// Rights are those that somebody can hold on a resource of this kind by a role on it.
func (k Kind) Rights() Rights {
	var rights Rights
	for _, role := range roles {
		if role.Kind == k {
			rights |= role.Here
		}
	}
	return rights
}

// Handing is the right that one needs on a resource of this kind to change who has a role there.
func (k Kind) Handing() Rights {
	if k.Owned() {
		return Share
	}
	return Members
}

// WidestMode is the widest access mode that a resource of this kind may have or inherit.
func (k Kind) WidestMode() Mode {
	switch k {
	case Organization, Module:
		return Restricted
	case Constant, Secret, Connection:
		return OrganizationMode
	}
	return Anonymous
}

// Known tells whether this is one of the kinds.
func (k Kind) Known() bool { return slices.Contains(Kinds(), k) }
