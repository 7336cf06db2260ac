package views

// SignIn is the form that starts a session. It posts email, password and next.
type SignIn struct {
	Next     string
	Email    string
	Notice   string // why the person is here: the session ended
	Passkeys bool   // this server can have passkeys
	Problems Problems
}

// Setup makes the first organization of a fresh server. It posts organization, name, email and password.
type Setup struct {
	Token        string
	Done         bool // the server was set up already, or the link is wrong
	Organization string
	Name         string
	Email        string
	Problems     Problems
}

// Link is a one-click sign-in link. Opening it does nothing; its button posts.
type Link struct {
	Token string
	Name  string // who signs in
	Email string
	Dead  bool // used or expired
}
