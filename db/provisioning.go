package db

import (
	"context"
	"encoding/json"
	"time"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// viaSCIM is the By.Via of an organization's identity provider.
const viaSCIM = "scim"

// A ProvisionedPerson is a member as the identity provider sees them. Every member is there for it, also those whom it has
// not changed yet.
type ProvisionedPerson struct {
	access.Person
	Status     access.Status
	Managed    bool // the provider has said something of them
	ExternalID string
	Attributes json.RawMessage // an object: what the provider sent besides
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// CountAllMembers counts the members of an organization, deactivated ones too.
func (s *Store) CountAllMembers(ctx context.Context, org access.ID) (int, error) {
	count, err := s.q.CountAllMembers(ctx, org)
	return int(count), err
}

// ListMembersByAge lists the ids of members, the oldest first, after leaving some out.
func (s *Store) ListMembersByAge(ctx context.Context, org access.ID, skip, size int) ([]access.ID, error) {
	return s.q.ListMembersByAge(ctx, sqlc.ListMembersByAgeParams{OrgID: org, Skip: int32(skip), PageSize: int32(size)})
}

// FindMemberIDByEmail finds the member with an address, in any spelling; access.ErrNotFound where there is none.
func (s *Store) FindMemberIDByEmail(ctx context.Context, org access.ID, email string) (access.ID, error) {
	email, err := NormalizeEmail(email)
	if err != nil {
		return "", access.ErrNotFound
	}
	id, err := s.q.FindMemberIDByEmail(ctx, sqlc.FindMemberIDByEmailParams{OrgID: org, Email: email})
	return id, found(err)
}

// ListMemberIDsByExternalID lists the members that the provider knows by an id of its own.
func (s *Store) ListMemberIDsByExternalID(ctx context.Context, org access.ID, externalID string) ([]access.ID, error) {
	return s.q.ListMemberIDsByExternalID(ctx, sqlc.ListMemberIDsByExternalIDParams{OrgID: org, ExternalID: externalID})
}

// ListProvisionedPeople reads those of some ids that are members, the oldest first.
func (s *Store) ListProvisionedPeople(ctx context.Context, org access.ID, ids []access.ID) ([]ProvisionedPerson, error) {
	rows, err := s.q.ListProvisionedPeople(ctx, sqlc.ListProvisionedPeopleParams{OrgID: org, Ids: ids})
	people := make([]ProvisionedPerson, len(rows))
	for i, row := range rows {
		people[i] = ProvisionedPerson{Person: access.Person{ID: row.ID, Name: row.Name, Email: row.Email}, Status: access.Status(row.Status),
			Managed: row.Managed, ExternalID: row.ExternalID, Attributes: row.Attributes, CreatedAt: row.CreatedAt, ChangedAt: row.ChangedAt}
	}
	return people, err
}

// FindProvisioner names the organization whose identity provider keeps somebody's account; empty where none does.
func (s *Store) FindProvisioner(ctx context.Context, user access.ID) (string, error) {
	name, err := s.q.FindProvisioner(ctx, user)
	return name, ignoreNotFound(found(err))
}

// A Provisioning is what an organization's Admins see of its identity provider.
type Provisioning struct {
	Works          bool // there is a token for it, so what it keeps is read-only here
	People, Groups int  // that it keeps
	Failures       []ProvisioningFailure
}

// A ProvisioningFailure is a request of the identity provider that was refused.
type ProvisioningFailure struct {
	At        time.Time
	Request   string // method and path
	Status    int
	Detail    string
	RequestID string
}

// FindProvisioning reads how an organization's identity provider does.
func (s *Store) FindProvisioning(ctx context.Context, org access.ID) (Provisioning, error) {
	works, err := s.q.Provisions(ctx, org)
	if err != nil {
		return Provisioning{}, err
	}
	kept, err := s.q.CountProvisioned(ctx, org)
	if err != nil {
		return Provisioning{}, err
	}
	rows, err := s.q.ListProvisioningFailures(ctx, org)
	shown := Provisioning{Works: works, People: int(kept.People), Groups: int(kept.Groups)}
	for _, row := range rows {
		shown.Failures = append(shown.Failures, ProvisioningFailure{At: row.At, Request: row.Request, Status: int(row.Status), Detail: row.Detail, RequestID: row.RequestID})
	}
	return shown, err
}

// AddProvisioningFailure notes that a request of the identity provider was refused. The last 20 are kept.
func (s *Store) AddProvisioningFailure(ctx context.Context, org access.ID, failure ProvisioningFailure) error {
	return s.q.AddProvisioningFailure(ctx, sqlc.AddProvisioningFailureParams{OrgID: org, Request: failure.Request, Status: int32(failure.Status),
		Detail: failure.Detail, RequestID: failure.RequestID})
}
