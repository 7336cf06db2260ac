-- Searches of the decision API. Each lists candidates in a stable order, so many at a time, and says of each whether it
-- is one: candidates only narrow, access_paths decides. Whoever asks goes on from the last candidate until there are none.

-- name: MeasureReach :one
-- What a subject is in an organization, and whether all that it may reach lies in few places: not in the whole organization.
WITH standing AS MATERIALIZED (
    SELECT (EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'active'
                    WHERE m.org_id = @org_id AND m.user_id = sqlc.narg(subject)::uuid AND m.status = 'active')
            OR EXISTS (SELECT FROM groups g WHERE g.org_id = @org_id AND g.id = sqlc.narg(subject)::uuid))::boolean AS inside,
           (EXISTS (SELECT FROM users u WHERE u.id = sqlc.narg(subject)::uuid AND u.status = 'active')
            OR EXISTS (SELECT FROM groups g WHERE g.id = sqlc.narg(subject)::uuid))::boolean AS signed_in
), place AS MATERIALIZED (
    SELECT near.id
    FROM (SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], @kind::text, @wanted::bigint) AS p (id)
        UNION ALL
          SELECT r.id
          FROM standing s
          JOIN resources r ON r.org_id = @org_id AND r.access_mode <> 'restricted' AND r.kind = ANY (@kinds::text[])
          JOIN roles role ON role.id = r.kind || '/' || CASE WHEN s.inside THEN r.org_role ELSE 'viewer' END
          WHERE opens(r.access_mode, @kind::text, s.inside, s.signed_in) AND reach(role, r.kind, @kind::text, false) & @wanted::bigint <> 0
    ) AS near
    LIMIT 501
)
SELECT s.inside, s.signed_in,
       ((SELECT count(*) FROM place) <= 500 AND @org_id::uuid NOT IN (SELECT id FROM place))::boolean AS few,
       ARRAY(SELECT id FROM place)::uuid[] AS places
FROM standing s;

-- name: ListReachedNearby :many
-- Resources of a kind in few places: beginning with the places, not with the keys.
WITH near AS MATERIALIZED (SELECT r.org_id, r.kind, r.id, r.key FROM resources r WHERE r.path && @places::uuid[])
SELECT candidate.id, candidate.key,
       ((SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, candidate.id) AS p) & @wanted::bigint <> 0)::boolean AS allowed
FROM (SELECT n.id, n.key FROM near n WHERE n.org_id = @org_id::uuid AND n.kind = @kind::text AND n.key > @after_key::text
      ORDER BY n.key LIMIT @candidates::int) AS candidate
ORDER BY candidate.key;

-- name: ListReachedInOrder :many
-- Resources of a kind, wherever they lie. A path has five steps at most: artifact, bucket, project, module, organization.
WITH place AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], @kind::text, @wanted::bigint) AS p (id)
)
SELECT candidate.id, candidate.key,
       ((SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, candidate.id) AS p) & @wanted::bigint <> 0)::boolean AS allowed
FROM (SELECT r.id, r.key FROM resources r
      WHERE r.org_id = @org_id AND r.kind = @kind AND r.key > @after_key
        AND (r.path[1] IN (SELECT id FROM place) OR r.path[2] IN (SELECT id FROM place) OR r.path[3] IN (SELECT id FROM place)
             OR r.path[4] IN (SELECT id FROM place) OR r.path[5] IN (SELECT id FROM place)
             OR EXISTS (SELECT FROM resources open
                        JOIN roles role ON role.id = open.kind || '/' || CASE WHEN @inside::boolean THEN open.org_role ELSE 'viewer' END
                        WHERE open.id = ANY (r.path) AND opens(open.access_mode, r.kind, @inside, @signed_in::boolean)
                          AND reach(role, open.kind, r.kind, false) & @wanted::bigint <> 0))
      ORDER BY r.key LIMIT @candidates) AS candidate
ORDER BY candidate.key;

-- name: ListUsersWith :many
-- The users around an organization who may have a right on a resource: its members, users outside whom a grant in the
-- organization names, and the people of organizations that one names.
WITH asked AS MATERIALIZED (
    SELECT r.kind, r.path, o.full_reach FROM resources r JOIN organizations o ON o.id = r.org_id WHERE r.org_id = @org_id AND r.id = @resource
), far AS MATERIALIZED (
    -- the roles first: the organization has a grant for each member, most of them of roles that reach nothing
    SELECT place.id AS place_id, role.id AS role_id
    FROM asked r
    JOIN resources place ON place.id = ANY (r.path)
    JOIN roles role ON role.kind = place.kind AND (role.project_id IS NULL OR role.project_id = place.id)
    WHERE reach(role, place.kind, r.kind, r.full_reach) & @wanted::bigint <> 0
), given AS MATERIALIZED (
    SELECT g.user_id, g.group_id, g.organization_id
    FROM far
    JOIN grants g ON g.org_id = @org_id AND g.resource_id = far.place_id AND g.role_id = far.role_id
    WHERE g.expires_at IS NULL OR g.expires_at > decision_time()
), open AS MATERIALIZED (
    SELECT bool_or(reach(inside, place.kind, r.kind, false) & @wanted::bigint <> 0 AND opens(place.access_mode, r.kind, true, true)) AS members,
           bool_or(reach(viewer, place.kind, r.kind, false) & @wanted::bigint <> 0 AND opens(place.access_mode, r.kind, false, true)) AS everyone
    FROM asked r
    JOIN resources place ON place.id = ANY (r.path)
    JOIN roles inside ON inside.id = place.kind || '/' || place.org_role
    JOIN roles viewer ON viewer.id = place.kind || '/viewer'
), found AS (
    SELECT place.owner_id AS id FROM asked r JOIN resources place ON place.id = ANY (r.path) WHERE place.owner_id > @after_id::uuid
  UNION ALL
    (SELECT DISTINCT g.user_id FROM given g WHERE g.user_id > @after_id::uuid ORDER BY g.user_id LIMIT @candidates::int)
  UNION ALL
    (SELECT DISTINCT gm.user_id
     FROM given g
     JOIN group_ancestry a ON a.org_id = @org_id AND a.ancestor_id = g.group_id
     JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
     WHERE gm.user_id > @after_id::uuid ORDER BY gm.user_id LIMIT @candidates::int)
  UNION ALL
    (SELECT DISTINCT m.user_id
     FROM (SELECT DISTINCT g.organization_id AS id FROM given g WHERE g.organization_id IS NOT NULL) AS partner
     CROSS JOIN LATERAL (SELECT m.user_id FROM memberships m WHERE m.org_id = partner.id AND m.status = 'active' AND m.user_id > @after_id::uuid
                         ORDER BY m.user_id LIMIT @candidates::int) AS m
     ORDER BY m.user_id LIMIT @candidates::int)
  UNION ALL
    (SELECT m.user_id FROM memberships m
     WHERE m.org_id = @org_id AND (SELECT open.members OR open.everyone FROM open) AND m.user_id > @after_id::uuid ORDER BY m.user_id LIMIT @candidates::int)
  UNION ALL
    (SELECT DISTINCT g.user_id FROM grants g
     WHERE g.org_id = @org_id AND g.external AND (SELECT open.everyone FROM open) AND g.user_id > @after_id::uuid
       AND (g.expires_at IS NULL OR g.expires_at > decision_time())
     ORDER BY g.user_id LIMIT @candidates::int)
  UNION ALL
    (SELECT DISTINCT m.user_id
     FROM (SELECT DISTINCT g.organization_id AS id FROM grants g
           WHERE g.org_id = @org_id AND g.external AND g.organization_id IS NOT NULL AND (SELECT open.everyone FROM open)
             AND (g.expires_at IS NULL OR g.expires_at > decision_time())) AS partner
     CROSS JOIN LATERAL (SELECT m.user_id FROM memberships m WHERE m.org_id = partner.id AND m.status = 'active' AND m.user_id > @after_id::uuid
                         ORDER BY m.user_id LIMIT @candidates::int) AS m
     ORDER BY m.user_id LIMIT @candidates::int)
)
SELECT candidate.id, u.email,
       ((SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(candidate.id, @resource) AS p) & @wanted::bigint <> 0)::boolean AS allowed
FROM (SELECT DISTINCT found.id FROM found ORDER BY found.id LIMIT @candidates::int) AS candidate
JOIN users u ON u.id = candidate.id
ORDER BY candidate.id;

-- name: ListGroupsWith :many
-- The groups of an organization that have a right on a resource.
SELECT candidate.id, candidate.name,
       ((SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(candidate.id, @resource) AS p) & @wanted::bigint <> 0)::boolean AS allowed
FROM (SELECT g.id, g.name FROM groups g WHERE g.org_id = @org_id AND g.id > @after_id::uuid ORDER BY g.id LIMIT @candidates::int) AS candidate
ORDER BY candidate.id;
