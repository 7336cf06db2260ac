-- name: FindResource :one
-- A resource, and what the subject holds on it; the subject is NULL for anyone who is not signed in.
SELECT r.org_id, r.id, r.kind, r.key, r.name, r.description, r.parent_id, r.access_mode, r.org_role, r.acl_version, r.created_at,
       r.owner_id, COALESCE(u.name, '')::text AS owner_name, COALESCE(u.email, '')::text AS owner_email,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p), 0)::bigint AS rights
FROM resources r
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.id = @id;

-- name: FindPlaceOf :one
-- The organization that a resource lies in, whoever asks.
SELECT r.org_id FROM resources r WHERE r.id = @id;

-- name: ListContainers :many
-- What contains a resource, from the organization down, with what the subject holds on each.
SELECT c.id, c.kind, c.name,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(sqlc.narg(subject)::uuid, c.id) AS p), 0)::bigint AS rights
FROM resources r
CROSS JOIN LATERAL unnest(r.path) WITH ORDINALITY AS step (id, n)
JOIN resources c ON c.id = step.id::uuid
WHERE r.id = @id AND c.id <> r.id
ORDER BY step.n;

-- name: ListTree :many
-- The first projects and packages that the subject can open, and the modules that they may know of, for the left panel.
-- Places only narrow, access_paths decides, of as many as are shown.
WITH place AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], 'project', @view::bigint) AS p (id)
  UNION
    SELECT open.id FROM resources open WHERE open.org_id = @org_id AND open.access_mode <> 'restricted'
), project AS MATERIALIZED (
    SELECT r.id, r.kind, r.name, r.parent_id, held.rights
    FROM resources r
    CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
    WHERE r.org_id = @org_id AND r.kind = 'project' AND (r.path[1] IN (SELECT id FROM place) OR r.path[2] IN (SELECT id FROM place) OR r.path[3] IN (SELECT id FROM place)
       OR r.path[4] IN (SELECT id FROM place) OR r.path[5] IN (SELECT id FROM place))
      AND held.rights & @view::bigint <> 0
    ORDER BY lower(r.name), r.id LIMIT 100
), package AS MATERIALIZED (
    SELECT r.id, r.kind, r.name, r.parent_id, held.rights
    FROM (SELECT * FROM resources inside WHERE inside.org_id = @org_id AND inside.kind = 'package'
            AND (inside.parent_id IN (SELECT id FROM project) OR inside.id IN (SELECT id FROM place)
                 OR inside.parent_id IN (SELECT id FROM place) OR inside.org_id IN (SELECT id FROM place))
          ORDER BY inside.id LIMIT 300) AS r
    CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
    WHERE held.rights & @view::bigint <> 0
)
SELECT node.id, node.kind, node.name, node.parent_id, node.rights::bigint AS rights
FROM (SELECT * FROM project
    UNION ALL
      SELECT * FROM package
    UNION ALL
      SELECT r.id, r.kind, r.name, r.parent_id, held.rights
      FROM resources r
      CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
      WHERE r.org_id = @org_id AND r.kind = 'module' AND held.rights & @discover::bigint <> 0
) AS node
ORDER BY lower(node.name), node.id;

-- name: ListResources :many
-- Resources that the subject may know of, by name: of one kind in the organization, or directly inside one parent. Places
-- only narrow, access_paths decides.
WITH place AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], 'project', @wanted::bigint) AS p (id)
  UNION
    SELECT open.id FROM resources open WHERE open.org_id = @org_id AND open.access_mode <> 'restricted'
)
SELECT r.id, r.kind, r.key, r.name, r.description, r.access_mode, r.org_role, r.created_at, lower(r.name)::text AS sort_name,
       r.owner_id, COALESCE(u.name, '')::text AS owner_name, COALESCE(u.email, '')::text AS owner_email, held.rights::bigint AS rights
FROM resources r
CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.owner_id IS NOT NULL
  AND (@kind::text = '' OR r.kind = @kind)
  AND (@other_than::text = '' OR r.kind <> @other_than::text)
  AND (sqlc.narg(parent_id)::uuid IS NULL OR r.parent_id = sqlc.narg(parent_id)::uuid)
  AND (@search::text = '' OR strpos(lower(r.name), lower(@search)) > 0 OR strpos(r.key, lower(@search)) > 0)
  AND (r.path[1] IN (SELECT id FROM place) OR r.path[2] IN (SELECT id FROM place) OR r.path[3] IN (SELECT id FROM place)
       OR r.path[4] IN (SELECT id FROM place) OR r.path[5] IN (SELECT id FROM place))
  AND held.rights & @wanted::bigint = @wanted::bigint
  AND (lower(r.name), r.id) > (@after_name::text, @after_id::uuid)
ORDER BY lower(r.name), r.id LIMIT @page_size;

-- name: ListPlacesToCreate :many
-- The modules in which the subject may create something, the one that every organization is born with first.
SELECT r.id, r.kind, r.name, held.rights::bigint AS rights
FROM resources r
CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(@subject::uuid, r.id) AS p) AS held
WHERE r.org_id = @org_id AND r.kind = 'module' AND held.rights & @create_right::bigint <> 0
ORDER BY (r.key = 'workspace') DESC, lower(r.name), r.id LIMIT 200;

-- name: KeyTaken :one
SELECT EXISTS (SELECT FROM resources WHERE org_id = @org_id AND kind = @kind AND key = @key)::boolean AS taken;

-- name: AddResource :exec
INSERT INTO resources (org_id, id, kind, key, name, description, parent_id, path, owner_id, access_mode, org_role)
SELECT @org_id, @id, @kind, @key, @name, @description, sqlc.narg(parent_id)::uuid,
       COALESCE((SELECT parent.path FROM resources parent WHERE parent.org_id = @org_id AND parent.id = sqlc.narg(parent_id)::uuid), '{}') || @id::uuid,
       sqlc.narg(owner_id), @access_mode, @org_role;

-- name: EditResource :exec
UPDATE resources SET name = @name, description = @description WHERE org_id = @org_id AND id = @id;

-- name: CountInside :one
SELECT count(*) FROM resources r WHERE r.org_id = @org_id AND r.path @> ARRAY[@id::uuid] AND r.id <> @id;

-- name: DeleteResource :exec
DELETE FROM resources WHERE org_id = @org_id AND id = @id;

-- name: SetOwner :exec
UPDATE resources SET owner_id = @owner_id, acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: SetAccessMode :exec
UPDATE resources SET access_mode = @access_mode, org_role = @org_role, acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: CountInsideEach :many
-- How many resources lie directly in each of these, of those that the subject may know of.
SELECT r.parent_id::uuid AS parent_id, count(*) AS inside
FROM resources r
WHERE r.org_id = @org_id AND r.parent_id = ANY (@parents::uuid[])
  AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) & @discover::bigint <> 0
GROUP BY r.parent_id;

-- name: CountViewers :one
-- How many active members can open a resource.
SELECT count(*)
FROM memberships m
JOIN users u ON u.id = m.user_id AND u.status = 'active'
WHERE m.org_id = @org_id AND m.status = 'active'
  AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(m.user_id, @resource) AS p) & @view::bigint <> 0;

-- name: FindResourceID :one
-- A resource by its kind and key, whoever asks.
SELECT r.id FROM resources r WHERE r.org_id = @org_id AND r.kind = @kind AND r.key = @key;

-- name: ListEveryResource :many
-- Resources by name, for the operator: nobody's rights are asked. Without a parent, a kind or a search it is all of them.
SELECT r.id, r.kind, r.key, r.name, r.description, r.access_mode, r.org_role, r.created_at, lower(r.name)::text AS sort_name,
       r.owner_id, COALESCE(u.name, '')::text AS owner_name, COALESCE(u.email, '')::text AS owner_email
FROM resources r
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.owner_id IS NOT NULL
  AND (@kind::text = '' OR r.kind = @kind)
  AND (sqlc.narg(parent_id)::uuid IS NULL OR r.parent_id = sqlc.narg(parent_id)::uuid)
  AND (@search::text = '' OR strpos(lower(r.name), lower(@search)) > 0 OR strpos(r.key, lower(@search)) > 0)
  AND (lower(r.name), r.id) > (@after_name::text, @after_id::uuid)
ORDER BY lower(r.name), r.id LIMIT @page_size;
