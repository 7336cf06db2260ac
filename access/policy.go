package access

// A Policy is what an organization decides once for all its resources.
type Policy struct {
	DefaultMode     Mode   // of a new top-level resource
	DefaultRole     string // what Organization mode gives there
	WidestMode      Mode
	ExternalSharing bool // grants may name users and organizations outside
	FullReach       bool // org admins have an owner's rights on everything
}
