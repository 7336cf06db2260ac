-- name: ListGrants :many
-- Every grant in force on a resource and on what contains it, the resource's own first. Inherited grants of roles that
-- reach nothing below them are left out; into a module reaches who manages its people. Of an organization these are its
-- groups: its people stand in the list of members.
SELECT g.id, g.role_id, g.external, g.expires_at, (g.resource_id = r.id)::boolean AS direct,
       place.id AS place_id, place.kind AS place_kind, place.name AS place_name, role.name AS role_name, role.here AS role_here, role.project_id,
       (CASE WHEN g.user_id IS NOT NULL THEN 'user' WHEN g.group_id IS NOT NULL THEN 'group' ELSE 'organization' END)::text AS principal_type,
       g.principal_id, COALESCE(NULLIF(u.name, ''), u.email, gr.name, o.name, '')::text AS principal_name, COALESCE(u.email, '')::text AS email,
       COALESCE(m.status = 'active' OR g.external, g.user_id IS NULL)::boolean AS active,
       COALESCE((SELECT s.everyone FROM group_sizes s WHERE s.org_id = g.org_id AND s.group_id = g.group_id), 0)::bigint AS people
FROM resources r
JOIN resources place ON place.id = ANY (r.path)
-- by role: the organization has a grant for each member, of roles that reach nothing below it, which are not even read
CROSS JOIN LATERAL (SELECT * FROM roles known WHERE known.kind = place.kind AND (known.project_id IS NULL OR known.project_id = place.id)
                    AND (place.id = r.id OR CASE WHEN r.kind = 'module' THEN known.below_modules & @members::bigint ELSE known.below & @view::bigint END <> 0)
                    OFFSET 0) AS role
CROSS JOIN LATERAL (SELECT * FROM grants given WHERE given.org_id = r.org_id AND given.resource_id = place.id AND given.role_id = role.id
                    AND (r.kind <> 'organization' OR given.user_id IS NULL) OFFSET 0) AS g
LEFT JOIN users u ON u.id = g.user_id
LEFT JOIN memberships m ON m.org_id = g.org_id AND m.user_id = g.user_id
LEFT JOIN groups gr ON gr.id = g.group_id
LEFT JOIN resources o ON o.id = g.organization_id
WHERE r.org_id = @org_id AND r.id = @id AND (g.expires_at IS NULL OR g.expires_at > now())
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
-- People and groups whose name or address holds the text, those whose name begins with it first. With a resource, each says
-- which role it has there already. People are looked for at the beginning of names, then among the first thousand, and then, for three
-- letters and more, by the pieces of the text: each only where the one before did not fill the list. Groups are looked for by
-- pieces, and for one or two letters at the beginning of names and among the first two hundred.
WITH beginning AS MATERIALIZED (
    SELECT p.id, p.key FROM people p
    WHERE p.org_id = @org_id AND p.sort = 'name' AND p.status = 'active'
      AND p.key >= lower(@search::text) AND p.key < lower(@search) || chr(1114111)
    ORDER BY p.key, p.id LIMIT @page_size
), among AS MATERIALIZED (
    SELECT p.id, p.key
    FROM (SELECT * FROM people first WHERE first.org_id = @org_id AND first.sort = 'name' ORDER BY first.key, first.id LIMIT 1000) AS p
    WHERE (SELECT count(*) FROM beginning) < @page_size AND p.status = 'active' AND strpos(p.words, lower(@search)) > 0
    ORDER BY p.key, p.id LIMIT @page_size
), everywhere AS MATERIALIZED (
    SELECT p.id, p.key FROM people p
    WHERE (SELECT count(*) FROM (SELECT b.id FROM beginning b UNION SELECT a.id FROM among a) AS so_far) < @page_size AND length(@search) >= 3
      AND p.org_id = @org_id AND p.sort = 'name' AND p.status = 'active'
      AND grams(p.org_id, p.words) @> grams(@org_id, lower(@search)) AND strpos(p.words, lower(@search)) > 0
    ORDER BY p.key, p.id LIMIT @page_size
), found AS MATERIALIZED (
    (SELECT 'group'::text AS type, g.id, g.name, ''::text AS email
     FROM (SELECT near.id, near.name FROM groups near
           WHERE near.org_id = @org_id AND length(@search) >= 3
             AND grams(near.org_id, lower(near.name || ' ' || near.description)) @> grams(@org_id, lower(@search))
         UNION ALL
           ((SELECT b.id, b.name FROM groups b
            WHERE length(@search) < 3 AND b.org_id = @org_id
              AND lower(b.name) COLLATE "C" >= lower(@search) AND lower(b.name) COLLATE "C" < lower(@search) || chr(1114111)
            ORDER BY lower(b.name) COLLATE "C", b.id LIMIT @page_size)
         UNION
           (SELECT first.id, first.name FROM groups first
            WHERE length(@search) < 3 AND first.org_id = @org_id ORDER BY lower(first.name), first.id LIMIT 200))) AS g
     WHERE @search = '' OR strpos(lower(g.name), lower(@search)) > 0
     ORDER BY (strpos(lower(g.name), lower(@search)) = 1) DESC, lower(g.name), g.id LIMIT @page_size)
  UNION ALL
    SELECT 'user', u.id, u.name, u.email
    FROM (SELECT b.id FROM beginning b UNION SELECT a.id FROM among a UNION SELECT e.id FROM everywhere e) AS p
    JOIN users u ON u.id = p.id AND u.status = 'active'
    WHERE sqlc.narg(resource_id)::uuid IS DISTINCT FROM @org_id::uuid -- a role in the organization is for groups: people have theirs
)
SELECT found.type, found.id, found.name, found.email,
       (CASE WHEN found.type = 'user' THEN 1
             ELSE (SELECT s.everyone FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = found.id) END)::bigint AS people,
       COALESCE((SELECT string_agg(role.name, ', ' ORDER BY role.name) FROM grants g JOIN roles role ON role.id = g.role_id
                 WHERE g.org_id = @org_id AND g.resource_id = sqlc.narg(resource_id)::uuid AND g.principal_id = found.id), '')::text AS role_names,
       COALESCE((SELECT r.owner_id = found.id FROM resources r WHERE r.org_id = @org_id AND r.id = sqlc.narg(resource_id)::uuid), false)::boolean AS owner
FROM (SELECT f.* FROM found f
      ORDER BY (strpos(lower(f.name), lower(@search)) = 1) DESC, lower(COALESCE(NULLIF(f.name, ''), f.email)), f.id LIMIT @page_size) AS found
ORDER BY (strpos(lower(found.name), lower(@search)) = 1) DESC, lower(COALESCE(NULLIF(found.name, ''), found.email)), found.id;

-- name: ListGroupsWithGrants :many
-- For each person with a grant on a resource: the groups with one there too, or on what contains it, that the person is in.
WITH given AS MATERIALIZED (
    SELECT DISTINCT g.group_id
    FROM resources r
    JOIN grants g ON g.resource_id = ANY (r.path) AND g.user_id IS NULL AND g.group_id IS NOT NULL AND (g.expires_at IS NULL OR g.expires_at > now())
    JOIN roles role ON role.id = g.role_id AND (g.resource_id = r.id OR role.below & @view::bigint <> 0)
    WHERE r.org_id = @org_id AND r.id = @id
)
SELECT person.user_id::uuid AS user_id, gr.id AS group_id, gr.name AS group_name
FROM (SELECT DISTINCT own.user_id FROM grants own WHERE own.org_id = @org_id AND own.resource_id = @id AND own.user_id IS NOT NULL) AS person
CROSS JOIN LATERAL (SELECT DISTINCT a.ancestor_id FROM group_members gm
                    JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
                    WHERE gm.org_id = @org_id AND gm.user_id = person.user_id OFFSET 0) AS around
JOIN given ON given.group_id = around.ancestor_id
JOIN groups gr ON gr.id = given.group_id
ORDER BY lower(gr.name);

-- name: FindGrantID :one
-- The grant by which a principal has a role on a resource, by the role's name or id.
SELECT g.id
FROM grants g
JOIN roles role ON role.id = g.role_id
WHERE g.org_id = @org_id AND g.resource_id = @resource_id AND g.principal_id = @principal_id AND (role.name = @role::text OR role.id = @role::text)
ORDER BY g.created_at DESC, g.id DESC LIMIT 1;
