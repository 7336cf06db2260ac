package db

import (
	"bytes"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gatehouse/access"
	"gatehouse/db/internal/sqlc"
)

// A KeyedRequest is one that a service may send again, with the same key, when it did not hear the answer.
type KeyedRequest struct {
	Token  access.ID
	Secret string // of the token: it seals the answer
	Key    string
	Hash   []byte // of everything that was asked
}

// ErrOtherRequest refuses a key that was sent with another request before.
var ErrOtherRequest = access.Invalid("Idempotency-Key", "This key was sent with another request before. Use a new one for each request.")

// Once carries out the steps of Together for a request and keeps their answer; for a request that was carried out before,
// in the last 24 hours, it returns that answer and again is true. Of requests with one key that come at the same time
// one is carried out, because they wait for the organization's lock. What was refused is not kept.
func (s *Store) Once(ctx context.Context, org access.ID, request KeyedRequest, steps func(*Store) ([]byte, error)) (answer []byte, again bool, err error) {
	err = s.Together(ctx, org, func(inside *Store) error {
		if answer, again, err = inside.findAnswer(ctx, org, request); err != nil || again {
			return err
		}
		if answer, err = steps(inside); err != nil {
			return err
		}
		sealed, err := request.seal(answer)
		if err != nil {
			return err
		}
		return inside.q.AddServiceAnswer(ctx, sqlc.AddServiceAnswerParams{OrgID: org, TokenID: request.Token, Key: request.Key,
			RequestHash: request.Hash, Answer: sealed})
	})
	return answer, again, err
}

func (s *Store) findAnswer(ctx context.Context, org access.ID, request KeyedRequest) (answer []byte, known bool, err error) {
	if err := s.q.ForgetServiceAnswers(ctx, org); err != nil {
		return nil, false, err
	}
	row, err := s.q.FindServiceAnswer(ctx, sqlc.FindServiceAnswerParams{OrgID: org, TokenID: request.Token, Key: request.Key})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	case !bytes.Equal(row.RequestHash, request.Hash):
		return nil, false, ErrOtherRequest
	}
	answer, err = request.unseal(row.Answer)
	return answer, true, err
}

// seal encrypts an answer so that only whoever has the token's secret can read it again.
func (r KeyedRequest) seal(answer []byte) ([]byte, error) {
	sealing, err := keyed(r.Secret, "gatehouse answer "+r.Key)
	if err != nil {
		return nil, err
	}
	return seal(sealing, string(answer), r.Hash), nil
}

func (r KeyedRequest) unseal(sealed []byte) ([]byte, error) {
	sealing, err := keyed(r.Secret, "gatehouse answer "+r.Key)
	if err != nil {
		return nil, err
	}
	answer, err := unseal(sealing, sealed, r.Hash)
	return []byte(answer), err
}
