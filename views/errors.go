package views

// Error is the page of a request that failed.
type Error struct {
	Status    int    // 401, 403, 404, 409, 500 and others
	Message   string // a sentence for the reader; empty chooses one by Status
	RequestID string // where the log says more: of a 500 and the like
	Home      string // a way out; empty leads to /
	HomeTitle string // of the page there; empty for the start page
	Ask       string // for 404: where one can ask for access to what the link may lead to
}

func (e Error) title() string {
	switch e.Status {
	case 401:
		return "Sign in first"
	case 403:
		return "You may not do this"
	case 404:
		return "There is nothing here"
	case 409:
		return "Something changed in the meantime"
	case 422, 400:
		return "This cannot be done"
	}
	return "Something went wrong"
}

func (e Error) message() string {
	if e.Message != "" {
		return e.Message
	}
	switch e.Status {
	case 401:
		return "You are not signed in, or your session has ended."
	case 403:
		return "Your role does not allow it. Ask an Admin of the organization."
	case 404:
		return "The page does not exist, or it is not open to you."
	case 409:
		return "Somebody else made a change first. Go back, look at what it is now, and try again."
	case 422, 400:
		return "Something in the request does not fit. Go back and check it."
	}
	return "It is not your fault, and nothing was changed. Try again in a moment."
}

func (e Error) home() string {
	if e.Home != "" {
		return e.Home
	}
	return RootPath()
}

func (e Error) homeLabel() string {
	if e.HomeTitle != "" {
		return "Go to " + e.HomeTitle
	}
	return "Go to the start page"
}
