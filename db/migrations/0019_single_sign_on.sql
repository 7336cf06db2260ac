-- Single sign-on: an organization's own provider (OpenID Connect) says who its members are. What it says counts in that
-- organization and nowhere else, so a session knows by what it was begun (docs/decisions/0009).

-- +goose Up
CREATE TABLE providers (
    org_id      uuid PRIMARY KEY REFERENCES organizations ON DELETE CASCADE,
    issuer      text NOT NULL CHECK (issuer <> ''),
    client_id   text NOT NULL CHECK (client_id <> ''),
    sealed      bytea NOT NULL,  -- the client secret, under GATEHOUSE_SECRET
    enabled     boolean NOT NULL,
    required    boolean NOT NULL, -- members reach the organization's pages only through the provider
    break_glass uuid,             -- the one Admin who may still use a password, with a second factor
    version     bigint NOT NULL DEFAULT 1,
    FOREIGN KEY (org_id, break_glass) REFERENCES memberships ON DELETE SET NULL (break_glass),
    CHECK (enabled OR NOT required)
);

-- What a provider calls a member. It goes with the membership.
CREATE TABLE identities (
    org_id    uuid NOT NULL,
    issuer    text NOT NULL,
    subject   text NOT NULL CHECK (subject <> ''),
    user_id   uuid NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, issuer, subject),
    UNIQUE (org_id, user_id, issuer),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships ON DELETE CASCADE
);

-- +goose StatementBegin
DO $$
DECLARE
    audited text;
BEGIN
    FOREACH audited IN ARRAY ARRAY['providers', 'identities'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON %I
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard()', audited);
    END LOOP;
END $$;
-- +goose StatementEnd

-- Somebody who was sent to a provider and has not come back. Only their browser has the token, and with it all that the
-- provider's answer must fit.
CREATE TABLE departures (
    token_hash bytea PRIMARY KEY,
    provider   uuid NOT NULL REFERENCES providers ON DELETE CASCADE,
    next       text NOT NULL,
    again      boolean NOT NULL, -- to prove once more who they are
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON departures (provider);
CREATE INDEX ON departures (expires_at);

-- A session that is its owner's own was begun with their password or link, and their second factor if they have one.
ALTER TABLE sessions ADD COLUMN own boolean NOT NULL DEFAULT true;

-- The providers that said of a session whose it is. It opens these organizations, whether it is its owner's own or not.
CREATE TABLE session_providers (
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    provider   uuid NOT NULL REFERENCES providers ON DELETE CASCADE,
    at         timestamptz NOT NULL DEFAULT now(),
    proven_at  timestamptz, -- when the person showed the provider who they are; NULL where it did not say
    PRIMARY KEY (session_id, provider)
);
CREATE INDEX ON session_providers (provider);
