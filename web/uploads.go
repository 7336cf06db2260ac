package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"gatehouse/access"
	"gatehouse/db"
)

// An upload is a multipart form whose file is read while it is stored, never before. What stands behind the file in the
// form is not read at all.
type upload struct {
	fields map[string]string
	file   db.Upload
}

const (
	maxFields     = 10
	maxFieldBytes = 16 << 10
)

// isUpload tells whether a request carries a file to one of the two routes that take one.
func isUpload(c echo.Context) bool {
	if c.Request().Method != http.MethodPost || !strings.HasSuffix(c.Path(), "/:resource/artifacts") && !strings.HasSuffix(c.Path(), "/:resource/file") {
		return false
	}
	kind, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	return kind == "multipart/form-data"
}

// upload reads a form up to its file.
func (r *request) upload() (upload, error) {
	read := upload{fields: map[string]string{}}
	if !isUpload(r) {
		return read, access.Invalid("file", "Choose a file.")
	}
	limit := r.server.options.MaxFile
	if r.Request().ContentLength > limit+maxBody {
		return read, access.TooLarge("file", "A file has at most %s here.", access.Size(limit))
	}
	parts, err := r.Request().MultipartReader()
	if err != nil {
		return read, errUnreadable
	}
	for range maxFields {
		part, err := parts.NextPart()
		if err != nil {
			break // the end, or cut off: either way there is no file
		}
		if part.FormName() == "file" {
			read.file = db.Upload{Name: writtenName(part.FileName()), Content: r.patient(part), Limit: limit}
			return read, nil
		}
		if read.fields[part.FormName()], err = textOf(part); err != nil {
			return read, err
		}
	}
	return read, access.Invalid("file", "Choose a file.")
}

// writtenName is a file's name as it is on its owner's machine: browsers write quotes in it as %22, and a percent sign as it is.
func writtenName(name string) string { return strings.ReplaceAll(name, "%22", `"`) }

var errUnreadable = access.Invalid("", "This request could not be read.")

func textOf(part *multipart.Part) (string, error) {
	bytes, err := io.ReadAll(io.LimitReader(part, maxFieldBytes+1))
	text := strings.TrimSpace(string(bytes))
	if err != nil || len(bytes) > maxFieldBytes || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", errUnreadable
	}
	return text, nil
}

// patience is how long a file may stand still on its way.
const patience = 30 * time.Second

// A patientReader reads a file for as long as it moves, however large it is, and says in words what went wrong.
type patientReader struct {
	from io.Reader
	on   *http.ResponseController
}

func (r *request) patient(from io.Reader) io.Reader {
	return &patientReader{from: from, on: http.NewResponseController(r.Response())}
}

func (p *patientReader) Read(to []byte) (int, error) {
	_ = p.on.SetReadDeadline(time.Now().Add(patience)) // where there is none to set there is none to wait for
	n, err := p.from.Read(to)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil || err == io.EOF:
		_ = p.on.SetWriteDeadline(time.Now().Add(patience))
		return n, err
	case errors.As(err, &tooLarge):
		return n, access.TooLarge("file", "The file is larger than what this server takes.")
	}
	return n, access.Invalid("file", "The file did not arrive whole. Upload it again.")
}
