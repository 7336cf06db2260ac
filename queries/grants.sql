-- name: ListGrants :many
-- Every grant in force on a resource and on what contains it, the resource's own first. Inherited grants of roles that
-- reach nothing below them are left out; into a module reaches who manages its people. Of an organization these are its
-- groups: its people stand in the list of members.
SELECT g.id, g.role_id, g.external, g.expires_at, g.created_at, (g.resource_id = r.id)::boolean AS direct,
       place.id AS place_id, place.kind AS place_kind, place.name AS place_name, role.name AS role_name, role.here AS role_here, role.project_id,
       (CASE WHEN g.user_id IS NOT NULL THEN 'user' WHEN g.group_id IS NOT NULL THEN 'group' ELSE 'organization' END)::text AS principal_type,
       g.principal_id, COALESCE(NULLIF(u.name, ''), u.email, gr.name, o.name, '')::text AS principal_name, COALESCE(u.email, '')::text AS email,
       COALESCE(m.status = 'active' OR g.external, g.user_id IS NULL)::boolean AS active,
       (SELECT count(DISTINCT gm.user_id) FROM group_ancestry a
        JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
        WHERE a.org_id = g.org_id AND a.ancestor_id = g.group_id) AS people
FROM resources r
JOIN grants g ON g.org_id = r.org_id AND g.resource_id = ANY (r.path)
JOIN resources place ON place.id = g.resource_id
JOIN roles role ON role.id = g.role_id
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN memberships m ON m.org_id = g.org_id AND m.user_id = g.user_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN resources o ON o.id = g.organization_id
WHERE r.org_id = @org_id AND r.id = @id AND (g.expires_at IS NULL OR g.expires_at > now())
  AND (g.resource_id = r.id OR CASE WHEN r.kind = 'module' THEN role.below_modules & @members::bigint ELSE role.below & @view::bigint END <> 0)
  AND (r.kind <> 'organization' OR g.user_id IS NULL)
ORDER BY (g.resource_id = r.id) DESC, cardinality(place.path) DESC, g.user_id IS NOT NULL, lower(COALESCE(NULLIF(u.name, ''), u.email, gr.name, o.name, '')), g.id
LIMIT @page_size;

-- name: FindGrant :one
SELECT g.id, g.resource_id, g.role_id, g.external, g.expires_at, g.principal_id, role.name AS role_name, role.here AS role_here, role.project_id,
       (CASE WHEN g.user_id IS NOT NULL THEN 'user' WHEN g.group_id IS NOT NULL THEN 'group' ELSE 'organization' END)::text AS principal_type,
       COALESCE(NULLIF(u.name, ''), u.email, gr.name, o.name, '')::text AS principal_name, COALESCE(u.email, '')::text AS email, COALESCE(partner.slug, '')::text AS slug
FROM grants g
JOIN roles role ON role.id = g.role_id
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN resources o ON o.id = g.organization_id
LEFT JOIN organizations partner ON partner.id = g.organization_id
WHERE g.org_id = @org_id AND g.resource_id = @resource_id AND g.id = @id;

-- name: HasGrant :one
SELECT EXISTS (SELECT FROM grants g WHERE g.org_id = @org_id AND g.resource_id = @resource_id AND g.principal_id = @principal_id
               AND g.role_id = @role_id AND (g.expires_at IS NULL OR g.expires_at > now()))::boolean AS has;

-- name: FindUserPrincipal :one
SELECT u.id, u.name, u.email, (m.user_id IS NULL)::boolean AS external, (u.status = 'active' AND COALESCE(m.status, 'active') = 'active')::boolean AS active
FROM users u LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
WHERE u.id = sqlc.narg(id)::uuid OR sqlc.narg(id)::uuid IS NULL AND u.email = @email;

-- name: FindOrganizationPrincipal :one
-- An organization by its slug, and nothing else: nobody browses who else is on the server.
SELECT o.id, o.slug, r.name FROM organizations o JOIN resources r ON r.id = o.id WHERE o.slug = lower(@slug);

-- name: FindGroupByName :one
SELECT g.id, g.name FROM groups g WHERE g.org_id = @org_id AND lower(g.name) = lower(@name);

-- name: FindGroupPrincipal :one
SELECT g.id, g.name FROM groups g WHERE g.org_id = @org_id AND g.id = @id;

-- name: AddGrant :exec
INSERT INTO grants (org_id, id, resource_id, resource_kind, role_id, user_id, group_id, organization_id, external, expires_at)
VALUES (@org_id, @id, @resource_id, @resource_kind, @role_id, sqlc.narg(user_id), sqlc.narg(group_id), sqlc.narg(organization_id), @external, sqlc.narg(expires_at));

-- name: SetGrant :exec
UPDATE grants SET role_id = @role_id, expires_at = sqlc.narg(expires_at) WHERE org_id = @org_id AND id = @id;

-- name: RemoveGrant :exec
DELETE FROM grants WHERE org_id = @org_id AND id = @id;

-- name: BumpAccessList :exec
UPDATE resources SET acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: BumpAccessListsNaming :exec
-- The grants of a group or a member that goes vanish from these lists.
UPDATE resources r SET acl_version = r.acl_version + 1
WHERE r.org_id = @org_id AND r.id IN (SELECT g.resource_id FROM grants g WHERE g.org_id = @org_id AND g.principal_id = @principal_id);

-- name: SearchPrincipals :many
-- People and groups whose name or address holds the text, those whose name begins with it first. With a resource,
-- each says which role it has there already.
SELECT found.type, found.id, found.name, found.email, found.people,
       COALESCE((SELECT string_agg(role.name, ', ' ORDER BY role.name) FROM grants g JOIN roles role ON role.id = g.role_id
                 WHERE g.org_id = @org_id AND g.resource_id = sqlc.narg(resource_id)::uuid AND g.principal_id = found.id), '')::text AS role_names,
       COALESCE((SELECT r.owner_id = found.id FROM resources r WHERE r.org_id = @org_id AND r.id = sqlc.narg(resource_id)::uuid), false)::boolean AS owner
FROM (SELECT 'group'::text AS type, g.id, g.name, ''::text AS email,
             (SELECT count(DISTINCT gm.user_id) FROM group_ancestry a
              JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
              WHERE a.org_id = g.org_id AND a.ancestor_id = g.id) AS people
      FROM groups g
      WHERE g.org_id = @org_id AND (@search::text = '' OR strpos(lower(g.name), lower(@search)) > 0)
    UNION ALL
      SELECT 'user', u.id, u.name, u.email, 1
      FROM memberships m JOIN users u ON u.id = m.user_id
      WHERE m.org_id = @org_id AND m.status = 'active' AND u.status = 'active'
        AND sqlc.narg(resource_id)::uuid IS DISTINCT FROM @org_id -- a role in the organization is for groups: people have theirs
        AND (@search::text = '' OR strpos(lower(u.name), lower(@search)) > 0 OR strpos(u.email, lower(@search)) > 0)
) AS found
ORDER BY (strpos(lower(found.name), lower(@search)) = 1) DESC, lower(COALESCE(NULLIF(found.name, ''), found.email)), found.id
LIMIT @page_size;

-- name: ListGroupsWithGrants :many
-- For each person with a grant on a resource: the groups with one there too, or on what contains it, that the person is in.
SELECT person.user_id::uuid AS user_id, gr.id AS group_id, gr.name AS group_name
FROM resources r
JOIN grants person ON person.resource_id = r.id AND person.user_id IS NOT NULL
JOIN grants g ON g.resource_id = ANY (r.path) AND g.group_id IS NOT NULL AND (g.expires_at IS NULL OR g.expires_at > now())
JOIN roles role ON role.id = g.role_id AND (g.resource_id = r.id OR role.below & @view::bigint <> 0)
JOIN groups gr ON gr.id = g.group_id
WHERE r.org_id = @org_id AND r.id = @id
  AND EXISTS (SELECT FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
              WHERE a.org_id = g.org_id AND a.ancestor_id = g.group_id AND gm.user_id = person.user_id)
GROUP BY person.user_id, gr.id, gr.name
ORDER BY lower(gr.name);

-- name: FindGrantID :one
-- The grant by which a principal has a role on a resource, by the role's name or id.
SELECT g.id
FROM grants g
JOIN roles role ON role.id = g.role_id
WHERE g.org_id = @org_id AND g.resource_id = @resource_id AND g.principal_id = @principal_id AND (role.name = @role::text OR role.id = @role::text)
ORDER BY g.created_at DESC, g.id DESC LIMIT 1;
