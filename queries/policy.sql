-- An organization's sharing policy (db/policy.go).

-- name: SetPolicy :exec
UPDATE organizations SET default_mode = @default_mode, default_role = @default_role, widest_mode = @widest_mode,
       external_sharing = @external_sharing, full_reach = @full_reach
WHERE id = @id;

-- name: ListWider :many
-- The resources whose own mode is one of these.
SELECT r.id, r.kind, r.name, r.access_mode
FROM resources r
WHERE r.org_id = @org_id AND r.access_mode = ANY (@modes::text[]) AND r.access_mode <> 'restricted'
ORDER BY lower(r.name), r.id;

-- name: NarrowMode :exec
UPDATE resources SET access_mode = @access_mode, acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: ListExternalGrants :many
SELECT g.id, g.role_id, role.name AS role_name, role.here AS role_here, role.project_id, g.expires_at, g.resource_id, r.kind AS resource_kind, r.name AS resource_name,
       (CASE WHEN g.user_id IS NOT NULL THEN 'user' ELSE 'organization' END)::text AS principal_type, g.principal_id,
       COALESCE(NULLIF(u.name, ''), u.email, o.name, '')::text AS principal_name, COALESCE(u.email, '')::text AS email
FROM grants g
JOIN resources r ON r.id = g.resource_id
JOIN roles role ON role.id = g.role_id
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN resources o ON o.id = g.organization_id
WHERE g.org_id = @org_id AND g.external
ORDER BY lower(r.name), g.id;
