-- What a preview works on (db/effects.go): the people whom a change may concern, told apart by what they hold. Always
-- empty for everybody else: a preview writes it in a transaction that is rolled back.

-- +goose Up
CREATE UNLOGGED TABLE preview_people (
    preview uuid NOT NULL,
    user_id uuid NOT NULL,
    before  text NOT NULL DEFAULT '', -- what the person holds, before the change and after it; who holds the same can do the same
    after   text NOT NULL DEFAULT '',
    named   boolean NOT NULL DEFAULT false, -- may be named
    PRIMARY KEY (preview, user_id)
);

-- The shape of one thing that somebody holds. A table, never filled, because sqlc reads columns from tables only.
CREATE TABLE held_fact (
    user_id  uuid NOT NULL,
    place_id uuid NOT NULL, -- where it is held
    fact     text NOT NULL
);

-- A preview asks about one resource of those that are alike, wherever they lie (db/effects_reading.go), so a fact is told
-- without the place that it is held on. What is given to a group is told of the group, and of people that they are in it: in
-- large organizations everybody is in some, and each has something on most resources.

-- What each of some people, or everybody, holds on some resources and on what contains them: standing, which is held on the
-- organization, ownership, roles of their own, and places in the groups and the other organizations that were given roles
-- there. A person's rights on a resource follow from what they and these hold on it, from what is held on what contains it,
-- from what is open to all members there, and from nothing else. Everybody is the members, and whoever a grant there lets in
-- from outside.
-- +goose StatementBegin
CREATE FUNCTION held_facts(org uuid, resources uuid[], people uuid[]) RETURNS SETOF held_fact LANGUAGE sql STABLE AS $$
    WITH place AS MATERIALIZED (
        SELECT DISTINCT step.id FROM resources r CROSS JOIN LATERAL unnest(r.path) AS step (id) WHERE r.org_id = org AND r.id = ANY (held_facts.resources)
    ), given AS MATERIALIZED (
        SELECT g.user_id, g.group_id, g.organization_id, g.resource_id, g.role_id
        FROM grants g
        WHERE g.org_id = org AND g.resource_id IN (SELECT place.id FROM place) AND (g.expires_at IS NULL OR g.expires_at > decision_time())
    ), fact (user_id, place_id, fact) AS (
        SELECT m.user_id, m.org_id, m.status FROM memberships m WHERE m.org_id = org
      UNION ALL
        SELECT r.owner_id, r.id, r.kind || '/owner' FROM resources r WHERE r.id IN (SELECT place.id FROM place) AND r.owner_id IS NOT NULL
      UNION ALL
        SELECT given.user_id, given.resource_id, given.role_id FROM given WHERE given.user_id IS NOT NULL
      UNION ALL
        SELECT DISTINCT gm.user_id, a.ancestor_id, 'in'
        FROM group_ancestry a JOIN group_members gm ON gm.org_id = org AND gm.group_id = a.descendant_id
        WHERE a.org_id = org AND a.ancestor_id IN (SELECT given.group_id FROM given)
      UNION ALL
        SELECT m.user_id, m.org_id, 'in' FROM memberships m
        WHERE m.org_id <> org AND m.status = 'active' AND m.org_id IN (SELECT given.organization_id FROM given)
    )
    SELECT fact.user_id, fact.place_id, fact.fact
    FROM fact
    JOIN users u ON u.id = fact.user_id AND u.status = 'active'
    WHERE people IS NULL OR fact.user_id = ANY (people)
$$;
-- +goose StatementEnd

-- All that each of them holds there, in short.
-- +goose StatementBegin
CREATE FUNCTION holdings(preview uuid, org uuid, resources uuid[], people uuid[]) RETURNS SETOF preview_people LANGUAGE sql STABLE AS $$
    SELECT preview, held.user_id, md5(string_agg(held.place_id || ' ' || held.fact, ', ' ORDER BY held.place_id, held.fact)), '', false
    FROM held_facts(org, resources, people) AS held
    GROUP BY held.user_id
$$;
-- +goose StatementEnd

-- Whether a preview may name somebody: a member, or whom a grant on these resources or on what contains them names. Who is in
-- another organization, it knows itself.
CREATE FUNCTION named_here(org uuid, resources uuid[], person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM memberships m WHERE m.org_id = org AND m.user_id = person)
        OR EXISTS (SELECT FROM grants g
                   WHERE g.org_id = org AND g.user_id = person AND (g.expires_at IS NULL OR g.expires_at > decision_time())
                     AND EXISTS (SELECT FROM resources r WHERE r.org_id = org AND r.id = ANY (resources) AND g.resource_id = ANY (r.path)))
$$;
