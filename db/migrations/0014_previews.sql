-- What a preview works on (db/effects.go): the people whom a change may concern, told apart by what they hold. Always
-- empty for everybody else: a preview writes it in a transaction that is rolled back.

-- +goose Up
CREATE UNLOGGED TABLE preview_people (
    preview uuid NOT NULL,
    user_id uuid NOT NULL,
    before  text NOT NULL DEFAULT '', -- what the person holds, before the change and after it; who holds the same can do the same
    after   text NOT NULL DEFAULT '',
    PRIMARY KEY (preview, user_id)
);

-- The shape of one thing that somebody holds. A table, never filled, because sqlc reads columns from tables only.
CREATE TABLE held_fact (
    user_id  uuid NOT NULL,
    place_id uuid NOT NULL, -- where it is held
    fact     text NOT NULL
);

-- What each of some people, or everybody, holds on some resources and on what contains them: standing, which is held on the
-- organization, ownership, and roles with their places. A person's rights on a resource follow from what they hold on it and on
-- what contains it, and from nothing else of theirs. Everybody is the members, and whoever a grant there lets in from outside.
-- +goose StatementBegin
CREATE FUNCTION held_facts(org uuid, resources uuid[], people uuid[]) RETURNS SETOF held_fact LANGUAGE sql STABLE AS $$
    WITH place AS MATERIALIZED (
        SELECT DISTINCT step.id FROM resources r CROSS JOIN LATERAL unnest(r.path) AS step (id) WHERE r.org_id = org AND r.id = ANY (held_facts.resources)
    ), given AS MATERIALIZED (
        SELECT g.user_id, g.group_id, g.organization_id, g.resource_id, g.resource_id || ' ' || g.role_id AS fact
        FROM grants g
        WHERE g.org_id = org AND g.resource_id IN (SELECT place.id FROM place) AND (g.expires_at IS NULL OR g.expires_at > decision_time())
    ), fact (user_id, place_id, fact) AS (
        SELECT m.user_id, m.org_id, m.status FROM memberships m WHERE m.org_id = org
      UNION ALL
        SELECT r.owner_id, r.id, r.id || ' owner' FROM resources r WHERE r.id IN (SELECT place.id FROM place) AND r.owner_id IS NOT NULL
      UNION ALL
        SELECT given.user_id, given.resource_id, given.fact FROM given WHERE given.user_id IS NOT NULL
      UNION ALL
        SELECT gm.user_id, given.resource_id, given.fact
        FROM given
        JOIN group_ancestry a ON a.org_id = org AND a.ancestor_id = given.group_id
        JOIN group_members gm ON gm.org_id = org AND gm.group_id = a.descendant_id
      UNION ALL
        SELECT m.user_id, given.resource_id, given.fact || ' outside' -- counts for whom the organization deactivated too, unlike a grant of their own
        FROM given JOIN memberships m ON m.org_id = given.organization_id AND m.status = 'active'
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
    SELECT preview, held.user_id, md5(string_agg(DISTINCT held.fact, ' ' ORDER BY held.fact)), ''
    FROM held_facts(org, resources, people) AS held
    GROUP BY held.user_id
$$;
-- +goose StatementEnd
