-- The one way to decide: bit_or for an answer, the rows for its explanation.

-- name: FindRights :one
SELECT COALESCE(bit_or(p.rights), 0)::bigint AS rights FROM access_paths(sqlc.narg(subject)::uuid, @resource) AS p;

-- name: ListPaths :many
SELECT asked.id::uuid AS resource_id, p.source, p.role_id, p.rights, p.grant_id, p.group_id, p.principal_id, p.expires_at,
       role.name AS role_name, role.here AS role_here, role.project_id, place.id AS place_id, place.kind AS place_kind, place.name AS place_name, place.access_mode,
       COALESCE(own.name, '')::text AS group_name, COALESCE(o.name, '')::text AS organization_name
FROM unnest(@resources::uuid[]) AS asked (id)
CROSS JOIN LATERAL access_paths(sqlc.narg(subject)::uuid, asked.id::uuid) AS p
JOIN resources place ON place.id = p.place_id
JOIN roles role ON role.id = p.role_id
LEFT JOIN groups own ON own.id = p.group_id
LEFT JOIN resources o ON o.id = p.principal_id AND o.kind = 'organization';

-- name: ListEdgesAbove :many
-- The edges by which these groups, and whatever contains them, lie in others.
SELECT n.member_group_id, n.group_id, g.name AS group_name
FROM nested_groups n
JOIN groups g ON g.id = n.group_id
WHERE n.org_id = @org_id AND n.member_group_id IN (
    SELECT a.ancestor_id FROM group_ancestry a WHERE a.org_id = @org_id AND a.descendant_id = ANY (@groups::uuid[]))
ORDER BY lower(g.name), g.id;

-- name: ListWhoCanShare :many
-- Whom to ask for access: active members with the right to share, the owner first, then by name.
SELECT u.id, u.name, u.email
FROM (SELECT DISTINCT candidate.id
      FROM resources r
      CROSS JOIN LATERAL (
          SELECT place.owner_id AS id FROM resources place WHERE place.id = ANY (r.path)
        UNION
          -- the roles first: the organization has a grant for each member, of roles that share nothing
          SELECT COALESCE(g.user_id, gm.user_id)
          FROM roles role
          CROSS JOIN LATERAL (SELECT given.org_id, given.user_id, given.group_id FROM grants given
                              WHERE given.org_id = r.org_id AND given.resource_id = ANY (r.path) AND given.role_id = role.id OFFSET 0) AS g
          LEFT JOIN group_ancestry a ON a.org_id = g.org_id AND a.ancestor_id = g.group_id
          LEFT JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
          WHERE role.here & @share::bigint <> 0 AND (role.project_id IS NULL OR role.project_id = ANY (r.path))
      ) AS candidate (id)
      WHERE r.id = @resource AND candidate.id IS NOT NULL
      LIMIT 50) AS found
JOIN users u ON u.id = found.id
JOIN resources r ON r.id = @resource
WHERE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(u.id, @resource) AS p) & @share::bigint <> 0
ORDER BY (u.id = r.owner_id) DESC, lower(u.name), u.id
LIMIT @most;
