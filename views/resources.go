package views

import (
	"time"

	"gatehouse/access"
)

// Home is an organization's first page: the projects that the person can open.
type Home struct {
	Org       string
	OrgName   string
	Search    string
	Projects  []ResourceRow
	Pager     Pager
	Everyone  int // projects without the search
	CanCreate bool
	CanInvite bool // shows the first steps where there is nothing yet

	Outside     []SharedOutside // the first of what other organizations share with the person
	MoreOutside int             // left out of it
}

// A ResourceRow is one project or package in a list.
type ResourceRow struct {
	Resource    access.Ref
	Description string
	Owner       access.Person
	Mode        access.Mode
	Role        string // the person's own, as pages write it; empty where they can only see that it exists
	Inside      int    // resources directly in it
}

// ResourceForm makes a project or package, or changes one. It posts kind, parent, name and description.
// A problem with "key" or "kind" shows at the name.
type ResourceForm struct {
	Org         string
	ID          access.ID // empty for a new one
	Kind        access.Kind
	Parent      access.Ref
	Parents     []access.Ref   // modules to choose from, where there is more than one
	Orgs        []OrgLink      // that could own a new project, where there is more than one; choosing another loads its form
	Content     []ContentField // of a new one
	NoVault     bool           // a secret cannot be kept: the server has no key
	Name        string
	Description string
	Mode        access.Mode // that it starts with
	OrgRole     access.Role // that Organization mode gives at the start
	OrgName     string
	Problems    Problems
}

// A ResourceTab is a part of a resource's page.
type ResourceTab string

const (
	OverviewTab  ResourceTab = "overview"
	PackagesTab  ResourceTab = "packages"
	TemplatesTab ResourceTab = "templates" // of a project, for those who share it
	OthersTab    ResourceTab = "others"
	ActivityTab  ResourceTab = "activity"
)

// Resource is the page of a project or package. Resource.Rights decides what it offers and whether the content
// shows: somebody with Discover alone learns that it exists.
type Resource struct {
	Org       string
	OrgName   string
	Resource  access.Resource
	Path      []access.Ref // what contains it, outermost first, as far as the person may discover
	Tab       ResourceTab
	Role      string    // the person's own, as pages write it
	You       access.ID // the person; empty for somebody not signed in
	Packages  []ResourceRow
	Inside    int // packages
	Content   []ContentField
	Secret    *time.Time      // when a secret got its value; nil for none
	NoVault   bool            // secrets cannot be kept: the server has no key
	File      *File           // of an artifact
	Artifacts []ArtifactRow   // of a bucket
	Pager     Pager           // of Artifacts
	Others    []ResourceGroup // what else a project holds
	Templates []TemplateRow   // TemplatesTab
	Shared    []SharedWith
	More      int          // left out of Shared
	Events    []AuditEvent // ActivityTab
	Activity  bool         // the person may see the Activity tab
	Reports   bool         // the person may ask who can do what
	SeesWho   bool         // may open the list of who has access
	Ends      *time.Time   // when the person can no longer open it, where that is soon
	CanAsk    bool         // for access, or for more of it
	Outside   bool         // the person is no member: the organization's own pages are closed to them
	CanGrant  bool         // shows Share as a button; otherwise who may discover sees "Who has access"
}

// SharedWith is one entry of the overview's short list of who has access.
type SharedWith struct {
	Principal access.Principal
	Role      access.Role
}

// nothingOpen says of which organization nothing is open to the person: others may share something with them.
func nothingOpen(organization string) string {
	return "Nothing of " + organization + " is open to you yet"
}

// label names the principal with the role, and says who is from outside.
func (s SharedWith) label(between string) string {
	label := s.Principal.Name + between + s.Role.Title
	if s.Principal.External {
		label += between + "External"
	}
	return label
}

// ResourceDeletion asks before a resource goes with everything inside. It posts confirm, the resource's name.
type ResourceDeletion struct {
	Org      string
	Resource access.Ref
	Inside   int    // resources below it
	People   int    // who can open it now
	Confirm  string // as typed
	Refusal  string // why it cannot be deleted: a module that is not empty
	Problems Problems
}

// about is the description; who may only know of a resource is not told whether it has one.
func (r ResourceRow) about() string {
	switch {
	case r.Description != "":
		return r.Description
	case r.Role == "":
		return "Not open to you"
	}
	return "No description"
}

func (r ResourceRow) role() string {
	if r.Role == "" {
		return "Can see that it exists"
	}
	return r.Role
}

func (f ResourceForm) action() string {
	if f.ID == "" {
		return ResourcesPath(f.Org)
	}
	return ResourceSettingsPath(f.Org, f.ID)
}

func (f ResourceForm) title() string {
	if f.ID == "" {
		return "Create " + article(string(f.Kind))
	}
	return "Change the " + string(f.Kind)
}

func (f ResourceForm) lead() string {
	if f.ID == "" && f.Parent.Name != "" {
		return "In " + f.Parent.Name + "."
	}
	return ""
}

func (f ResourceForm) button() string {
	if f.ID == "" {
		return "Create " + string(f.Kind)
	}
	return "Save changes"
}

func (f ResourceForm) back() string {
	switch {
	case f.ID != "":
		return ResourcePath(f.Org, f.ID)
	case f.Kind != access.Project && RefPath(f.Org, f.Parent) != "":
		return RefPath(f.Org, f.Parent)
	case f.Kind != access.Project && f.Kind != access.Package:
		return OtherResourcesPath(f.Org, f.Kind, "")
	}
	return HomePath(f.Org)
}

// nameProblem: the key is made of the name, so what is wrong with it shows there.
func (f ResourceForm) nameProblem() string {
	if f.Problems["name"] != "" {
		return f.Problems["name"]
	}
	return f.Problems["key"]
}

func (f ResourceForm) formProblem() string {
	if f.Problems[""] != "" {
		return f.Problems[""]
	}
	return f.Problems["kind"]
}

// starts says who will be able to open the new resource.
func (f ResourceForm) starts() string {
	if f.Mode == access.Restricted && f.Kind != access.Project && f.Parent.Type != string(access.Module) {
		return "Only those who can open " + f.Parent.Name + ", and those whom you add. You are its owner."
	}
	return modeSummary(f.Mode, f.OrgRole.Title, f.OrgName, "") + " You are its owner, and can change this under Share."
}

// ownerVariant is how the button of an organization looks.
func ownerVariant(chosen bool) string {
	if chosen {
		return "secondary"
	}
	return "outline"
}

func (r Resource) may(rights access.Rights) bool { return r.Resource.Rights.Has(rights) }

func (r Resource) lead() string {
	if r.Resource.Description != "" && r.may(access.View) {
		return r.Resource.Description
	}
	return capital(string(r.Resource.Kind)) + " of " + r.Resource.Owner.Label()
}

// category is that of a constant, by its name.
func (r Resource) category() string {
	if r.Resource.Kind != access.Constant {
		return ""
	}
	return access.Category(r.Resource.Name)
}

func (r Resource) modeSummary() string {
	container := ""
	if last := len(r.Path) - 1; last >= 0 && r.Path[last].Type != string(access.Module) {
		container = r.Path[last].Name
	}
	return modeSummary(r.Resource.Mode, roleTitle(r.Resource.Kind, r.Resource.OrgRole), r.OrgName, container)
}

type resourceTabLink struct {
	tab   ResourceTab
	label string
	count int // -1 shows none
}

func (r Resource) tabs() []resourceTabLink {
	tabs := []resourceTabLink{{OverviewTab, "Overview", -1}}
	if r.Resource.Kind == access.Project {
		tabs = append(tabs, resourceTabLink{PackagesTab, "Packages", r.Inside}, resourceTabLink{OthersTab, "Other resources", countRows(r.Others)})
	}
	if r.Resource.Kind == access.Project && r.CanGrant {
		tabs = append(tabs, resourceTabLink{TemplatesTab, "Templates", -1})
	}
	if r.Activity {
		tabs = append(tabs, resourceTabLink{ActivityTab, "Activity", -1})
	}
	return tabs
}
