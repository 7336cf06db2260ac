package web

import (
	"context"
	"net/http"

	"gatehouse/access"
	"gatehouse/db"
	"gatehouse/views"
)

const mostSelected = 1000 // members and invitations that are changed at once

// A selection is what the page shows, and who is changed how.
type selection struct {
	views.Selection
	people []db.MemberRow // in the order of Rows
	change db.SelectedChange
}

// showSelection says what would become of those who were selected in the list, one by one.
func (s *Server) showSelection(r *request) error {
	chosen, err := s.readSelection(r)
	if err != nil {
		return refusedSelection(r, chosen, err)
	}
	if chosen.Act == access.ActGroup && chosen.Seen != "" {
		if err := s.addSelectionEffect(r, chosen); err != nil {
			return err
		}
	}
	return r.show(http.StatusOK, selectionPage(chosen.Selection))
}

func selectionPage(shown views.Selection) page {
	return wholePage(shown.Title(), views.SelectionPage, shown)
}

func refusedSelection(r *request, chosen *selection, err error) error {
	return r.refused(err, func(problems views.Problems) page {
		chosen.Problems = problems
		return selectionPage(chosen.Selection)
	})
}

// changeSelection does what the page said, to one after the other, each in a transaction of its own: a refusal for one
// takes nothing from the others.
func (s *Server) changeSelection(r *request) error {
	chosen, err := s.readSelection(r)
	if err != nil {
		return refusedSelection(r, chosen, err)
	}
	if chosen.Seen == "" || r.form("seen") != chosen.Seen {
		return refusedSelection(r, chosen, access.Conflict("Something has changed since this page was made. Nobody was changed. This is how it is now."))
	}
	s.changeEach(r, chosen)
	results := chosen.Results()
	switch flash := (views.Flash{Message: results.Summary(), Selected: &results}); {
	case results.HasLinks(): // which are kept nowhere
		return r.show(http.StatusOK, selectionResultsPage(results))
	case results.ShutOut():
		return r.done(views.RootPath(), views.Flash{Message: flash.Message})
	default:
		return r.done(views.SelectionPath(r.org().Slug), flash)
	}
}

// changeEach goes on when the browser has gone away: nobody asked for half of it.
func (s *Server) changeEach(r *request, chosen *selection) {
	ctx, by := context.WithoutCancel(r.ctx()), r.by()
	failed := false
	for i, person := range chosen.people {
		row := &chosen.Rows[i]
		if row.Refusal != "" {
			continue
		}
		if failed {
			row.Refusal = "Not tried, because the one before failed."
			continue
		}
		token, err := s.store.ChangeSelected(ctx, by, r.org().ID, person, chosen.change)
		if row.Refusal = selectedRefusal(*row, err); err != nil && statusOf(err) >= http.StatusInternalServerError {
			s.log.Error("a change to several members stopped", "id", idOf(r), "cause", err)
			row.Refusal, failed = "This failed for a reason of the server's. Try it again.", true
		}
		if err == nil && token != "" && !chosen.Mail {
			row.Link = s.link(views.AcceptancePath(token))
		}
	}
}

// showSelectionResults says once what became of each.
func (s *Server) showSelectionResults(r *request) error {
	flash, err := r.takeFlash()
	switch {
	case err != nil:
		return err
	case flash == nil:
		return r.goTo(views.MembersPath(r.org().Slug))
	case flash.Selected == nil || flash.Selected.Org != r.org().Slug:
		return r.done(views.MembersPath(r.org().Slug), *flash)
	}
	return r.show(http.StatusOK, selectionResultsPage(*flash.Selected))
}

func selectionResultsPage(shown views.SelectionResults) page {
	return wholePage(shown.Title(), views.SelectionResultsPage, shown)
}
