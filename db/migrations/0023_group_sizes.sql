-- How many people are in each group at any depth: active members of the organization, whose account is active. It repeats what the
-- edges and the members say, so that a page of groups, a group and a picker do not count thousands of people anew; the triggers
-- below keep it true, under the organization's lock like the edges.

-- +goose Up
CREATE TABLE group_sizes (
    org_id   uuid NOT NULL,
    group_id uuid NOT NULL,
    everyone bigint NOT NULL,
    PRIMARY KEY (org_id, group_id),
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE
);

-- What it should say.
CREATE VIEW group_sizes_now AS
SELECT g.org_id, g.id AS group_id,
       (SELECT count(*) FROM (SELECT DISTINCT gm.user_id
                              FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
                              JOIN memberships m ON m.org_id = gm.org_id AND m.user_id = gm.user_id AND m.status = 'active'
                              JOIN users u ON u.id = gm.user_id AND u.status = 'active'
                              WHERE a.org_id = g.org_id AND a.ancestor_id = g.id) AS inside) AS everyone
FROM groups g;

-- +goose StatementBegin
CREATE FUNCTION size_new_groups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO group_sizes SELECT c.org_id, c.id, 0 FROM changed c;
    RETURN NULL;
END $$;

-- Counts some groups anew.
CREATE FUNCTION count_groups(orgs uuid[], ids uuid[]) RETURNS void LANGUAGE sql AS $$
    UPDATE group_sizes s SET everyone = now.everyone
    FROM (SELECT DISTINCT unnest(orgs) AS org_id, unnest(ids) AS id) AS asked
    CROSS JOIN LATERAL (SELECT n.everyone FROM group_sizes_now n WHERE n.org_id = asked.org_id AND n.group_id = asked.id OFFSET 0) AS now
    WHERE s.org_id = asked.org_id AND s.group_id = asked.id AND s.everyone <> now.everyone
$$;
-- Each is looked up by index, also in a transaction that began when the tables were empty, such as an import.
ALTER FUNCTION count_groups SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off;

CREATE FUNCTION size_ancestry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_groups(array_agg(c.org_id), array_agg(c.ancestor_id)) FROM (SELECT DISTINCT org_id, ancestor_id FROM changed) AS c HAVING count(*) > 0;
    RETURN NULL;
END $$;

-- Of few that come or go, each is counted in the groups around that they are in by no other way; for many, those are counted anew.
CREATE FUNCTION size_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM changed) > 200 THEN
        PERFORM count_groups(array_agg(c.org_id), array_agg(c.ancestor_id))
        FROM (SELECT DISTINCT a.org_id, a.ancestor_id FROM changed JOIN group_ancestry a ON a.org_id = changed.org_id AND a.descendant_id = changed.group_id) AS c;
        RETURN NULL;
    END IF;
    UPDATE group_sizes s SET everyone = s.everyone + CASE TG_OP WHEN 'INSERT' THEN moved.people ELSE -moved.people END
    FROM (SELECT c.org_id, c.ancestor_id, count(*) AS people
          FROM (SELECT DISTINCT changed.org_id, a.ancestor_id, changed.user_id
                FROM changed
                JOIN memberships m ON m.org_id = changed.org_id AND m.user_id = changed.user_id AND m.status = 'active'
                JOIN users u ON u.id = changed.user_id AND u.status = 'active'
                JOIN group_ancestry a ON a.org_id = changed.org_id AND a.descendant_id = changed.group_id) AS c
          WHERE NOT EXISTS (SELECT FROM group_members gm
                            WHERE gm.org_id = c.org_id AND gm.user_id = c.user_id
                              AND EXISTS (SELECT FROM group_ancestry a WHERE a.org_id = gm.org_id AND a.descendant_id = gm.group_id AND a.ancestor_id = c.ancestor_id)
                              AND NOT EXISTS (SELECT FROM changed own WHERE own.org_id = gm.org_id AND own.group_id = gm.group_id AND own.user_id = gm.user_id))
          GROUP BY c.org_id, c.ancestor_id) AS moved
    WHERE s.org_id = moved.org_id AND s.group_id = moved.ancestor_id;
    RETURN NULL;
END $$;
ALTER FUNCTION size_members SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off;

-- Whoever begins or ceases to count does so in every group around them, once in each.
CREATE FUNCTION size_statuses(orgs uuid[], users uuid[], came integer[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(users) > 200 THEN
        PERFORM count_groups(array_agg(c.org_id), array_agg(c.ancestor_id))
        FROM (SELECT DISTINCT a.org_id, a.ancestor_id FROM unnest(orgs, users) AS p (org_id, user_id)
              JOIN group_members gm ON gm.org_id = p.org_id AND gm.user_id = p.user_id
              JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id) AS c HAVING count(*) > 0;
        RETURN;
    END IF;
    UPDATE group_sizes s SET everyone = s.everyone + moved.people
    FROM (SELECT c.org_id, c.ancestor_id, sum(c.came) AS people
          FROM (SELECT DISTINCT p.org_id, a.ancestor_id, p.user_id, p.came FROM unnest(orgs, users, came) AS p (org_id, user_id, came)
                JOIN group_members gm ON gm.org_id = p.org_id AND gm.user_id = p.user_id
                JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id) AS c
          GROUP BY c.org_id, c.ancestor_id HAVING sum(c.came) <> 0) AS moved
    WHERE s.org_id = moved.org_id AND s.group_id = moved.ancestor_id;
END $$;
ALTER FUNCTION size_statuses SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off;

CREATE FUNCTION size_memberships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM size_statuses(array_agg(c.org_id), array_agg(c.user_id), array_agg(CASE c.status WHEN 'active' THEN 1 ELSE -1 END))
    FROM changed c JOIN before b ON b.org_id = c.org_id AND b.user_id = c.user_id AND b.status <> c.status
    JOIN users u ON u.id = c.user_id AND u.status = 'active' HAVING count(*) > 0;
    RETURN NULL;
END $$;

CREATE FUNCTION size_users() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM size_statuses(array_agg(m.org_id), array_agg(m.user_id), array_agg(CASE c.status WHEN 'active' THEN 1 ELSE -1 END))
    FROM changed c JOIN before b ON b.id = c.id AND b.status <> c.status
    JOIN memberships m ON m.user_id = c.id AND m.status = 'active' HAVING count(*) > 0;
    RETURN NULL;
END $$;

-- Who is no longer a member leaves the groups first: when their memberships cascade, nothing tells any more whether they counted.
CREATE FUNCTION leave_groups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM group_members gm WHERE gm.org_id = OLD.org_id AND gm.user_id = OLD.user_id;
    RETURN OLD;
END $$;
-- +goose StatementEnd

CREATE TRIGGER size_insert AFTER INSERT ON groups REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_new_groups();
CREATE TRIGGER size_insert AFTER INSERT ON group_ancestry REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_ancestry();
CREATE TRIGGER size_delete AFTER DELETE ON group_ancestry REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_ancestry();
CREATE TRIGGER size_insert AFTER INSERT ON group_members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_members();
CREATE TRIGGER size_delete AFTER DELETE ON group_members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_members();
CREATE TRIGGER size_update AFTER UPDATE ON memberships REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_memberships();
CREATE TRIGGER size_update AFTER UPDATE ON users REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION size_users();
CREATE TRIGGER leave_groups BEFORE DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION leave_groups();

INSERT INTO group_sizes SELECT * FROM group_sizes_now;
