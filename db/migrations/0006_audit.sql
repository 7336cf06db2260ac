-- The audit log: every change has its event in the same transaction. Three guards stand behind the program: a
-- deferred trigger refuses a commit that changed an audited table without an event, events can neither be
-- changed nor deleted, and each carries a hash over the one before it.

-- +goose Up
CREATE TABLE audit_heads (
    org_id uuid PRIMARY KEY REFERENCES organizations,
    seq    bigint NOT NULL,
    hash   bytea NOT NULL
);

CREATE TABLE audit_events (
    org_id       uuid NOT NULL REFERENCES organizations,
    seq          bigint NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid,                       -- NULL for the operator of the server
    actor_name   text NOT NULL,
    via          text NOT NULL CHECK (via IN ('page', 'api', 'cli', 'import', 'job')),
    action       text NOT NULL,
    target_type  text NOT NULL,
    target_id    uuid,
    target_name  text NOT NULL,
    subject_type text NOT NULL DEFAULT '',
    subject_id   uuid,
    subject_name text NOT NULL DEFAULT '',
    before       jsonb,
    after        jsonb,
    address      text NOT NULL DEFAULT '',
    request_id   text NOT NULL DEFAULT '',
    xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    hash         bytea NOT NULL,
    PRIMARY KEY (org_id, seq)
);
CREATE INDEX ON audit_events (xid);
CREATE INDEX ON audit_events (org_id, target_id, seq);
CREATE INDEX ON audit_events (org_id, subject_id, seq);
CREATE INDEX ON audit_events (org_id, actor_id, seq);

-- The hash covers every field that says what happened, and the hash before it.
-- +goose StatementBegin
CREATE FUNCTION audit_hash(previous bytea, e audit_events) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(e.org_id, e.seq, extract(epoch FROM e.at), e.actor_id, e.actor_name,
        e.via, e.action, e.target_type, e.target_id, e.target_name, e.subject_type, e.subject_id, e.subject_name,
        e.before, e.after, e.address, e.request_id)::text, 'UTF8'))
$$;
-- The chain is safe because every change holds its organization's lock.
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    previous bytea;
BEGIN
    INSERT INTO audit_heads AS h (org_id, seq, hash) VALUES (NEW.org_id, 1, '')
        ON CONFLICT (org_id) DO UPDATE SET seq = h.seq + 1
        RETURNING h.seq, h.hash INTO NEW.seq, previous;
    NEW.at := change_time();
    NEW.hash := audit_hash(previous, NEW);
    UPDATE audit_heads SET hash = NEW.hash WHERE org_id = NEW.org_id;
    RETURN NEW;
END $$;
CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_events WHERE xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a change of % has no audit event', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER audit_chain BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_is_final();

-- +goose StatementBegin
DO $$
DECLARE
    audited text;
BEGIN
    FOREACH audited IN ARRAY ARRAY['users', 'organizations', 'memberships', 'groups', 'group_members', 'nested_groups',
                                   'resources', 'grants', 'invitations', 'invitation_groups'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON %I
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard()', audited);
    END LOOP;
    -- Built-in roles come with the program; templates belong to an organization.
    CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE ON roles
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.org_id IS NOT NULL) EXECUTE FUNCTION audit_guard();
    CREATE CONSTRAINT TRIGGER audit_guard_delete AFTER DELETE ON roles
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.org_id IS NOT NULL) EXECUTE FUNCTION audit_guard();
END $$;
-- +goose StatementEnd
