-- Forgotten passwords, and limits on guessing them by which nobody can shut somebody else out.

-- +goose Up

-- A link to choose a new password: known by the hash of its token, used once, within half an hour.
CREATE TABLE password_resets (
    token_hash bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON password_resets (user_id);

-- Who asked for such a link, for any address: known or not.
CREATE TABLE reset_requests (
    email   text NOT NULL,
    address text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON reset_requests (email, at);
CREATE INDEX ON reset_requests (address, at);

-- A browser in which somebody signed in before. What it gets wrong is counted for it alone, so a stranger who guesses at an
-- account locks the account for strangers and not for its owner.
CREATE TABLE known_devices (
    token_hash bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON known_devices (user_id);

ALTER TABLE sign_in_failures ADD COLUMN device bytea; -- NULL for a browser that the account does not know
CREATE INDEX ON sign_in_failures (device, at) WHERE device IS NOT NULL;
