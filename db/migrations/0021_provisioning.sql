-- Members and groups that an organization's identity provider keeps in step (SCIM 2.0, web/scim). A row here makes a member
-- or a group the provider's: while the organization has a token for provisioning, nobody else changes what the provider
-- sends. What is stored besides is what the provider sent and reads back, and nothing is decided by it.

-- +goose Up
CREATE TABLE provisioned_members (
    org_id      uuid NOT NULL,
    user_id     uuid NOT NULL,
    external_id text NOT NULL DEFAULT '',
    attributes  jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now(),
    changed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, user_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships ON DELETE CASCADE
);
CREATE INDEX ON provisioned_members (org_id, external_id) WHERE external_id <> '';

-- The version goes up with the group and with who is directly in it.
CREATE TABLE provisioned_groups (
    org_id      uuid NOT NULL,
    group_id    uuid NOT NULL,
    external_id text NOT NULL DEFAULT '',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    changed_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, group_id),
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE
);
CREATE INDEX ON provisioned_groups (org_id, external_id) WHERE external_id <> '';
CREATE INDEX ON provisioned_groups (org_id, created_at, group_id);

-- The accounts that an organization's provisioning made. Such a one comes back without an invitation after it was deleted.
CREATE TABLE provisioned_accounts (
    org_id  uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (org_id, user_id)
);

-- The last requests of each organization's provider that were refused, for its Admins to read.
CREATE TABLE provisioning_failures (
    org_id     uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id         bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    request    text NOT NULL, -- method and path
    status     integer NOT NULL,
    detail     text NOT NULL,
    request_id text NOT NULL,
    PRIMARY KEY (org_id, id)
);

-- The order of the provider's pages.
CREATE INDEX memberships_by_age ON memberships (org_id, created_at, user_id);

ALTER TABLE audit_events DROP CONSTRAINT audit_events_via_check;
ALTER TABLE audit_events ADD CONSTRAINT audit_events_via_check CHECK (via IN ('page', 'api', 'cli', 'import', 'job', 'scim'));

-- +goose StatementBegin
CREATE FUNCTION provisions(org uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM api_tokens t WHERE t.org_id = org AND t.scopes @> ARRAY['scim'])
$$;

CREATE FUNCTION count_group_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE provisioned_groups p SET version = p.version + 1, changed_at = change_time()
    FROM (SELECT DISTINCT org_id, group_id FROM changed) AS c WHERE p.org_id = c.org_id AND p.group_id = c.group_id;
    RETURN NULL;
END $$;

DO $$
DECLARE
    edges text;
BEGIN
    FOREACH edges IN ARRAY ARRAY['group_members', 'nested_groups'] LOOP
        EXECUTE format('CREATE TRIGGER count_version_added AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
                        FOR EACH STATEMENT EXECUTE FUNCTION count_group_version()', edges);
        EXECUTE format('CREATE TRIGGER count_version_removed AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
                        FOR EACH STATEMENT EXECUTE FUNCTION count_group_version()', edges);
    END LOOP;
END $$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON provisioned_members
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON provisioned_groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard();
