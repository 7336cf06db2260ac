package views

// Forgot asks for a link to choose a new password. It posts email.
type Forgot struct {
	Mail     bool // this server sends mail
	Asked    bool // the answer, the same for every address
	Email    string
	Problems Problems
}

// Reset chooses a new password through a link. It posts password.
type Reset struct {
	Token    string
	Dead     bool // used or expired
	Email    string
	Problems Problems
}

// PasswordForm changes the password of whoever is signed in. It posts current, unless there is none yet, and password.
type PasswordForm struct {
	HasPassword bool
	Email       string
	Problems    Problems
}

// passwordHint is what a new password needs.
const passwordHint = "At least 12 characters, and not one that is known from a leak. A few words are a good one."

func (f PasswordForm) title() string {
	if f.HasPassword {
		return "Change your password"
	}
	return "Choose a password"
}
