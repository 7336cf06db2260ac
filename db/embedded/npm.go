package embedded

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// npmFolders lists the programs of npm's @embedded-postgres, the last resort, made ready to run.
func npmFolders() []string {
	platform := runtime.GOOS + "-" + strings.ReplaceAll(runtime.GOARCH, "amd64", "x64")
	var folders []string
	for _, modules := range []string{"static/node_modules", "node_modules"} {
		for _, folder := range absolute(filepath.Join(modules, "@embedded-postgres", platform)) {
			if _, err := os.Stat(filepath.Join(folder, "native/bin/postgres")); err == nil {
				linkLibraries(folder)
				folders = append(folders, filepath.Join(folder, "native/bin"))
			}
		}
	}
	return folders
}

// linkLibraries does what the package's install script would have done; npm packages carry no
// symbolic links, and npm may have been told to run no scripts. Where it fails, the programs do not
// run, and that is noticed.
func linkLibraries(folder string) {
	content, _ := os.ReadFile(filepath.Join(folder, "native/pg-symlinks.json"))
	var links []struct{ Source, Target string }
	if json.Unmarshal(content, &links) != nil {
		return
	}
	for _, link := range links {
		if filepath.IsLocal(link.Target) {
			os.Symlink(filepath.Base(link.Source), filepath.Join(folder, link.Target))
		}
	}
}
