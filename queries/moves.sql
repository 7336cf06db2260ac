-- name: FindPath :one
-- A resource and everything that contains it, the organization first.
SELECT path FROM resources WHERE org_id = @org_id AND id = @id;

-- name: FindRightsBelow :one
-- Every right that anybody has below these places because of what sits on them: owners, access modes, grants that count.
SELECT COALESCE(bit_or(role.below), 0)::bigint AS rights
FROM (
    SELECT g.role_id FROM grants g
    WHERE g.org_id = @org_id AND g.resource_id = ANY (@places::uuid[]) AND (g.expires_at IS NULL OR g.expires_at > now())
  UNION
    SELECT r.kind || '/owner' FROM resources r
    WHERE r.org_id = @org_id AND r.id = ANY (@places::uuid[]) AND r.owner_id IS NOT NULL
  UNION
    SELECT r.kind || '/' || r.org_role FROM resources r
    WHERE r.org_id = @org_id AND r.id = ANY (@places::uuid[]) AND r.access_mode <> 'restricted'
) AS sits
JOIN roles role ON role.id = sits.role_id;

-- name: MoveResource :exec
-- The paths of everything inside begin anew, and so do the access lists: what is inherited changed.
UPDATE resources r
SET parent_id = CASE WHEN r.id = @id::uuid THEN @to_id::uuid ELSE r.parent_id END,
    path = @to_path::uuid[] || r.path[@depth::int:],
    acl_version = r.acl_version + 1
WHERE r.org_id = @org_id AND r.path @> ARRAY[@id::uuid];
