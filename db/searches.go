package db

import (
	"context"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A Hit is one thing that a search found: a user by address, a group by name, a resource by key.
type Hit struct {
	ID   access.ID
	Name string
}

// A candidate may be a hit. At is its place in the order of the search.
type candidate struct {
	Hit
	at      string
	allowed bool
}

// maxCandidates is how many are looked at in one statement.
const maxCandidates = 1000

// collect looks at candidates after a place until a page is full and one more hit is known, or there are none left. Next
// is the place of the page's last hit, empty at the end.
func collect(after string, limit int, list func(after string, size int32) ([]candidate, error)) (hits []Hit, next string, err error) {
	size, last := int32(min(limit+1, maxCandidates)), ""
	for {
		candidates, err := list(after, size)
		if err != nil {
			return nil, "", err
		}
		for _, each := range candidates {
			if each.allowed && len(hits) == limit {
				return hits, last, nil
			}
			if each.allowed {
				hits, last = append(hits, each.Hit), each.at
			}
			after = each.at
		}
		if len(candidates) < int(size) {
			return hits, "", nil
		}
		size = min(4*size, maxCandidates)
	}
}

// SearchUsers lists the users around an organization who have a right on a resource of it, in the order of their ids:
// its members, users outside whom a grant here names, and the people of organizations that one names.
func (s *Store) SearchUsers(ctx context.Context, org, resource access.ID, right access.Rights, after string, limit int) ([]Hit, string, error) {
	return collect(after, limit, func(after string, size int32) ([]candidate, error) {
		rows, err := s.q.ListUsersWith(ctx, sqlc.ListUsersWithParams{OrgID: org, Resource: resource, Wanted: int64(right),
			AfterID: idAfter(after), Candidates: size})
		found := make([]candidate, len(rows))
		for i, row := range rows {
			found[i] = candidate{Hit: Hit{ID: required(row.ID), Name: row.Email}, at: string(required(row.ID)), allowed: row.Allowed}
		}
		return found, err
	})
}

// SearchGroups lists an organization's groups that have a right on a resource of it, in the order of their ids.
func (s *Store) SearchGroups(ctx context.Context, org, resource access.ID, right access.Rights, after string, limit int) ([]Hit, string, error) {
	return collect(after, limit, func(after string, size int32) ([]candidate, error) {
		rows, err := s.q.ListGroupsWith(ctx, sqlc.ListGroupsWithParams{OrgID: org, Resource: resource, Wanted: int64(right),
			AfterID: idAfter(after), Candidates: size})
		found := make([]candidate, len(rows))
		for i, row := range rows {
			found[i] = candidate{Hit: Hit{ID: row.ID, Name: row.Name}, at: string(row.ID), allowed: row.Allowed}
		}
		return found, err
	})
}

// idAfter is the id to go on from; what is none starts at the beginning.
func idAfter(at string) access.ID {
	if !access.IsID(at) {
		return firstID
	}
	return access.ID(at)
}

// SearchResources lists an organization's resources of a kind on which a subject, empty for anyone, has a right, in the
// order of their keys. Where all that the subject reaches lies close together it looks there, and else at the whole kind.
func (s *Store) SearchResources(ctx context.Context, org, subject access.ID, kind access.Kind, right access.Rights, after string, limit int) ([]Hit, string, error) {
	asked := reachable{org: org, subject: optional(subject), kind: string(kind), kinds: kindsAround(kind), wanted: int64(right)}
	if err := s.measure(ctx, &asked); err != nil {
		return nil, "", err
	}
	return s.searchReachable(ctx, asked, after, limit)
}

// A reachable is what a search for resources looks for, and what its subject is there.
type reachable struct {
	org     access.ID
	subject *access.ID
	kind    string
	kinds   []string // that one, and those that may contain it
	wanted  int64
	near    sqlc.MeasureReachRow
}

func (s *Store) measure(ctx context.Context, asked *reachable) (err error) {
	asked.near, err = s.q.MeasureReach(ctx, sqlc.MeasureReachParams{OrgID: asked.org, Subject: asked.subject, Kinds: asked.kinds,
		Kind: asked.kind, Wanted: asked.wanted})
	return err
}

func (s *Store) searchReachable(ctx context.Context, asked reachable, after string, limit int) ([]Hit, string, error) {
	return collect(after, limit, func(after string, size int32) ([]candidate, error) {
		if asked.near.Few {
			rows, err := s.q.ListReachedNearby(ctx, sqlc.ListReachedNearbyParams{OrgID: asked.org, Subject: asked.subject, Kind: asked.kind,
				Wanted: asked.wanted, Places: asked.near.Places, AfterKey: stored(after), Candidates: size})
			return resourceCandidates(rows), err
		}
		rows, err := s.q.ListReachedInOrder(ctx, sqlc.ListReachedInOrderParams{OrgID: asked.org, Subject: asked.subject, Kind: asked.kind, Kinds: asked.kinds,
			Wanted: asked.wanted, Inside: asked.near.Inside, SignedIn: asked.near.SignedIn, AfterKey: stored(after), Candidates: size})
		return resourceCandidates(rows), err
	})
}

func resourceCandidates[R sqlc.ListReachedNearbyRow | sqlc.ListReachedInOrderRow](rows []R) []candidate {
	found := make([]candidate, len(rows))
	for i, row := range rows {
		same := sqlc.ListReachedInOrderRow(row)
		found[i] = candidate{Hit: Hit{ID: same.ID, Name: same.Key}, at: same.Key, allowed: same.Allowed}
	}
	return found
}

// kindsAround lists a kind and every kind that may contain it, at any depth.
func kindsAround(kind access.Kind) []string {
	around := []string{string(kind)}
	for _, outer := range access.Kinds() {
		for _, inner := range outer.Holds() {
			if inner == kind {
				around = append(around, kindsAround(outer)...)
			}
		}
	}
	return around
}
