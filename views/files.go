package views

import (
	"time"

	"gatehouse/access"
)

// A File is what an artifact holds.
type File struct {
	Name      string
	Size      int64 // bytes
	SHA256    string
	ChangedAt time.Time
}

// An ArtifactRow is one artifact in its bucket's list.
type ArtifactRow struct {
	Resource access.Ref
	File     *File // nil where it has none, or the person may not view it
}

// UploadForm takes a file into a bucket, or in the place of an artifact's. It posts multipart: name and description, which a
// replacement leaves out, and file after them.
type UploadForm struct {
	Org         string
	Resource    access.Ref // the bucket, or the artifact
	Replaces    bool
	Name        string
	Description string
	Limit       int64 // bytes
	None        bool  // the server has no place for files
	Problems    Problems
}

func (f UploadForm) action() string {
	if f.Replaces {
		return FilePath(f.Org, f.Resource.ID)
	}
	return ArtifactsPath(f.Org, f.Resource.ID)
}

func (f UploadForm) title() string {
	if f.Replaces {
		return "Replace the file of " + f.Resource.Name
	}
	return "Upload a file to " + f.Resource.Name
}

func (f UploadForm) formProblem() string {
	if f.Problems[""] != "" {
		return f.Problems[""]
	}
	return f.Problems["key"]
}
