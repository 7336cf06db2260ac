package web

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

const maxFileRows = 500 // of people in one file

// showInvitationFile asks for a file of people to invite.
func (s *Server) showInvitationFile(r *request) error {
	if err := access.Decide(r.actor(), access.InviteMember{}); err != nil {
		return err
	}
	return r.show(http.StatusOK, invitationFilePage(views.InvitationFile{Org: r.org().Slug, Mail: s.store.SendsMail()}))
}

func invitationFilePage(shown views.InvitationFile) page {
	return wholePage("Invite people from a file", views.InvitationFilePage, shown)
}

// inviteFromFile says what would become of each row, and after that has been seen invites the people in those that will do.
func (s *Server) inviteFromFile(r *request) error {
	if err := access.Decide(r.actor(), access.InviteMember{}); err != nil {
		return err
	}
	err := r.Request().ParseMultipartForm(maxBody) // which is as much as a request may hold
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return access.Invalid("csv", "This file could not be read. It may be too large.")
	}
	shown := views.InvitationFile{Org: r.org().Slug, Mail: s.store.SendsMail(), Done: r.form("confirm") == "yes"}
	err = s.inviteRows(r, &shown)
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			shown.Done, shown.Rows, shown.Problems = false, nil, problems
			return invitationFilePage(shown)
		})
	}
	return r.show(http.StatusOK, invitationFilePage(shown))
}

func (s *Server) inviteRows(r *request, shown *views.InvitationFile) error {
	var err error
	if shown.Text, err = fileText(r); err != nil {
		return err
	}
	rows, err := readPeople(shown.Text)
	if err != nil {
		return err
	}
	seen, groups := map[string]bool{}, map[string]access.ID{}
	for _, row := range rows {
		if err := s.inviteRow(r, &row, shown.Done, seen, groups); err != nil {
			return err
		}
		shown.Rows = append(shown.Rows, row)
	}
	return nil
}

// fileText is the file that was chosen, or the text that stands in the form.
func fileText(r *request) (string, error) {
	text := r.FormValue("csv")
	if file, _, err := r.Request().FormFile("file"); err == nil {
		defer func() { _ = file.Close() }()
		content, err := io.ReadAll(file)
		if err != nil {
			return "", err
		}
		text = string(content)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", access.Invalid("csv", "This is no text. Save the file as CSV in UTF-8.")
	}
	return strings.TrimPrefix(text, "\ufeff"), nil
}

// readPeople reads rows with the columns email, name, role and groups, in any order; only email is needed.
func readPeople(text string) ([]views.InvitationFileRow, error) {
	header, _, _ := strings.Cut(text, "\n")
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord, reader.TrimLeadingSpace = -1, true
	if strings.Contains(header, ";") && !strings.Contains(header, ",") {
		reader.Comma = ';'
	}
	records, err := reader.ReadAll()
	if err != nil {
		return nil, access.Invalid("csv", "This is not CSV: %v.", err)
	}
	if len(records) < 2 || len(records) > maxFileRows+1 {
		return nil, access.Invalid("csv", "Give a first row with the names of the columns, and 1 to %d people below it.", maxFileRows)
	}
	columns := map[string]int{}
	for i, name := range records[0] {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := columns[name]; twice || !slices.Contains([]string{"email", "name", "role", "groups"}, name) {
			return nil, access.Invalid("csv", "The column %q is unknown or there twice. The columns are email, name, role and groups.", name)
		}
		columns[name] = i
	}
	if _, has := columns["email"]; !has {
		return nil, access.Invalid("csv", "There is no column email.")
	}
	rows := make([]views.InvitationFileRow, len(records)-1)
	for i, record := range records[1:] {
		cell := func(name string) string {
			if at, has := columns[name]; has && at < len(record) {
				return strings.TrimSpace(record[at])
			}
			return ""
		}
		rows[i] = views.InvitationFileRow{Line: i + 2, Email: cell("email"), Name: cell("name"), Role: strings.ToLower(cell("role")), Groups: cell("groups")}
	}
	return rows, nil
}

// inviteRow invites one person, or tries it; a refusal becomes the row's result.
func (s *Server) inviteRow(r *request, row *views.InvitationFileRow, done bool, seen map[string]bool, groups map[string]access.ID) error {
	if row.Role == "" {
		row.Role = "member"
	}
	email, problem, err := s.checkInvited(r, row.Email, seen)
	if row.Problem = problem; err != nil || problem != "" {
		return err
	}
	row.Email, seen[email] = email, true
	invited := db.NewInvitation{Email: email, Role: row.Role}
	if invited.Groups, row.Problem, err = s.namedGroups(r, row.Groups, groups); err != nil || row.Problem != "" {
		return err
	}
	var token string
	if done {
		token, err = s.store.Invite(r.ctx(), r.by(), r.org().ID, invited)
	} else {
		err = s.store.TryInvitation(r.ctx(), r.by(), r.org().ID, invited)
	}
	var refusal *access.Error
	if errors.As(err, &refusal) {
		row.Problem = refusal.Message
		return nil
	}
	if done {
		row.Link = s.acceptanceLink(token)
	}
	return err
}

// namedGroups finds groups by their names, parted by | or ;.
func (s *Server) namedGroups(r *request, names string, known map[string]access.ID) (found []access.ID, problem string, err error) {
	for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == '|' || r == ';' }) {
		name = strings.TrimSpace(name)
		key := strings.ToLower(name)
		if known[key] == "" && name != "" {
			group, err := s.store.FindGroupByName(r.ctx(), r.org().ID, name)
			if err != nil && !errors.Is(err, access.ErrNotFound) {
				return nil, "", err
			}
			known[key] = group.ID
		}
		if known[key] == "" {
			return nil, "There is no group " + name + ".", nil
		}
		found = append(found, known[key])
	}
	return found, "", nil
}
