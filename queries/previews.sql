-- What a change does to what people may do (db/effects.go). People who hold the same, and resources that are alike, are asked about once.

-- name: PlanEachStatement :exec
-- One plan does not suit both a preview of one person and one of everybody.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: NotePeopleBefore :exec
-- Some people, those who hold nothing there yet too, or all who hold something.
INSERT INTO preview_people (preview, user_id, before, after, named)
SELECT h.preview, h.user_id, h.before, h.after, named_here(@org_id::uuid, @resources::uuid[], h.user_id)
FROM holdings(@preview::uuid, @org_id, @resources, sqlc.narg(people)::uuid[]) AS h
UNION ALL
SELECT @preview, u.id, '', '', named_here(@org_id, @resources, u.id) FROM users u WHERE u.id = ANY (sqlc.narg(people)::uuid[]) AND u.status = 'active'
ON CONFLICT (preview, user_id) DO NOTHING;

-- name: NotePeopleAfter :exec
INSERT INTO preview_people (preview, user_id, before, after, named)
SELECT h.preview, h.user_id, '', h.before, named_here(@org_id::uuid, @resources::uuid[], h.user_id)
FROM holdings(@preview::uuid, @org_id, @resources, sqlc.narg(people)::uuid[]) AS h
ON CONFLICT (preview, user_id) DO UPDATE SET after = EXCLUDED.after, named = preview_people.named OR EXCLUDED.named;

-- name: ListPeopleInside :many
-- Everyone in some groups, at any depth.
SELECT DISTINCT gm.user_id
FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
WHERE a.org_id = @org_id AND a.ancestor_id = ANY (@groups::uuid[]);

-- name: ListMembersOf :many
-- The active members of some organizations.
SELECT DISTINCT m.user_id FROM memberships m WHERE m.org_id = ANY (@organizations::uuid[]) AND m.status = 'active';

-- name: ListAlikeResources :many
-- Resources in classes: of one kind, with the same given on them, and with the same given on what contains them, as far as it
-- concerns some people, or everybody. What is open to all members is told; the organization, which contains all, is left out.
WITH asked AS MATERIALIZED (
    SELECT one.number::int AS number, r.id, r.kind, r.parent_id
    FROM unnest(@resources::uuid[]) WITH ORDINALITY AS one (id, number)
    JOIN resources r ON r.org_id = @org_id AND r.id = one.id::uuid
), container AS MATERIALIZED (
    SELECT r.id, r.path FROM resources r WHERE r.org_id = @org_id AND r.id IN (SELECT DISTINCT asked.parent_id FROM asked)
), place AS MATERIALIZED (
    SELECT r.id, r.kind, r.access_mode, r.org_role, r.owner_id
    FROM resources r
    WHERE r.org_id = @org_id AND r.id <> @org_id
      AND r.id IN (SELECT asked.id FROM asked UNION SELECT unnest(container.path) FROM container)
), reached AS MATERIALIZED (
    SELECT unnest(sqlc.narg(people)::uuid[]) AS principal_id
  UNION
    SELECT a.ancestor_id
    FROM group_members gm JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
    WHERE gm.org_id = @org_id AND gm.user_id = ANY (sqlc.narg(people)::uuid[])
  UNION
    SELECT m.org_id FROM memberships m WHERE m.user_id = ANY (sqlc.narg(people)::uuid[])
), fact (place_id, fact, open) AS (
    SELECT place.id, place.kind || '/' || place.org_role || ' ' || place.access_mode, true FROM place WHERE place.access_mode <> 'restricted'
  UNION ALL
    SELECT place.id, place.kind || '/owner ' || place.owner_id, false
    FROM place WHERE sqlc.narg(people)::uuid[] IS NULL OR place.owner_id = ANY (sqlc.narg(people)::uuid[])
  UNION ALL
    SELECT g.resource_id, g.role_id || ' ' || g.principal_id, g.principal_id = @org_id
    FROM grants g
    WHERE g.org_id = @org_id AND g.resource_id IN (SELECT place.id FROM place) AND (g.expires_at IS NULL OR g.expires_at > decision_time())
      AND (sqlc.narg(people)::uuid[] IS NULL OR g.principal_id = @org_id OR g.principal_id IN (SELECT reached.principal_id FROM reached))
), given AS MATERIALIZED (
    SELECT fact.place_id, md5(string_agg(fact.fact, ', ' ORDER BY fact.fact)) AS facts,
           string_agg(fact.fact, ', ' ORDER BY fact.fact) FILTER (WHERE fact.open) AS open
    FROM fact GROUP BY fact.place_id
), above AS MATERIALIZED (
    SELECT container.id, string_agg(DISTINCT given.facts, ' ' ORDER BY given.facts) AS facts,
           string_agg(DISTINCT given.open, ', ' ORDER BY given.open) AS open
    FROM container CROSS JOIN LATERAL unnest(container.path) AS step (id) JOIN given ON given.place_id = step.id
    GROUP BY container.id
), class AS (
    SELECT (array_agg(asked.id ORDER BY asked.number))[1]::uuid AS example, array_agg(asked.number ORDER BY asked.number) AS numbers,
           asked.kind, min(here.open) AS open_here, min(above.open) AS open_above
    FROM asked LEFT JOIN given AS here ON here.place_id = asked.id LEFT JOIN above ON above.id = asked.parent_id
    GROUP BY asked.kind, here.facts, above.facts
)
SELECT r.id, r.path, class.numbers::int[] AS numbers, -- which of those asked about, from one
       (r.kind || ': ' || COALESCE(class.open_here, '') || '; in: ' || COALESCE(class.open_above, ''))::text AS open
FROM class JOIN resources r ON r.org_id = @org_id AND r.id = class.example
ORDER BY class.numbers[1];

-- name: ListPeopleAtFullReach :many
-- Whose role in the organization reaches further when its policy is full reach.
SELECT COALESCE(g.user_id, gm.user_id, m.user_id)::uuid AS user_id
FROM roles role
JOIN grants g ON g.org_id = @org_id AND g.resource_id = @org_id AND g.role_id = role.id
LEFT JOIN group_ancestry a ON a.org_id = g.org_id AND a.ancestor_id = g.group_id
LEFT JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
LEFT JOIN memberships m ON m.org_id = g.organization_id
WHERE role.added_at_full_reach <> 0 AND COALESCE(g.user_id, gm.user_id, m.user_id) IS NOT NULL
GROUP BY 1;

-- name: ListKinds :many
-- One person of each kind of holdings, before the change or after it.
SELECT held.holds::text AS holds, min(held.user_id::text)::uuid AS user_id
FROM (SELECT p.user_id, CASE WHEN @after::boolean THEN p.after ELSE p.before END AS holds FROM preview_people p WHERE p.preview = @preview) AS held
GROUP BY held.holds;

-- name: ListHeldFacts :many
-- What some people hold on some resources and on what contains them, and what the groups and other organizations that they are in do.
SELECT f.user_id AS holder_id, f.place_id, f.fact FROM held_facts(@org_id::uuid, @resources::uuid[], @people::uuid[]) AS f
UNION ALL
SELECT g.principal_id, g.resource_id, g.role_id || CASE WHEN g.organization_id IS NULL THEN '' ELSE ' outside' END
FROM grants g
WHERE g.org_id = @org_id AND g.resource_id IN (SELECT unnest(r.path) FROM resources r WHERE r.org_id = @org_id AND r.id = ANY (@resources::uuid[]))
  AND g.user_id IS NULL AND g.principal_id <> @org_id AND (g.expires_at IS NULL OR g.expires_at > decision_time())
ORDER BY fact, holder_id;

-- name: ListAnswers :many
-- The rights of some people, each on one resource.
SELECT asked.number::int AS number, (SELECT COALESCE(bit_or(w.rights), 0) FROM access_paths(asked.user_id, asked.resource_id) AS w)::bigint AS rights
FROM (SELECT generate_subscripts(@users::uuid[], 1) AS number, unnest(@users::uuid[]) AS user_id, unnest(@resources::uuid[]) AS resource_id) AS asked;

-- name: ListAlikePeople :many
-- How many people went from the same holdings to the same holdings.
SELECT p.before, p.after, count(*) AS people FROM preview_people p WHERE p.preview = @preview GROUP BY p.before, p.after;

-- name: ListNamesOf :many
-- The first people with one of these pairs of holdings, of those who may be named.
SELECT COALESCE(NULLIF(u.name, ''), u.email)::text AS name
FROM preview_people p JOIN users u ON u.id = p.user_id
WHERE p.preview = @preview AND p.named AND (p.before, p.after) IN (SELECT pair.before::text, pair.after::text
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
