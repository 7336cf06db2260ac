-- Tokens with which services ask the API, each bound to one organization. A token is stored as a hash, and its row is
-- read at every request: revoking one deletes the row, and it is over.

-- +goose Up
CREATE TABLE api_tokens (
    org_id       uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id           uuid NOT NULL UNIQUE,
    name         text NOT NULL CHECK (name <> ''),
    token_hash   bytea NOT NULL UNIQUE,
    scopes       text[] NOT NULL CHECK (scopes <@ ARRAY['decide', 'manage', 'scim'] AND cardinality(scopes) > 0),
    made_by      uuid REFERENCES users ON DELETE CASCADE, -- NULL for the operator of the server; never set to NULL later
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (org_id, lower(name));
CREATE INDEX ON api_tokens (made_by);

-- Every column but last_used_at, which says nothing of who may do what.
CREATE CONSTRAINT TRIGGER audit_guard
    AFTER INSERT OR DELETE OR UPDATE OF org_id, id, name, token_hash, scopes, made_by, created_at, expires_at ON api_tokens
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard();

-- Whether the maker of a token may still make it: by no maker, who is the operator, always. In PL/pgSQL, which the planner
-- leaves alone: a check under the operator's token does not pay for this one's plan.
-- +goose StatementBegin
CREATE FUNCTION maker_may(maker uuid, org uuid, wanted bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN maker IS NULL OR (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(maker, org) AS p) & wanted <> 0;
END $$;
-- +goose StatementEnd

-- Whether a token works now: it has not expired, and its maker may still make it.
CREATE FUNCTION token_works(expires_at timestamptz, maker uuid, org uuid, wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (expires_at IS NULL OR expires_at > now()) AND (maker IS NULL OR maker_may(maker, org, wanted)) $$;

-- Whether to write down that a token is used: once a minute.
CREATE FUNCTION token_unmarked(last_used_at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT last_used_at IS NULL OR last_used_at < now() - interval '1 minute' $$;

-- What the decision API finds its subjects and its resources by (queries/decisions.sql). Names come as a service writes
-- them: an id, which is NULL where the text has not the form of one, or else a name. An id wins.

-- +goose StatementBegin
CREATE FUNCTION find_subject(org uuid, kind text, by_id uuid, by_name text) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT u.id FROM users u WHERE find_subject.kind = 'user' AND u.id = by_id
  UNION ALL
    SELECT u.id FROM users u WHERE find_subject.kind = 'user' AND by_id IS NULL AND u.email = by_name
  UNION ALL
    SELECT g.id FROM groups g WHERE find_subject.kind = 'group' AND g.org_id = org AND g.id = by_id
  UNION ALL
    SELECT g.id FROM groups g WHERE find_subject.kind = 'group' AND g.org_id = org AND lower(g.name) = lower(by_name)
       AND NOT EXISTS (SELECT FROM groups named WHERE named.org_id = org AND named.id = by_id)
$$;

CREATE FUNCTION find_resource(org uuid, kind text, by_id uuid, by_key text) RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT r.id FROM resources r WHERE r.org_id = org AND r.id = by_id AND r.kind = find_resource.kind
  UNION ALL
    SELECT r.id FROM resources r WHERE r.org_id = org AND r.kind = find_resource.kind AND r.key = by_key
       AND NOT EXISTS (SELECT FROM resources named WHERE named.org_id = org AND named.id = by_id AND named.kind = find_resource.kind)
$$;
-- +goose StatementEnd

-- What a search begins with (queries/searches.sql). These only narrow what access_paths is then asked about.

-- The rights that a role at a place gives on a resource of some kind there.
-- +goose StatementBegin
CREATE FUNCTION reach(role roles, place_kind text, kind text, full_reach boolean) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN place_kind = kind THEN role.here
                ELSE CASE WHEN kind = 'module' THEN role.below_modules ELSE role.below END
                   | CASE WHEN full_reach THEN role.added_at_full_reach ELSE 0 END END
$$;

-- Whether an access mode lets somebody in to a resource of some kind: inside is for active members and for groups.
CREATE FUNCTION opens(access_mode text, kind text, inside boolean, signed_in boolean) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN inside THEN access_mode <> 'restricted'
                ELSE (access_mode = 'anonymous' OR access_mode = 'public' AND signed_in) AND kind NOT IN ('constant', 'secret', 'connection') END
$$;

-- The places in an organization at which a subject was granted, or owns, what gives a right on resources of some kind.
-- kinds are that one and those that may contain it.
CREATE FUNCTION granted_places(subject uuid, org uuid, kinds text[], kind text, wanted bigint) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT g.resource_id
    FROM (SELECT subject AS id
        UNION ALL
          SELECT a.ancestor_id
          FROM group_members gm
          JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
          WHERE gm.org_id = org AND gm.user_id = subject
        UNION ALL
          SELECT a.ancestor_id FROM group_ancestry a WHERE a.org_id = org AND a.descendant_id = subject
        UNION ALL
          SELECT home.org_id FROM memberships home WHERE home.user_id = subject
        UNION ALL
          SELECT team.org_id FROM groups team WHERE team.id = subject
    ) AS principal
    JOIN organizations o ON o.id = org
    JOIN grants g ON g.principal_id = principal.id AND g.org_id = org AND g.resource_kind = ANY (kinds)
    JOIN roles role ON role.id = g.role_id
    WHERE reach(role, g.resource_kind, granted_places.kind, o.full_reach) & wanted <> 0
  UNION
    SELECT r.id
    FROM resources r
    JOIN organizations o ON o.id = org
    JOIN roles role ON role.id = r.kind || '/owner'
    WHERE r.org_id = org AND r.owner_id = subject AND r.kind = ANY (kinds)
      AND reach(role, r.kind, granted_places.kind, o.full_reach) & wanted <> 0
$$;
-- +goose StatementEnd

CREATE INDEX resources_open ON resources (org_id, kind) WHERE access_mode <> 'restricted';
CREATE INDEX grants_outside ON grants (org_id, principal_id) WHERE external;
CREATE INDEX grants_by_role ON grants (org_id, resource_id, role_id);
