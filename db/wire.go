package db

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"gatehouse/access"
)

// An access.ID is a string to pgx, which finds out anew at each parameter, by failing, that it can only go as text. So pgx is
// told that it is a uuid: a check's parameters then cost a tenth.

// uuidID is an access.ID as pgx writes and reads uuids.
type uuidID access.ID

// UUIDValue is the uuid. What has not the form of one, such as no ID, is an error.
func (id uuidID) UUIDValue() (pgtype.UUID, error) {
	if !access.IsID(string(id)) {
		return pgtype.UUID{}, fmt.Errorf("%q is no ID", string(id))
	}
	value := pgtype.UUID{Valid: true}
	digits := [32]byte{}
	copy(digits[:8], id[:8])
	copy(digits[8:12], id[9:13])
	copy(digits[12:16], id[14:18])
	copy(digits[16:20], id[19:23])
	copy(digits[20:], id[24:])
	_, err := hex.Decode(value.Bytes[:], digits[:])
	return value, err
}

// ScanUUID reads a uuid that is not NULL.
func (id *uuidID) ScanUUID(value pgtype.UUID) error {
	if !value.Valid {
		return errors.New("NULL is no ID")
	}
	*id = uuidID(value.String())
	return nil
}

type writeID struct{ next pgtype.EncodePlan }

func (p *writeID) SetNext(next pgtype.EncodePlan) { p.next = next }

func (p *writeID) Encode(value any, buffer []byte) ([]byte, error) {
	return p.next.Encode(uuidID(value.(access.ID)), buffer)
}

type readID struct{ next pgtype.ScanPlan }

func (p *readID) SetNext(next pgtype.ScanPlan) { p.next = next }

func (p *readID) Scan(source []byte, target any) error {
	return p.next.Scan(source, (*uuidID)(target.(*access.ID)))
}

// knowIDs teaches the types of a connection what an access.ID is.
func knowIDs(types *pgtype.Map) {
	write := func(value any) (pgtype.WrappedEncodePlanNextSetter, any, bool) {
		id, ok := value.(access.ID)
		return &writeID{}, uuidID(id), ok
	}
	read := func(target any) (pgtype.WrappedScanPlanNextSetter, any, bool) {
		id, ok := target.(*access.ID)
		return &readID{}, (*uuidID)(id), ok
	}
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{write}, types.TryWrapEncodePlanFuncs...)
	types.TryWrapScanPlanFuncs = append([]pgtype.TryWrapScanPlanFunc{read}, types.TryWrapScanPlanFuncs...)
}
