-- Invitations. The link's token is stored as a hash; a resend replaces it, which kills the old link.

-- +goose Up
CREATE TABLE invitations (
    org_id      uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id          uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    email       text NOT NULL CHECK (email = lower(btrim(email)) AND email IS NFKC NORMALIZED),
    role_id     text NOT NULL REFERENCES roles,
    message     text NOT NULL DEFAULT '',
    token_hash  bytea NOT NULL UNIQUE,
    invited_by  uuid REFERENCES users, -- NULL for the operator of the server
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at  timestamptz,
    PRIMARY KEY (org_id, id),
    CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE UNIQUE INDEX invitations_open ON invitations (org_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE invitation_groups (
    org_id        uuid NOT NULL,
    invitation_id uuid NOT NULL,
    group_id      uuid NOT NULL,
    PRIMARY KEY (org_id, invitation_id, group_id),
    FOREIGN KEY (org_id, invitation_id) REFERENCES invitations ON DELETE CASCADE,
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE
);
