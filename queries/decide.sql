-- The one way to decide: bit_or for an answer, the rows for its explanation.

-- name: FindRights :one
SELECT COALESCE(bit_or(p.rights), 0)::bigint AS rights FROM access_paths(sqlc.narg(subject)::uuid, @resource) AS p;

-- name: ListPaths :many
SELECT p.source, p.role_id, p.rights, p.grant_id, p.group_id, p.principal_id, p.expires_at,
       place.id AS place_id, place.kind AS place_kind, place.name AS place_name, place.access_mode,
       role.name AS role_name, role.kind AS role_kind,
       COALESCE(g.name, o.name, '')::text AS principal_name,
       (CASE WHEN g.id IS NOT NULL THEN 'group' WHEN o.id IS NOT NULL THEN 'organization' ELSE 'user' END)::text AS principal_type
FROM access_paths(sqlc.narg(subject)::uuid, @resource) AS p
JOIN resources place ON place.id = p.place_id
JOIN roles role ON role.id = p.role_id
LEFT JOIN groups g ON g.id = p.principal_id
LEFT JOIN resources o ON o.id = p.principal_id AND o.kind = 'organization';

-- name: ListGroupChain :many
-- The shortest way from a group that somebody is in up to a group that contains it, both included.
WITH RECURSIVE up AS (
    SELECT @from_group::uuid AS id, ARRAY[@from_group::uuid] AS trail
  UNION ALL
    SELECT n.group_id, up.trail || n.group_id
    FROM up
    JOIN nested_groups n ON n.org_id = @org_id AND n.member_group_id = up.id
    JOIN group_ancestry a ON a.org_id = @org_id AND a.descendant_id = n.group_id AND a.ancestor_id = @to_group
), shortest AS (
    SELECT trail FROM up WHERE id = @to_group ORDER BY cardinality(trail) LIMIT 1
)
SELECT g.id, g.name
FROM shortest, unnest(shortest.trail) WITH ORDINALITY AS step (id, n)
JOIN groups g ON g.id = step.id::uuid
ORDER BY step.n;

-- name: ListWhoCanShare :many
-- Whom to ask for access: active members with the right to share, the owner first.
SELECT u.id, u.name, u.email
FROM (SELECT DISTINCT candidate.id
      FROM resources r
      CROSS JOIN LATERAL (
          SELECT place.owner_id AS id FROM resources place WHERE place.id = ANY (r.path)
        UNION
          SELECT COALESCE(g.user_id, gm.user_id)
          FROM grants g
          JOIN roles role ON role.id = g.role_id AND role.here & @share::bigint <> 0
          LEFT JOIN group_ancestry a ON a.org_id = g.org_id AND a.ancestor_id = g.group_id
          LEFT JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
          WHERE g.resource_id = ANY (r.path)
      ) AS candidate (id)
      WHERE r.id = @resource AND candidate.id IS NOT NULL
      LIMIT 50) AS found
JOIN users u ON u.id = found.id
JOIN resources r ON r.id = @resource
WHERE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(u.id, @resource) AS p) & @share::bigint <> 0
ORDER BY (u.id = r.owner_id) DESC, lower(u.name), u.id
LIMIT 5;
