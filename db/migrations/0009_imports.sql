-- Imports: a file goes by COPY into temporary tables, and from there, joined with what is there already, page by page
-- into the tables (db/imports.go). The tables import_… here are only the shapes of those, never filled: sqlc reads
-- columns from tables, and start_import copies them. A line is that of the file; said is a hash of its text.

-- +goose Up
CREATE TABLE import_organizations (line bigint PRIMARY KEY, said bigint NOT NULL, slug text NOT NULL, name text);
CREATE TABLE import_users (line bigint PRIMARY KEY, said bigint NOT NULL, email text NOT NULL, name text, status text);
CREATE TABLE import_members (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, email text NOT NULL, role text, status text);
CREATE TABLE import_groups (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, name text NOT NULL, description text);
CREATE TABLE import_group_members (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, group_name text NOT NULL,
    email text NOT NULL, role text);
CREATE TABLE import_nested_groups (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, group_name text NOT NULL,
    member_name text NOT NULL);
-- Modules too. place orders the kinds, what contains before what is contained, so that a parent may stand below its child.
CREATE TABLE import_resources (line bigint PRIMARY KEY, said bigint NOT NULL, place integer NOT NULL, organization text NOT NULL, kind text NOT NULL,
    key text NOT NULL, name text, description text, parent_kind text, parent_key text, owner text, access_mode text, org_role text);
CREATE TABLE import_templates (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, project text NOT NULL,
    name text NOT NULL, rights bigint);
CREATE TABLE import_grants (line bigint PRIMARY KEY, said bigint NOT NULL, organization text NOT NULL, kind text NOT NULL, key text NOT NULL,
    email text, group_name text, grantee text, role text, template text, expires_at timestamptz, ends boolean NOT NULL); -- ends: expires_at is said
-- What changed in accounts, until it is known in which organizations' logs it belongs.
CREATE TABLE import_accounts (line bigint PRIMARY KEY, user_id uuid NOT NULL, name text NOT NULL, before jsonb, after jsonb);

-- +goose StatementBegin
CREATE FUNCTION start_import() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    staged text;
BEGIN
    FOREACH staged IN ARRAY ARRAY['organizations', 'users', 'members', 'groups', 'group_members', 'nested_groups', 'resources',
                                  'templates', 'grants', 'accounts'] LOOP
        EXECUTE format('CREATE TEMP TABLE import_%1$s (LIKE public.import_%1$s INCLUDING INDEXES) ON COMMIT DROP', staged);
    END LOOP;
    CREATE INDEX ON pg_temp.import_resources (place, line);
    -- Every page looks its lines up by index. A hash would be made of a whole table, for each page.
    PERFORM set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);
END $$;

-- Nobody analyzes a temporary table by itself, and every plan of an import depends on these.
CREATE FUNCTION analyze_import() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ANALYZE import_organizations, import_users, import_members, import_groups, import_group_members, import_nested_groups,
            import_resources, import_templates, import_grants;
END $$;

-- audit_chain updates the head for each event, and every version of that row stays until the transaction ends: the cost
-- of a million events would grow with their square. So events that come with their numbers are chained to the one before
-- them, whose hash is kept in a setting of the transaction (a query for it would run with the plan that was made when the
-- log was empty); whoever inserts them moves the head on once. An event whose number does not follow is refused.
CREATE FUNCTION audit_chain_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    setting text := 'gatehouse.audit_' || translate(NEW.org_id::text, '-', '_');
    kept    text := current_setting(setting, true);
    previous bytea;
BEGIN
    IF split_part(kept, ' ', 1) = (NEW.seq - 1)::text THEN
        previous := decode(split_part(kept, ' ', 2), 'hex');
    ELSIF NEW.seq = 1 THEN
        previous := '';
    ELSE
        SELECT h.hash INTO previous FROM audit_heads h WHERE h.org_id = NEW.org_id AND h.seq = NEW.seq - 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'audit event % does not follow another', NEW.seq;
        END IF;
    END IF;
    NEW.at := change_time();
    NEW.hash := audit_hash(previous, NEW);
    PERFORM set_config(setting, NEW.seq || ' ' || encode(NEW.hash, 'hex'), true);
    RETURN NEW;
END $$;
-- +goose StatementEnd
DROP TRIGGER audit_chain ON audit_events;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.seq = 0) EXECUTE FUNCTION audit_chain();
-- Triggers run by name: this one first, or it would see the number that audit_chain has given.
CREATE TRIGGER audit_a_numbered BEFORE INSERT ON audit_events FOR EACH ROW WHEN (NEW.seq <> 0) EXECUTE FUNCTION audit_chain_numbered();

-- Its index on xid is what makes the guard cheap. But after a large import most events have one xid, and the planner
-- would rather read the log from its beginning until it meets one, for every row that changes.
ALTER FUNCTION audit_guard() SET enable_seqscan = off;
