-- What a change does to what people may do (db/effects.go). People who hold the same are asked about once.

-- name: NotePeopleBefore :exec
-- Some people, those who hold nothing there yet too, or all who hold something.
INSERT INTO preview_people (preview, user_id, before, after)
SELECT h.preview, h.user_id, h.before, h.after FROM holdings(@preview::uuid, @org_id::uuid, @resources::uuid[], sqlc.narg(people)::uuid[]) AS h
UNION ALL
SELECT @preview, u.id, '', '' FROM users u WHERE u.id = ANY (sqlc.narg(people)::uuid[]) AND u.status = 'active'
ON CONFLICT (preview, user_id) DO NOTHING;

-- name: NotePeopleAfter :exec
INSERT INTO preview_people (preview, user_id, before, after)
SELECT h.preview, h.user_id, '', h.before FROM holdings(@preview::uuid, @org_id::uuid, @resources::uuid[], sqlc.narg(people)::uuid[]) AS h
ON CONFLICT (preview, user_id) DO UPDATE SET after = EXCLUDED.after;

-- name: ListPeopleInside :many
-- Everyone in some groups, at any depth.
SELECT DISTINCT gm.user_id
FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
WHERE a.org_id = @org_id AND a.ancestor_id = ANY (@groups::uuid[]);

-- name: ListMembersOf :many
-- The active members of some organizations.
SELECT DISTINCT m.user_id FROM memberships m WHERE m.org_id = ANY (@organizations::uuid[]) AND m.status = 'active';

-- name: CountAlike :one
SELECT count(DISTINCT p.before) FROM preview_people p WHERE p.preview = @preview;

-- name: ListRightsOfAlike :many
-- The rights of each kind of holdings, before the change or after it, on each resource, where there are any. Of the kinds whose
-- holdings on a resource and on what contains it are the same, one person is asked about: who differs elsewhere does not differ there.
WITH alike AS MATERIALIZED (
    SELECT held.holds, min(held.user_id::text)::uuid AS user_id
    FROM (SELECT p.user_id, CASE WHEN @after::boolean THEN p.after ELSE p.before END AS holds FROM preview_people p WHERE p.preview = @preview) AS held
    GROUP BY held.holds
), asked AS MATERIALIZED (
    SELECT r.id, r.path FROM resources r WHERE r.org_id = @org_id AND r.id = ANY (@resources::uuid[])
), fact AS MATERIALIZED (
    SELECT DISTINCT f.user_id, f.place_id, f.fact
    FROM held_facts(@org_id::uuid, @resources::uuid[], sqlc.narg(people)::uuid[]) AS f
    JOIN alike ON alike.user_id = f.user_id
), here AS MATERIALIZED (
    SELECT step.resource_id, fact.user_id, string_agg(fact.fact, ' ' ORDER BY fact.fact) AS facts
    FROM (SELECT asked.id AS resource_id, unnest(asked.path) AS place_id FROM asked) AS step
    JOIN fact ON fact.place_id = step.place_id
    GROUP BY step.resource_id, fact.user_id
), pair AS MATERIALIZED (
    SELECT asked.id AS resource_id, alike.holds, alike.user_id, COALESCE(here.facts, '') AS facts
    FROM asked CROSS JOIN alike
    LEFT JOIN here ON here.resource_id = asked.id AND here.user_id = alike.user_id
), question AS MATERIALIZED (
    SELECT one.resource_id, one.facts,
           (SELECT COALESCE(bit_or(w.rights), 0) FROM access_paths(one.user_id, one.resource_id) AS w) AS rights
    FROM (SELECT pair.resource_id, pair.facts, min(pair.user_id::text)::uuid AS user_id FROM pair GROUP BY pair.resource_id, pair.facts OFFSET 0) AS one
)
SELECT pair.holds::text AS holds, pair.resource_id::uuid AS resource_id, question.rights::bigint AS rights
FROM pair JOIN question ON question.resource_id = pair.resource_id AND question.facts = pair.facts
WHERE question.rights <> 0;

-- name: ListAlike :many
-- How many people went from the same holdings to the same holdings.
SELECT p.before, p.after, count(*) AS people FROM preview_people p WHERE p.preview = @preview GROUP BY p.before, p.after;

-- name: ListNamesOf :many
-- The first people with one of these pairs of holdings.
SELECT COALESCE(NULLIF(u.name, ''), u.email)::text AS name
FROM preview_people p JOIN users u ON u.id = p.user_id
WHERE p.preview = @preview AND (p.before, p.after) IN (SELECT pair.before::text, pair.after::text
      FROM (SELECT unnest(@befores::text[]) AS before, unnest(@afters::text[]) AS after) AS pair)
ORDER BY lower(COALESCE(NULLIF(u.name, ''), u.email)), u.id LIMIT @names;

-- name: ListWithin :many
-- Some places, with all modules or without, and all that lies in some of them (the roots): the places first, then the outermost.
SELECT found.id::uuid AS id, found.kind::text AS kind, found.name::text AS name, count(*) OVER () AS total
FROM (SELECT r.id, r.kind, r.name, cardinality(r.path) AS depth, true AS is_place
      FROM resources r WHERE r.org_id = @org_id AND r.id = ANY (@places::uuid[])
    UNION ALL
      SELECT m.id, m.kind, m.name, cardinality(m.path), false
      FROM resources m WHERE m.org_id = @org_id AND m.kind = 'module' AND @modules::boolean
    UNION ALL
      SELECT inside.id, inside.kind, inside.name, inside.depth, false
      FROM unnest(@roots::uuid[]) AS root (id)
      CROSS JOIN LATERAL (SELECT r.id, r.kind, r.name, cardinality(r.path) AS depth
                          FROM resources r WHERE r.org_id = @org_id AND r.path @> ARRAY[root.id::uuid] OFFSET 0) AS inside
) AS found
GROUP BY found.id, found.kind, found.name, found.depth
ORDER BY bool_or(found.is_place) DESC, found.depth, lower(found.name), found.id LIMIT @most;

-- name: ListPlacesOfGroup :many
-- What is shared to a group, itself or through a group that contains it, and whether that reaches what lies in it, or the modules.
SELECT g.resource_id, bool_or(role.below <> 0)::boolean AS reaches,
       bool_or(role.kind = 'organization' AND role.below_modules <> 0)::boolean AS reaches_modules
FROM group_ancestry a
JOIN grants g ON g.org_id = a.org_id AND g.group_id = a.ancestor_id
JOIN roles role ON role.id = g.role_id
WHERE a.org_id = @org_id AND a.descendant_id = @group_id AND (g.expires_at IS NULL OR g.expires_at > decision_time())
GROUP BY g.resource_id;

-- name: ListPlacesOfUser :many
-- Where a user has anything in an organization: what they own, what is shared to them, to a group that they are in or to all its
-- members, and what is open to these; and whether that reaches what lies in it, or the modules.
SELECT place.id::uuid AS resource_id, bool_or(COALESCE(role.below <> 0, true))::boolean AS reaches,
       bool_or(COALESCE(role.kind = 'organization' AND role.below_modules <> 0, false))::boolean AS reaches_modules
FROM (SELECT r.id, NULL AS role_id FROM resources r WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid
    UNION ALL
      SELECT r.id, NULL FROM resources r WHERE r.org_id = @org_id AND r.access_mode <> 'restricted'
    UNION ALL
      SELECT g.resource_id, g.role_id
      FROM grants g
      WHERE g.org_id = @org_id AND g.principal_id IN (@user_id::uuid, @org_id) AND (g.expires_at IS NULL OR g.expires_at > decision_time())
    UNION ALL
      SELECT g.resource_id, g.role_id
      FROM group_members gm
      JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
      JOIN grants g ON g.org_id = a.org_id AND g.group_id = a.ancestor_id
      WHERE gm.org_id = @org_id AND gm.user_id = @user_id::uuid AND (g.expires_at IS NULL OR g.expires_at > decision_time())
) AS place
LEFT JOIN roles role ON role.id = place.role_id
GROUP BY place.id;
