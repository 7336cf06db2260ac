package access

import (
	"fmt"
	"math"
	"path"
	"strings"
)

// CleanFileName is the name of an uploaded file without the folders that some browsers send with it.
func CleanFileName(name string) (string, error) {
	name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	if name == "." || name == "/" || name == ".." {
		return "", Invalid("file", "Choose a file.")
	}
	clean, err := CleanName("file", name)
	if err != nil {
		return "", Invalid("file", "The name of the file cannot be used. Give it one of at most 120 characters.")
	}
	return clean, nil
}

// ReplaceFile gives an artifact another file.
type ReplaceFile struct{ Resource Resource }

func (c ReplaceFile) allowed(a Actor) error {
	if c.Resource.Kind != Artifact {
		return ErrNotFound
	}
	return mayEditContent(a, c.Resource)
}

func (c ReplaceFile) Event() Event {
	return Event{Action: "artifact.replaced", Target: c.Resource.Ref()}
}

// Size writes a number of bytes as people do: "1.4 MB".
func Size(bytes int64) string {
	value, units := float64(bytes), []string{"bytes", "KB", "MB", "GB", "TB"}
	unit := 0
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	switch {
	case bytes == 1:
		return "1 byte"
	case unit == 0 || value == math.Trunc(value) || value >= 100:
		return fmt.Sprintf("%.0f %s", value, units[unit])
	}
	return fmt.Sprintf("%.1f %s", value, units[unit])
}
