-- What resources hold. Three tables, because three kinds of care are taken: contents are fields that a page shows to whoever
-- may view, secrets are sealed under a key that is not in the database, files are rows whose bytes lie in a blob store.
-- None of them says who may do what, so none keeps a past: what a value was is not kept either.

-- +goose Up
CREATE TABLE contents (
    org_id        uuid NOT NULL,
    resource_id   uuid NOT NULL,
    resource_kind text NOT NULL CHECK (resource_kind IN ('dataset', 'constant', 'release', 'analysis', 'connection')),
    fields        jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'object'), -- by the names in package access
    PRIMARY KEY (org_id, resource_id),
    FOREIGN KEY (org_id, resource_id, resource_kind) REFERENCES resources (org_id, id, kind) ON DELETE CASCADE
);

-- The value of a secret, sealed for this very organization and resource (db/vault.go).
CREATE TABLE secrets (
    org_id        uuid NOT NULL,
    resource_id   uuid NOT NULL,
    resource_kind text NOT NULL DEFAULT 'secret' CHECK (resource_kind = 'secret'),
    sealed        bytea NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, resource_id),
    FOREIGN KEY (org_id, resource_id, resource_kind) REFERENCES resources (org_id, id, kind) ON DELETE CASCADE
);

-- The file of an artifact. It was stored before its row was committed, so that no row points at nothing.
CREATE TABLE files (
    org_id        uuid NOT NULL,
    resource_id   uuid NOT NULL,
    resource_kind text NOT NULL DEFAULT 'artifact' CHECK (resource_kind = 'artifact'),
    name          text NOT NULL CHECK (name <> ''), -- under which it is downloaded
    blob          text NOT NULL UNIQUE,             -- its key in the blob store, never used again
    size          bigint NOT NULL CHECK (size >= 0),
    sha256        bytea NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, resource_id),
    FOREIGN KEY (org_id, resource_id, resource_kind) REFERENCES resources (org_id, id, kind) ON DELETE CASCADE
);

-- Blobs that no row of files points at: an upload that is not committed yet, and what a change left. Whatever is still here
-- at its time is removed from the blob store. So a crash at any moment leaves nothing for good.
CREATE TABLE unclaimed_blobs (
    blob         text PRIMARY KEY,
    remove_after timestamptz NOT NULL
);
CREATE INDEX ON unclaimed_blobs (remove_after);

-- +goose StatementBegin
CREATE FUNCTION leave_blob() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.blob <> OLD.blob THEN
        INSERT INTO unclaimed_blobs (blob, remove_after) VALUES (OLD.blob, now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE
    audited text;
BEGIN
    FOREACH audited IN ARRAY ARRAY['contents', 'secrets', 'files'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON %I
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard()', audited);
    END LOOP;
END $$;
-- +goose StatementEnd
CREATE TRIGGER leave_blob AFTER UPDATE OR DELETE ON files FOR EACH ROW EXECUTE FUNCTION leave_blob();
