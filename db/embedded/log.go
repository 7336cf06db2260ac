package embedded

import (
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	largestLog = 10 << 20 // bytes; a larger one is set aside at the next start
	tailLines  = 10
)

// logFile is postgres.log, and where in it this start begins.
type logFile struct {
	file *os.File
	path string
	from int64
}

func openLog(h home) (*logFile, error) {
	if found, err := os.Lstat(h.log()); err == nil && found.Size() > largestLog {
		if err := os.Rename(h.log(), h.log()+".old"); err != nil {
			return nil, err
		}
	}
	file, err := h.account.openFile(h.log(), os.O_APPEND|os.O_WRONLY)
	if err != nil {
		return nil, err
	}
	end, err := file.Seek(0, io.SeekEnd)
	return &logFile{file: file, path: h.log(), from: end}, err
}

// explain adds what PostgreSQL last said since this start to an error.
func (l *logFile) explain(what string, err error) error {
	if tail := l.tail(); tail != "" {
		return fmt.Errorf("%s (%w). The last lines of %s:\n%s", what, err, l.path, tail)
	}
	return fmt.Errorf("%s (%w). Its log is %s.", what, err, l.path)
}

func (l *logFile) tail() string {
	file, err := os.Open(l.path)
	if err != nil {
		return ""
	}
	defer file.Close()
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	from := max(l.from, end-16<<10) // ten lines, however long a statement in them is
	content, _ := io.ReadAll(io.NewSectionReader(file, from, end-from))
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-tailLines):], "\n")
}
