-- The second step of signing in. Like accounts, this is how one signs in and no fact of who may do what, so it has no
-- history. What a person must show is kept so that who reads these tables cannot show it: a code's secret is sealed
-- under GATEHOUSE_SECRET, recovery codes and tokens are hashes.

-- +goose Up

-- Codes from an app (RFC 6238). One that is not confirmed yet asks for nothing.
CREATE TABLE totp_factors (
    user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    sealed       bytea NOT NULL,
    confirmed_at timestamptz,
    last_step    bigint NOT NULL DEFAULT 0, -- of the last code that counted: it and those before it never count again
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recovery_codes (
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Somebody whose password or link was right and who has not shown the second factor. It opens nothing.
CREATE TABLE half_sign_ins (
    token_hash bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON half_sign_ins (user_id);

-- Who has a second factor.
CREATE FUNCTION has_second_factor(person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM totp_factors f WHERE f.user_id = person AND f.confirmed_at IS NOT NULL)
$$;
