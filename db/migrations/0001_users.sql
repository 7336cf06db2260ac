-- Who can sign in. What decides access (users) is kept apart from how one signs in (accounts), so that the
-- history of the one never holds a password of the other.

-- +goose Up

-- The time at which a change happens: one instant for all its rows, read after the lock was taken, so that
-- the periods in history follow the order in which changes were made.
-- +goose StatementBegin
CREATE FUNCTION change_time() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT COALESCE(NULLIF(current_setting('gatehouse.change_time', true), '')::timestamptz, clock_timestamp())
$$;
-- +goose StatementEnd

CREATE TABLE users (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email      text NOT NULL UNIQUE CHECK (email = lower(btrim(email)) AND email IS NFKC NORMALIZED),
    name       text NOT NULL DEFAULT '',
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated')),
    created_at timestamptz NOT NULL DEFAULT now(),
    valid_from timestamptz NOT NULL DEFAULT change_time()
);

CREATE TABLE accounts (
    user_id       uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    password_hash text NOT NULL DEFAULT '',
    theme         text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
    last_seen_at  timestamptz
);

-- A session is known by the hash of its token: who reads this table cannot sign in with it.
CREATE TABLE sessions (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_hash   bytea NOT NULL UNIQUE,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    flash        text NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT '',
    agent        text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX ON sessions (user_id);

-- A one-time link that signs somebody in: made at the server's shell, and by the demo.
CREATE TABLE sign_in_links (
    token_hash bytea PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    reusable   boolean NOT NULL DEFAULT false,
    used_at    timestamptz,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON sign_in_links (user_id);

-- The first run: one row while nobody is in yet.
CREATE TABLE setup_tokens (
    token_hash bytea PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

-- Failed sign-ins, for the limits per account and per address.
CREATE TABLE sign_in_failures (
    email   text NOT NULL,
    address text NOT NULL,
    at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON sign_in_failures (email, at);
CREATE INDEX ON sign_in_failures (address, at);

-- What this database is: at most one row, written by the demo before it loads anything.
CREATE TABLE demo (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    loaded   boolean NOT NULL DEFAULT false
);
