package views

// InvitationFile invites people from a file: first it says what would become of each row. It posts file or csv, and confirm
// ("yes") once that has been seen.
type InvitationFile struct {
	Org      string
	Mail     bool
	Text     string // of the file, for the second step
	Rows     []InvitationFileRow
	Done     bool // the people are invited
	Problems Problems
}

// An InvitationFileRow is a row of the file and what became of it, or would.
type InvitationFileRow struct {
	Line    int // in the file
	Email   string
	Name    string
	Role    string
	Groups  string
	Link    string // the full URL, once invited
	Problem string
}

func (f InvitationFile) good() int {
	good := 0
	for _, row := range f.Rows {
		if row.Problem == "" {
			good++
		}
	}
	return good
}

func (f InvitationFile) summary() string {
	bad := len(f.Rows) - f.good()
	switch {
	case f.Done && f.Mail:
		return people(f.good()) + " invited by mail, " + plain(bad) + " not."
	case f.Done:
		return people(f.good()) + " invited, " + plain(bad) + " not. This server sends no mail: pass the links on yourself."
	}
	return "Nobody is invited yet. " + people(f.good()) + " would be, " + plain(bad) + " not."
}

func (f InvitationFile) result(row InvitationFileRow) string {
	switch {
	case row.Problem != "":
		return row.Problem
	case f.Done:
		return "Invited."
	}
	return "Will be invited."
}
