package access

// An Entry is how somebody came in who asks for a page of an organization, and what the organization asks of that.
type Entry struct {
	Own     bool // with their own password or link, and their second factor if they have one
	Through bool // the organization's provider said who they are

	AsksProvider bool // the organization lets this member in through its provider only
	AsksFactor   bool // it asks this member for a second factor
	HasFactor    bool
	BreakGlass   bool // the Admin who may still use a password
}

// A Step is what somebody does before they reach a page.
type Step string

const (
	NoStep       Step = ""
	SignInFirst  Step = "sign in"         // with their own password or link
	GoToProvider Step = "single sign-on"  // of the organization
	SetUpFactor  Step = "a second factor" // their own
)

// Missing is the step that is missing. What the provider of an organization says counts there alone and for all that the
// organization asks: elsewhere only what people have of their own counts. So nobody can enter one organization by the
// provider of another.
func (e Entry) Missing() Step {
	switch {
	case e.Through:
		return NoStep
	case !e.Own:
		return SignInFirst
	case e.AsksProvider && !e.BreakGlass:
		return GoToProvider
	case (e.AsksFactor || e.AsksProvider) && !e.HasFactor:
		return SetUpFactor
	}
	return NoStep
}
