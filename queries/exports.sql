-- Exports (db/exports.go), page by page in one snapshot. The order is that of bytes, so that it is the same on every server.

-- name: ExportOrganization :one
SELECT o.id, r.name FROM organizations o JOIN resources r ON r.id = o.id WHERE o.slug = @slug;

-- name: ExportUsers :many
-- Members, and whoever outside was granted something.
SELECT u.email, u.name, u.status
FROM users u
WHERE u.id IN (SELECT m.user_id FROM memberships m WHERE m.org_id = @org_id
               UNION SELECT g.user_id FROM grants g WHERE g.org_id = @org_id AND g.external AND (g.expires_at IS NULL OR g.expires_at > now()))
  AND u.email COLLATE "C" > @after::text
ORDER BY u.email COLLATE "C" LIMIT @page_size;

-- name: ExportMembers :many
SELECT u.email, m.status, role.name AS role
FROM memberships m
JOIN users u ON u.id = m.user_id
JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
JOIN roles role ON role.id = g.role_id
WHERE m.org_id = @org_id AND u.email COLLATE "C" > @after::text
ORDER BY u.email COLLATE "C" LIMIT @page_size;

-- name: ExportGroups :many
SELECT g.name, g.description FROM groups g
WHERE g.org_id = @org_id AND g.name COLLATE "C" > @after::text
ORDER BY g.name COLLATE "C" LIMIT @page_size;

-- name: ExportGroupMembers :many
SELECT g.name, u.email, gm.role
FROM group_members gm
JOIN groups g ON g.id = gm.group_id
JOIN users u ON u.id = gm.user_id
WHERE gm.org_id = @org_id AND (g.name COLLATE "C", u.email COLLATE "C") > (@after_name::text, @after_email::text)
ORDER BY g.name COLLATE "C", u.email COLLATE "C" LIMIT @page_size;

-- name: ExportNestedGroups :many
SELECT g.name, i.name AS member_name
FROM nested_groups n
JOIN groups g ON g.id = n.group_id
JOIN groups i ON i.id = n.member_group_id
WHERE n.org_id = @org_id AND (g.name COLLATE "C", i.name COLLATE "C") > (@after_name::text, @after_member::text)
ORDER BY g.name COLLATE "C", i.name COLLATE "C" LIMIT @page_size;

-- name: ExportTemplates :many
SELECT p.key AS project, t.name, t.here
FROM roles t JOIN resources p ON p.id = t.project_id
WHERE t.org_id = @org_id::uuid AND (p.key COLLATE "C", t.name COLLATE "C") > (@after_project::text, @after_name::text)
ORDER BY p.key COLLATE "C", t.name COLLATE "C" LIMIT @page_size;

-- name: ExportResources :many
-- Of one kind; modules too.
SELECT r.key, r.name, r.description, p.kind AS parent_kind, p.key AS parent_key, COALESCE(u.email, '')::text AS owner, r.access_mode, r.org_role
FROM resources r
JOIN resources p ON p.id = r.parent_id
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.kind = @kind AND r.key COLLATE "C" > @after::text
ORDER BY r.key COLLATE "C" LIMIT @page_size;

-- name: ExportGrants :many
-- On resources of one kind. Grants that have expired are over; a member's role in the organization is in the member record.
SELECT r.key, principal.place, principal.name::text AS name, role.name AS role, (role.org_id IS NOT NULL)::boolean AS template, g.expires_at
FROM grants g
JOIN resources r ON r.id = g.resource_id
JOIN roles role ON role.id = g.role_id
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN organizations po ON po.id = g.organization_id
CROSS JOIN LATERAL (SELECT (CASE WHEN g.user_id IS NOT NULL THEN 1 WHEN g.group_id IS NOT NULL THEN 2 ELSE 3 END)::bigint AS place,
                           COALESCE(u.email, gr.name, po.slug) COLLATE "C" AS name) AS principal
WHERE g.org_id = @org_id AND g.resource_kind = @kind AND NOT (g.resource_kind = 'organization' AND g.user_id IS NOT NULL)
  AND (g.expires_at IS NULL OR g.expires_at > now())
  AND (r.key COLLATE "C", principal.place, principal.name, role.name COLLATE "C", role.org_id IS NOT NULL)
    > (@after_key::text, @after_place::bigint, @after_name::text, @after_role::text, @after_template::boolean)
ORDER BY r.key COLLATE "C", principal.place, principal.name, role.name COLLATE "C", role.org_id IS NOT NULL LIMIT @page_size;
