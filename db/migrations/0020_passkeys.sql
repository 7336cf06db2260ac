-- Passkeys: keys that a person's device keeps, and that show both factors at once (docs/decisions/0010). Like the other ways
-- of signing in they are no fact of who may do what, so they have no history. Nothing here can be shown to anybody: the half
-- of a key that signs never leaves the device.

-- +goose Up

-- By this a device says whose key it keeps: random, so that it tells nothing of the person.
CREATE TABLE passkey_handles (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    handle  bytea NOT NULL UNIQUE CHECK (length(handle) = 64)
);

CREATE TABLE passkeys (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id         uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    credential_id   bytea NOT NULL UNIQUE, -- one key is never two people's
    public_key      bytea NOT NULL,
    sign_count      bigint NOT NULL,
    transports      text[] NOT NULL,
    backup_eligible boolean NOT NULL, -- it may be copied to the person's other devices
    backed_up       boolean NOT NULL,
    name            text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_used_at    timestamptz
);
CREATE INDEX ON passkeys (user_id);

-- What a device was asked and has not answered. Each answer counts once, in the browser that asked, for the same purpose and
-- the same person; nobody is known yet where user_id is NULL.
CREATE TABLE passkey_challenges (
    token_hash bytea PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('add', 'sign-in', 'second-step', 'confirm')),
    user_id    uuid REFERENCES users ON DELETE CASCADE,
    asked      bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK ((user_id IS NULL) = (purpose = 'sign-in'))
);
CREATE INDEX ON passkey_challenges (user_id);
CREATE INDEX ON passkey_challenges (expires_at);

CREATE OR REPLACE FUNCTION has_second_factor(person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM totp_factors f WHERE f.user_id = person AND f.confirmed_at IS NOT NULL)
        OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = person)
$$;

-- Two kinds of mail more: about a password, and about other ways of signing in.
ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check
    CHECK (kind IN ('invitation', 'shared', 'owner', 'ending', 'reset', 'test', 'password', 'factor'));
