-- What the statements that are asked most read from.

-- +goose Up

-- A decision looks from the resource for grants to groups and organizations, which are few, and from the user for their own.
CREATE INDEX grants_to_many ON grants (resource_id) INCLUDE (principal_id, group_id, role_id, id, expires_at) WHERE user_id IS NULL;

-- The roles that groups carry, of all that is shared to them.
CREATE INDEX grants_carried ON grants (org_id, group_id) WHERE group_id IS NOT NULL AND resource_kind IN ('organization', 'module');

-- What is open to many, by name: a list reads its page of them and no more.
CREATE INDEX resources_open_by_name ON resources (org_id, kind, lower(name), id) WHERE access_mode <> 'restricted';

-- Substrings without an extension: the three-letter pieces of some words, as numbers, for GIN indexes. A piece carries its
-- organization, so nobody's search reads what others are called.
-- +goose StatementBegin
CREATE FUNCTION grams(org uuid, words text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT hashtextextended(substr(words, n, 3), hashtextextended(org::text, 0))), '{}')
    FROM generate_series(1, length(words) - 2) AS n
$$;
-- +goose StatementEnd
CREATE INDEX groups_by_name ON groups (org_id, lower(name), id);
CREATE INDEX groups_by_beginning ON groups (org_id, (lower(name) COLLATE "C"), id);
CREATE INDEX groups_found ON groups USING gin (grams(org_id, lower(name || ' ' || description)));

-- The list of members (ListMembers): members and open invitations, once for each order in which the list is shown. It repeats what
-- other tables say, so that a page of it is read from one index however many members there are; the triggers below keep it true.
CREATE TABLE people (
    org_id  uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    sort    text NOT NULL CHECK (sort IN ('name', 'role', 'status', 'seen')),
    key     text COLLATE "C" NOT NULL,
    id      uuid NOT NULL, -- of a user or an invitation
    status  text NOT NULL,
    role_id text NOT NULL,
    words   text,          -- name and address, in lower case; only in the order of names
    PRIMARY KEY (org_id, sort, key, id),
    UNIQUE (org_id, id, sort)
);
CREATE INDEX people_filtered ON people (org_id, status, role_id) WHERE sort = 'name';
CREATE INDEX people_found ON people USING gin (grams(org_id, words)) WHERE sort = 'name';

-- How many there are of each role and status. It grows and shrinks with what is changed under the organization's lock.
CREATE TABLE people_counts (
    org_id  uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    status  text NOT NULL,
    role_id text NOT NULL,
    total   bigint NOT NULL,
    PRIMARY KEY (org_id, status, role_id)
);
CREATE INDEX users_deactivated ON users (id) WHERE status <> 'active';

-- What the list should say of one of them.
-- +goose StatementBegin
CREATE FUNCTION people_of(org uuid, who uuid) RETURNS SETOF people LANGUAGE sql STABLE ROWS 4 AS $$
    SELECT p.org_id, entry.sort, entry.key, p.id, p.status, p.role_id, CASE WHEN entry.sort = 'name' THEN p.words END
    FROM (SELECT m.org_id, m.user_id AS id, m.status, g.role_id, lower(u.name || ' ' || u.email) AS words,
                 lower(left(COALESCE(NULLIF(u.name, ''), u.email), 300)) AS name, a.last_seen_at
          FROM memberships m
          JOIN users u ON u.id = m.user_id
          JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
          LEFT JOIN accounts a ON a.user_id = u.id
          WHERE m.org_id = org AND m.user_id = who
        UNION ALL
          SELECT i.org_id, i.id, 'invited', i.role_id, i.email, left(i.email, 300), NULL
          FROM invitations i
          WHERE i.org_id = org AND i.id = who AND i.accepted_at IS NULL AND i.revoked_at IS NULL) AS p
    CROSS JOIN LATERAL (VALUES ('name', p.name), ('role', p.role_id || ' ' || p.name), ('status', p.status || ' ' || p.name),
        ('seen', COALESCE(to_char(p.last_seen_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), '') || ' ' || p.name)) AS entry (sort, key)
$$;
-- +goose StatementEnd

-- What it should say of all of them.
CREATE VIEW people_now AS
SELECT p.org_id, p.sort, p.key, p.id, p.status, p.role_id, p.words
FROM (SELECT m.org_id, m.user_id AS id FROM memberships m UNION ALL SELECT i.org_id, i.id FROM invitations i) AS listed
CROSS JOIN LATERAL people_of(listed.org_id, listed.id) AS p;

-- +goose StatementBegin
-- Makes the list say again what is true of some people. Whoever is new there comes in, and who is gone goes, only with changes
-- under the organization's lock: a new name or a new time of being seen must not bring back who is just removed.
CREATE FUNCTION follow_people(orgs uuid[], ids uuid[], locked boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE people p SET key = now.key, status = now.status, role_id = now.role_id, words = now.words
    FROM (SELECT DISTINCT unnest(orgs) AS org_id, unnest(ids) AS id) AS asked
    CROSS JOIN LATERAL people_of(asked.org_id, asked.id) AS now
    WHERE p.org_id = asked.org_id AND p.id = asked.id AND p.sort = now.sort
      AND (p.key, p.status, p.role_id, p.words) IS DISTINCT FROM (now.key, now.status, now.role_id, now.words);
    IF NOT locked THEN
        RETURN;
    END IF;
    DELETE FROM people p
    USING (SELECT DISTINCT unnest(orgs) AS org_id, unnest(ids) AS id) AS asked
    WHERE p.org_id = asked.org_id AND p.id = asked.id
      AND NOT EXISTS (SELECT FROM people_of(p.org_id, p.id));
    INSERT INTO people (org_id, sort, key, id, status, role_id, words)
    SELECT now.org_id, now.sort, now.key, now.id, now.status, now.role_id, now.words
    FROM (SELECT DISTINCT unnest(orgs) AS org_id, unnest(ids) AS id) AS asked
    CROSS JOIN LATERAL people_of(asked.org_id, asked.id) AS now
    ON CONFLICT DO NOTHING;
END $$;
-- Each is looked up by index, also in a transaction that began when the tables were empty, such as an import.
ALTER FUNCTION follow_people SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off;

CREATE FUNCTION follow_memberships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM follow_people(array_agg(c.org_id), array_agg(c.user_id), true) FROM changed c HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION follow_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM follow_people(array_agg(c.org_id), array_agg(c.user_id), true) FROM changed c
    WHERE c.resource_kind = 'organization' AND c.user_id IS NOT NULL HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION follow_invitations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM follow_people(array_agg(c.org_id), array_agg(c.id), true) FROM changed c HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION follow_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM follow_people(array_agg(m.org_id), array_agg(m.user_id), false) FROM changed c JOIN memberships m ON m.user_id = c.id HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION follow_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM follow_people(array_agg(m.org_id), array_agg(m.user_id), false) FROM changed c JOIN memberships m ON m.user_id = c.user_id HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION count_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO people_counts AS held SELECT c.org_id, c.status, c.role_id, count(*) FROM changed c WHERE c.sort = 'name' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (org_id, status, role_id) DO UPDATE SET total = held.total + EXCLUDED.total;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO people_counts AS held SELECT c.org_id, c.status, c.role_id, -count(*) FROM changed c WHERE c.sort = 'name' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (org_id, status, role_id) DO UPDATE SET total = held.total + EXCLUDED.total;
    ELSE
        INSERT INTO people_counts AS held
        SELECT moved.org_id, moved.status, moved.role_id, sum(moved.n)
        FROM (SELECT c.org_id, c.status, c.role_id, 1 AS n FROM changed c WHERE c.sort = 'name'
            UNION ALL SELECT b.org_id, b.status, b.role_id, -1 FROM before b WHERE b.sort = 'name') AS moved
        GROUP BY 1, 2, 3 HAVING sum(moved.n) <> 0 ORDER BY 1, 2, 3
        ON CONFLICT (org_id, status, role_id) DO UPDATE SET total = held.total + EXCLUDED.total;
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    followed text;
BEGIN
    FOREACH followed IN ARRAY ARRAY['memberships', 'grants', 'invitations', 'users', 'accounts'] LOOP
        EXECUTE format('CREATE TRIGGER follow_update AFTER UPDATE ON %1$I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_%1$s()', followed);
        EXECUTE format('CREATE TRIGGER follow_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_%1$s()', followed);
        EXECUTE format('CREATE TRIGGER follow_delete AFTER DELETE ON %1$I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION follow_%1$s()', followed);
    END LOOP;
END $$;
CREATE TRIGGER count_insert AFTER INSERT ON people REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_people();
CREATE TRIGGER count_delete AFTER DELETE ON people REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_people();
CREATE TRIGGER count_update AFTER UPDATE ON people REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_people();
-- +goose StatementEnd

INSERT INTO people SELECT * FROM people_now;
