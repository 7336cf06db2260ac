package views

import (
	"slices"
	"strings"

	"gatehouse/access"
)

// A Frame is what the layout shows around a page. Every …Page component takes one.
type Frame struct {
	Title     string         // of the browser window; the page has its own heading
	Person    *access.Person // nil for somebody who is not signed in
	Theme     Theme          // the person's choice, or the cookie's; empty means System
	Path      string         // path and query of this request: marks the current entry; the theme form returns here
	Org       *OrgLink       // the organization that the page is in; nil outside
	Orgs      []OrgLink      // every organization where the person is an active member, this one among them
	Tree      []TreeNode     // what the person can open in Org
	More      bool           // projects than Tree holds
	Admin     AdminEntries   // what of Admin Controls the person may use in Org
	Requests  int            // for access, that the person can answer; 50 stands for more
	Flash     *Flash         // what the last change did
	RequestID string         // shown on error pages
}

// A Theme is how a page is coloured.
type Theme string

const (
	SystemTheme Theme = "system" // as the device says
	LightTheme  Theme = "light"
	DarkTheme   Theme = "dark"
)

// An OrgLink names an organization in the switcher and on the page of organizations.
type OrgLink struct {
	Slug string
	Name string
	Role string // the person's role there, as pages write it
}

// A TreeNode is an entry of the left panel's tree: a module, project or package. A module that the person may
// not discover is not named: its projects stand at the top, under a heading of their own. What lies in what is for the handler
// to arrange.
type TreeNode struct {
	ID       access.ID
	Kind     access.Kind
	Name     string
	Current  bool // the page is about this one
	Children []TreeNode
	More     bool // packages in it were left out
}

// open tells whether the node is shown unfolded: it or something inside is current.
func (n TreeNode) open() bool {
	if n.Current {
		return true
	}
	for _, child := range n.Children {
		if child.open() {
			return true
		}
	}
	return false
}

// AdminEntries are the entries of Admin Controls that the person may use. All false hides Admin Controls.
// Members and Audit need those rights on the organization, Groups also shows to an admin of any one group, Modules to an
// Administrator of any one module.
type AdminEntries struct {
	Members  bool
	Groups   bool
	Access   bool
	Modules  bool
	Audit    bool
	Settings bool
}

func (a AdminEntries) any() bool {
	return a.Members || a.Groups || a.Modules || a.Access || a.Audit || a.Settings
}

// A Flash says once what the last change did, and can offer to undo it.
type Flash struct {
	Message string // a full sentence
	Undo    *Undo

	Selected *SelectionResults `json:",omitempty"` // for the page of results
}

// Undo is the inverse change as a form: a POST to Path with Fields.
type Undo struct {
	Path   string
	Fields []Field
}

// A Field is one hidden input.
type Field struct{ Name, Value string }

// modules are the modules of the tree, and alone what stands in it without one, or without its project.
func (f Frame) modules() []TreeNode {
	return slices.DeleteFunc(slices.Clone(f.Tree), func(node TreeNode) bool { return node.Kind != access.Module })
}

func (f Frame) alone() []TreeNode {
	return slices.DeleteFunc(slices.Clone(f.Tree), func(node TreeNode) bool { return node.Kind == access.Module })
}

func (f Frame) theme() Theme {
	if f.Theme == LightTheme || f.Theme == DarkTheme {
		return f.Theme
	}
	return SystemTheme
}

// colorScheme tells the browser before any style sheet has come which ground to paint.
func (f Frame) colorScheme() string {
	if f.theme() == SystemTheme {
		return "light dark"
	}
	return string(f.theme())
}

// current is the aria-current of a link in the panel: the page itself, or one that lies below it.
func (f Frame) current(path string) string {
	here, _, _ := strings.Cut(f.Path, "?")
	if here == path {
		return "page"
	}
	if f.Org != nil && path != HomePath(f.Org.Slug) && strings.HasPrefix(here, path+"/") {
		return "true"
	}
	return ""
}

// inAdmin tells whether the page is one of Admin Controls, which then stands open.
func (f Frame) inAdmin() bool {
	org := f.Org.Slug
	for _, path := range []string{MembersPath(org), GroupRolesPath(org), InvitationsPath(org), GroupsPath(org), ModulesPath(org),
		AccessPath(org, "", ""), AuditPath(org, "", ""), SettingsPath(org), TokensPath(org)} {
		if f.current(path) != "" {
			return true
		}
	}
	return false
}

var themeChoices = []struct {
	theme       Theme
	icon, label string
}{{SystemTheme, "monitor", "System"}, {LightTheme, "sun", "Light"}, {DarkTheme, "moon", "Dark"}}
