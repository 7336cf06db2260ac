-- Grants that end by themselves (db/expiries.go).

-- name: ListOrganizationsWithExpired :many
SELECT DISTINCT g.org_id FROM grants g WHERE g.expires_at <= now();

-- name: ListExpiredGrants :many
SELECT g.id, g.role_id, role.name AS role_name, g.expires_at, g.resource_id, r.kind AS resource_kind, r.name AS resource_name,
       (CASE WHEN g.user_id IS NOT NULL THEN 'user' WHEN g.group_id IS NOT NULL THEN 'group' ELSE 'organization' END)::text AS principal_type,
       g.principal_id, COALESCE(NULLIF(u.name, ''), u.email, gr.name, o.name, '')::text AS principal_name
FROM grants g
JOIN resources r ON r.id = g.resource_id
JOIN roles role ON role.id = g.role_id
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN resources o ON o.id = g.organization_id
WHERE g.org_id = @org_id AND g.expires_at <= now()
  AND (sqlc.narg(resource_id)::uuid IS NULL OR g.resource_id = sqlc.narg(resource_id)::uuid)
  AND (sqlc.narg(principal_id)::uuid IS NULL OR g.principal_id = sqlc.narg(principal_id)::uuid)
  AND (sqlc.narg(role_id)::text IS NULL OR g.role_id = sqlc.narg(role_id)::text)
ORDER BY g.expires_at, g.id LIMIT 500;

-- name: ListEndsOfRight :many
-- When each path ends by which somebody holds a right on a resource: NULL for good.
SELECT p.expires_at FROM access_paths(@user_id::uuid, @resource) AS p WHERE p.rights & @wanted::bigint <> 0;

-- name: IsInside :one
-- Whether a user is a principal, or is in it where it is a group of this organization, or any organization.
SELECT (@user_id::uuid = @principal_id::uuid OR EXISTS (
    SELECT FROM memberships m WHERE m.org_id = @principal_id::uuid AND m.user_id = @user_id::uuid) OR EXISTS (
    SELECT FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
    WHERE a.org_id = @org_id AND a.ancestor_id = @principal_id::uuid AND gm.user_id = @user_id::uuid))::boolean AS inside;

-- name: HoldsRole :one
-- Whether a user holds a role on a resource, in whatever way.
SELECT EXISTS (SELECT FROM access_paths(@user_id::uuid, @resource) AS p WHERE p.role_id = @role_id::text)::boolean AS holds;
