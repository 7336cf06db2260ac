package access

import "slices"

// A Mode is an access mode: who is let in without a grant. Each resource has exactly one.
type Mode string

const (
	Restricted       Mode = "restricted"
	OrganizationMode Mode = "organization"
	Public           Mode = "public"
	Anonymous        Mode = "anonymous"
)

// Modes lists the access modes from the narrowest to the widest.
func Modes() []Mode { return []Mode{Restricted, OrganizationMode, Public, Anonymous} }

// Known tells whether this is one of the modes.
func (m Mode) Known() bool { return slices.Contains(Modes(), m) }

// WiderThan tells whether this mode lets in somebody whom the other does not.
func (m Mode) WiderThan(other Mode) bool {
	return slices.Index(Modes(), m) > slices.Index(Modes(), other)
}

// Title is the mode's name on a page.
func (m Mode) Title() string {
	switch m {
	case Restricted:
		return "Restricted"
	case OrganizationMode:
		return "Organization"
	case Public:
		return "Public"
	}
	return "Anonymous"
}

// A ModeOption is one entry of the access-mode selector; Refusal says why it cannot be chosen.
type ModeOption struct {
	Mode    Mode
	Current bool
	Refusal string
}

// ModeOptions lists every mode for a resource, the ones that its kind or the organization's policy forbids with the reason.
func ModeOptions(kind Kind, current Mode, policy Policy) []ModeOption {
	options := make([]ModeOption, 0, len(Modes()))
	for _, mode := range Modes() {
		option := ModeOption{Mode: mode, Current: mode == current}
		if err := modeFits(kind, mode, policy); err != nil && !option.Current {
			option.Refusal = err.Error()
		}
		options = append(options, option)
	}
	return options
}

// modeFits refuses a mode that is unknown, too wide for the kind, or too wide for the organization.
func modeFits(kind Kind, mode Mode, policy Policy) error {
	switch {
	case !mode.Known():
		return Invalid("access_mode", "%q is not an access mode. Choose restricted, organization, public or anonymous.", string(mode))
	case mode.WiderThan(kind.WidestMode()):
		return Invalid("access_mode", "A %s can be opened to %s at most.", kind, kind.WidestMode().Title())
	case mode.WiderThan(policy.WidestMode):
		return Invalid("access_mode", "This organization's sharing policy allows %s at most.", policy.WidestMode.Title())
	}
	return nil
}
