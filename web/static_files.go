package web

import (
	"io/fs"
	"net/http"
	"path"
	"strings"

	"gatehouse/access"
	"gatehouse/static"
)

// serveStatic serves an embedded file. With the current hash in its URL a browser may keep it for a year.
func (s *Server) serveStatic(r *request) error {
	name := path.Clean(strings.TrimPrefix(r.Request().URL.Path, "/static/"))
	info, err := fs.Stat(static.FS(), name)
	if err != nil || info.IsDir() {
		return access.ErrNotFound
	}
	header := r.Response().Header()
	header.Set("Cache-Control", "no-cache")
	if static.Immutable(name, r.QueryParam("v")) {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Del("Vary")
	http.ServeFileFS(r.Response(), r.Request(), static.FS(), name)
	return nil
}
