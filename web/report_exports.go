package web

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db"
)

const exportPart = 500 // rows that are read, explained and sent at a time

// An exportedRow is one line of a downloaded report.
type exportedRow struct {
	Person   string   `json:"person"`
	Email    string   `json:"email"`
	Status   string   `json:"status"` // active, deactivated or external
	Kind     string   `json:"kind"`
	Key      string   `json:"key"`
	Resource string   `json:"resource"`
	Role     string   `json:"role"`
	Rights   []string `json:"rights"`
	Ends     string   `json:"ends"` // when the last path to the right ends; empty for good
	Paths    []string `json:"paths"`
}

func (s *Server) exportWhoCan(r *request) error  { return s.exportReport(r, "who-can", s.whoCan) }
func (s *Server) exportWhatCan(r *request) error { return s.exportReport(r, "what-can", s.whatCan) }

// exportReport streams a whole report, part by part.
func (s *Server) exportReport(r *request, name string, find func(*request) (report, error)) error {
	asked, err := find(r)
	if err != nil {
		return err
	}
	rows, next, err := asked.list("", exportPart) // what goes wrong at once is answered as on any page
	if err != nil {
		return err
	}
	out, err := download(r, name+"-"+asked.right.String(), []string{"person", "email", "status", "kind", "key", "resource", "role", "rights", "ends", "paths"})
	if err != nil {
		return err
	}
	for {
		for _, row := range rows {
			exported := export(asked, row)
			out.write(exported, []string{exported.Person, exported.Email, exported.Status, exported.Kind, exported.Key, exported.Resource, exported.Role,
				strings.Join(exported.Rights, " "), exported.Ends, strings.Join(exported.Paths, " | ")})
		}
		if next == "" {
			return out.end()
		}
		if rows, next, err = asked.list(next, exportPart); err != nil {
			return out.cut(err)
		}
	}
}

func export(asked report, row db.ReportRow) exportedRow {
	resource := row.Resource
	if asked.resource != nil {
		resource = *asked.resource
	}
	exported := exportedRow{Person: row.Person.Label(), Email: row.Person.Email, Status: string(row.Status), Kind: string(resource.Kind), Key: resource.Key,
		Resource: resource.Name, Role: roleOfRow(row).Title, Rights: row.Rights.Names(), Ends: ends(row, asked.right)}
	if row.Status == "" {
		exported.Status = "external"
	}
	for _, path := range row.Paths {
		exported.Paths = append(exported.Paths, path.Sentence(row.Person.Label(), resource.Kind))
	}
	return exported
}

func ends(row db.ReportRow, right access.Rights) string {
	var ends []*time.Time
	for _, path := range row.Paths {
		if path.Rights.Has(right) {
			ends = append(ends, path.ExpiresAt)
		}
	}
	last := access.LastEnd(ends)
	if last == nil {
		return ""
	}
	return last.UTC().Format(time.RFC3339)
}

// exportOpen streams the list of what is open to people outside.
func (s *Server) exportOpen(r *request) error {
	page := db.Page{Size: 200}
	list, err := s.store.ListOpen(r.ctx(), r.org().ID, openModes, page)
	if err != nil {
		return err
	}
	out, err := download(r, "open-to-others", []string{"access_mode", "kind", "key", "resource", "place", "owner", "inside"})
	if err != nil {
		return err
	}
	for {
		for _, row := range list.Rows {
			facts := map[string]any{"access_mode": row.Mode, "kind": row.Kind, "key": row.Key, "resource": row.Name, "place": row.Place,
				"owner": row.Owner.Email, "inside": row.Inside}
			out.write(facts, []string{string(row.Mode), string(row.Kind), row.Key, row.Name, row.Place, row.Owner.Email, formatVersion(int64(row.Inside))})
		}
		if page.After = list.Next; page.After == "" {
			return out.end()
		}
		if list, err = s.store.ListOpen(r.ctx(), r.org().ID, openModes, page); err != nil {
			return out.cut(err)
		}
	}
}

// A downloading writes a list as CSV or as one JSON array, row by row.
type downloading struct {
	to    io.Writer
	flush func()
	csv   *csv.Writer // nil for JSON
	rows  int
	err   error
}

// download starts an answer that is saved as a file, in the format that the query names: csv, which is the default, or json.
func download(r *request, name string, columns []string) (*downloading, error) {
	answer := r.Response()
	to := &patientWriter{to: answer, on: http.NewResponseController(answer)}
	out := &downloading{to: to, flush: answer.Flush}
	contentType := "application/json"
	switch r.QueryParam("format") {
	case "", "csv":
		out.csv, contentType = csv.NewWriter(to), "text/csv; charset=utf-8"
		name += ".csv"
	case "json":
		name += ".json"
	default:
		return nil, access.Invalid("format", "%q is not a format. Choose csv or json.", r.QueryParam("format"))
	}
	answer.Header().Set("Content-Type", contentType)
	answer.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	answer.WriteHeader(http.StatusOK)
	if out.csv != nil {
		out.err = out.csv.Write(columns)
	} else {
		_, out.err = io.WriteString(out.to, "[")
	}
	return out, nil
}

func (d *downloading) write(object any, cells []string) {
	if d.rows++; d.rows%exportPart == 0 {
		defer d.flush()
	}
	if d.err != nil {
		return
	}
	if d.csv != nil {
		for i, cell := range cells {
			cells[i] = harmless(cell)
		}
		d.err = d.csv.Write(cells)
		return
	}
	text, err := json.Marshal(object)
	if d.rows > 1 {
		text = append([]byte(","), text...)
	}
	if d.err = err; err == nil {
		_, d.err = d.to.Write(append(text, '\n'))
	}
}

// harmless keeps a spreadsheet from taking a name for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// end finishes the file. Who does not wait for its end is gone: there is nobody to tell.
func (d *downloading) end() error {
	if d.csv != nil {
		d.csv.Flush()
	} else if d.err == nil {
		_, d.err = io.WriteString(d.to, "]\n")
	}
	return nil
}

// cut breaks the connection off: a list that is not whole must not look as if it were.
func (d *downloading) cut(cause error) error {
	panic(cutOff{cause})
}

// cutOff is why an answer that had begun was broken off.
type cutOff struct{ cause error }
