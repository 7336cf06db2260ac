package views

import "gatehouse/access"

// Move asks into which parent a resource should go. It posts parent, version and, where it showed an effect, confirm.
type Move struct {
	Org      string
	Resource access.Ref
	From     access.Ref   // where it lies; empty where the person may not know of that
	Parents  []access.Ref // where it could go
	To       access.ID    // as chosen
	Version  int64
	Effect   *access.Effect // of moving it there; the same form, sent again, then does it
	Problems Problems
}

func (m Move) button() string {
	if m.Effect == nil {
		return "Review the move"
	}
	return "Move " + m.Resource.Name
}

func (m Move) lead() string {
	if m.From.Name == "" {
		return ""
	}
	return "It lies in " + m.From.Name + "."
}

// parentsOf are those of one kind.
func (m Move) parentsOf(kind access.Kind) []access.Ref {
	var list []access.Ref
	for _, parent := range m.Parents {
		if parent.Type == string(kind) {
			list = append(list, parent)
		}
	}
	return list
}
