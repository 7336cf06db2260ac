package web

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

// showUpload asks for a file for a bucket.
func (s *Server) showUpload(r *request) error {
	if err := mayUpload(r); err != nil {
		return err
	}
	return r.show(http.StatusOK, uploadPage(s.uploadForm(r, false)))
}

// mayUpload is asked before a file is read; the rule is asked again when its row is made.
func mayUpload(r *request) error {
	if r.resource.Kind != access.Bucket || !r.actor().Member {
		return access.ErrNotFound
	}
	return access.Decide(r.actor(), access.CreateResource{Parent: r.resource, Resource: access.Resource{Kind: access.Artifact}})
}

func (s *Server) uploadForm(r *request, replaces bool) views.UploadForm {
	return views.UploadForm{Org: r.org().Slug, Resource: r.resource.Ref(), Replaces: replaces, Limit: s.options.MaxFile, None: !s.store.CanKeepFiles()}
}

func uploadPage(shown views.UploadForm) page {
	return pageOf("Upload", views.UploadPage, views.UploadDialog, shown)
}

// uploadArtifact makes an artifact in a bucket out of a file.
func (s *Server) uploadArtifact(r *request) error {
	if err := mayUpload(r); err != nil {
		return err
	}
	form := s.uploadForm(r, false)
	sent, err := r.upload()
	if err == nil {
		form.Name, form.Description = sent.fields["name"], sent.fields["description"]
		made := db.NewResource{Parent: r.resource.ID, Name: form.Name, Description: form.Description}
		_, err = s.store.UploadArtifact(r.ctx(), r.by(), r.org().ID, made, sent.file)
	}
	return s.uploaded(r, form, err, "The file is uploaded.")
}

// uploaded answers an upload: with the page that shows the file, or the form and what was wrong.
func (s *Server) uploaded(r *request, form views.UploadForm, err error, sentence string) error {
	if err != nil {
		return r.refused(err, func(problems views.Problems) page {
			form.Problems = problems
			return uploadPage(form)
		})
	}
	return r.done(views.ResourcePath(r.org().Slug, r.resource.ID), views.Flash{Message: sentence})
}

// showReplacement asks for another file of an artifact.
func (s *Server) showReplacement(r *request) error {
	if err := access.Decide(r.actor(), access.ReplaceFile{Resource: r.resource}); err != nil {
		return err
	}
	return r.show(http.StatusOK, uploadPage(s.uploadForm(r, true)))
}

// replaceFile gives an artifact another file.
func (s *Server) replaceFile(r *request) error {
	if err := access.Decide(r.actor(), access.ReplaceFile{Resource: r.resource}); err != nil {
		return err
	}
	sent, err := r.upload()
	if err == nil {
		err = s.store.ReplaceFile(r.ctx(), r.by(), r.org().ID, r.resource.ID, sent.file)
	}
	return s.uploaded(r, s.uploadForm(r, true), err, "The file is replaced.")
}

// downloadFile sends a file to whoever may view its artifact: always to be kept, never to be shown, whatever is in it.
func (s *Server) downloadFile(r *request) error {
	if r.resource.Kind != access.Artifact {
		return access.ErrNotFound
	}
	if !r.resource.Rights.Has(access.View) {
		return access.Denied("You cannot download %s. Ask %s for access.", r.resource.Name, r.resource.Owner.Label())
	}
	file, err := s.store.FindFile(r.ctx(), r.org().ID, r.resource)
	if err != nil {
		return err
	}
	if file == nil {
		return access.ErrNotFound
	}
	content, err := s.store.OpenFile(r.ctx(), file)
	if err != nil {
		return err
	}
	defer content.Close()
	header := r.Response().Header()
	header.Set("Content-Type", "application/octet-stream")
	header.Set("Content-Disposition", attachment(file.Name))
	header.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	r.Response().WriteHeader(http.StatusOK)
	if _, err := io.Copy(&patientWriter{to: r.Response(), on: http.NewResponseController(r.Response())}, content); err != nil {
		s.log.Warn("a download was cut off", "id", idOf(r), "cause", err) // the length tells the browser
	}
	return nil
}

// attachment names a download. No name leads out of the folder in which a browser keeps it.
func attachment(name string) string {
	safe := strings.Map(func(letter rune) rune {
		if letter < ' ' || strings.ContainsRune(`/\:*?"<>|`, letter) {
			return '_'
		}
		return letter
	}, name)
	safe = strings.TrimLeft(safe, ".")
	if written := mime.FormatMediaType("attachment", map[string]string{"filename": safe}); written != "" && safe != "" {
		return written
	}
	return "attachment"
}

// A patientWriter sends a file, or a report, for as long as it moves.
type patientWriter struct {
	to io.Writer
	on *http.ResponseController
}

func (p *patientWriter) Write(from []byte) (int, error) {
	_ = p.on.SetWriteDeadline(time.Now().Add(patience))
	return p.to.Write(from)
}

// addFiles adds the artifacts of a bucket, or the file of an artifact.
func (s *Server) addFiles(r *request, shown *views.Resource) error {
	if r.resource.Kind == access.Artifact {
		file, err := s.store.FindFile(r.ctx(), r.org().ID, r.resource)
		if file != nil {
			shown.File = viewOf(*file)
		}
		return err
	}
	list, err := paged(r.part(), func(page db.Page) (db.Listing[access.Resource], error) {
		return s.store.ListResources(r.ctx(), r.org().ID, r.person().ID, db.ResourceFilter{Parent: r.resource.ID, Kind: access.Artifact}, page)
	})
	if err != nil {
		return err
	}
	files, err := s.store.ListFiles(r.ctx(), r.org().ID, list.Rows)
	for _, artifact := range list.Rows {
		row := views.ArtifactRow{Resource: artifact.Ref()}
		if file, ok := files[artifact.ID]; ok {
			row.File = viewOf(file)
		}
		shown.Artifacts = append(shown.Artifacts, row)
	}
	shown.Pager = pager(r, list)
	return err
}

func viewOf(file db.File) *views.File {
	return &views.File{Name: file.Name, Size: file.Size, SHA256: file.SHA256, ChangedAt: file.ChangedAt}
}
