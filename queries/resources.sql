-- name: FindResource :one
-- A resource, and what the subject holds on it; the subject is NULL for anyone who is not signed in.
SELECT r.org_id, r.id, r.kind, r.key, r.name, r.description, r.parent_id, r.access_mode, r.org_role, r.acl_version, r.created_at,
       r.owner_id, COALESCE(u.name, '')::text AS owner_name, COALESCE(u.email, '')::text AS owner_email,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p), 0)::bigint AS rights
FROM resources r
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.id = @id;

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
-- For the left panel: the first projects that the subject can open; packages that they can open, the first of each of these projects
-- before those whose project they cannot open; the modules around them that the subject may know of, and the first that they can
-- open or make something in. more says that a project holds more packages than are listed, more_projects that there are more projects.
-- Where a project comes from only narrows: it was granted, it is open to more than a few, or, under admin reach = full, it is any.
-- access_paths decides, of as many as are shown, and each source is read in the order of names. What opens a project opens the
-- packages in it (roles). What comes to a module from the organization comes to all: only where that is not enough is each asked
-- about. The rights told of a module are those that are asked for.
WITH place AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], 'project', @view::bigint) AS p (id)
), granted AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, ARRAY['package'], 'package', @view::bigint) AS p (id)
), found AS MATERIALIZED (
    SELECT r.id, r.kind, r.name, r.parent_id, r.sort_name
    FROM (SELECT near.id, near.kind, near.name, near.parent_id, lower(near.name) AS sort_name FROM resources near
          WHERE near.org_id = @org_id AND near.kind = 'project' AND near.id IN (SELECT place.id FROM place)
        UNION ALL
          (SELECT open.id, open.kind, open.name, open.parent_id, lower(open.name) FROM resources open
          WHERE open.org_id = @org_id AND open.kind = 'project' AND open.access_mode <> 'restricted' AND open.id NOT IN (SELECT place.id FROM place)
           ORDER BY lower(open.name), open.id)
        UNION ALL
          (SELECT far.id, far.kind, far.name, far.parent_id, lower(far.name) FROM resources far
          WHERE far.org_id = @org_id AND far.kind = 'project' AND far.access_mode = 'restricted' AND far.id NOT IN (SELECT place.id FROM place)
            AND (SELECT @org_id IN (SELECT place.id FROM place))
           ORDER BY lower(far.name), far.id)
        ORDER BY sort_name, id) AS r
    WHERE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) & @view::bigint <> 0
    LIMIT 1 + @projects::int
), project AS MATERIALIZED (
    SELECT found.id, found.kind, found.name, found.parent_id FROM found ORDER BY found.sort_name, found.id LIMIT @projects
), inside AS MATERIALIZED (
    SELECT first.id, first.kind, first.name, first.parent_id, first.number
    FROM project
    CROSS JOIN LATERAL (SELECT r.id, r.kind, r.name, r.parent_id, row_number() OVER (ORDER BY lower(r.name), r.id) AS number
                        FROM resources r WHERE r.org_id = @org_id AND r.parent_id = project.id AND r.kind = 'package'
                        ORDER BY lower(r.name), r.id LIMIT 1 + @packages_of_each::int) AS first
), package AS MATERIALIZED (
    SELECT inside.id, inside.kind, inside.name, inside.parent_id FROM inside WHERE inside.number <= @packages_of_each::int
  UNION ALL
    SELECT r.id, r.kind, r.name, r.parent_id
    FROM (SELECT own.id, own.kind, own.name, own.parent_id FROM resources own
          WHERE own.org_id = @org_id AND own.kind = 'package' AND own.id IN (SELECT granted.id FROM granted)
        UNION ALL
          (SELECT open.id, open.kind, open.name, open.parent_id FROM resources open
           WHERE open.org_id = @org_id AND open.kind = 'package' AND open.access_mode <> 'restricted' AND open.id NOT IN (SELECT granted.id FROM granted)
           ORDER BY lower(open.name), open.id LIMIT @packages::int)
        UNION ALL
          (SELECT far.id, far.kind, far.name, far.parent_id
           FROM resources module
           JOIN resources far ON far.org_id = @org_id AND far.parent_id = module.id AND far.kind = 'package'
           WHERE module.org_id = @org_id AND module.kind = 'module' AND far.access_mode = 'restricted' AND far.id NOT IN (SELECT granted.id FROM granted)
             AND (SELECT @org_id IN (SELECT place.id FROM place)) LIMIT @packages)
    ) AS r
    WHERE r.parent_id NOT IN (SELECT project.id FROM project)
      AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) & @view::bigint <> 0
      AND NOT ((SELECT count(*) FROM found) > @projects -- then the subject may be able to open projects that are not listed
               AND EXISTS (SELECT FROM resources around WHERE around.org_id = @org_id AND around.id = r.parent_id AND around.kind = 'project'
                             AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, around.id) AS p) & @view::bigint <> 0))
    LIMIT @packages
), around AS MATERIALIZED (
    SELECT project.parent_id AS id FROM project UNION SELECT package.parent_id FROM package
), above AS MATERIALIZED (
    SELECT COALESCE(bit_or(p.rights), 0) AS rights
    FROM (SELECT m.id FROM resources m WHERE m.org_id = @org_id AND m.kind = 'module' LIMIT 1) AS one
    CROSS JOIN LATERAL access_paths(sqlc.narg(subject)::uuid, one.id) AS p
    WHERE p.place_id <> one.id
), module AS (
    SELECT r.id, r.kind, r.name, r.parent_id, held.rights
    FROM (SELECT m.id, m.kind, m.name, m.parent_id FROM resources m
          WHERE m.org_id = @org_id AND m.kind = 'module' AND m.id IN (SELECT around.id FROM around)
        UNION
          (SELECT own.id, own.kind, own.name, own.parent_id FROM resources own
           WHERE own.org_id = @org_id AND own.kind = 'module'
             AND ((SELECT above.rights FROM above) & @makes::bigint <> 0
                  OR own.id IN (SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, ARRAY['module'], 'module', @makes::bigint) AS p (id)))
           ORDER BY lower(own.name), own.id LIMIT @modules::int)
    ) AS r
    CROSS JOIN above
    CROSS JOIN LATERAL (SELECT CASE WHEN above.rights & @discover::bigint <> 0 AND above.rights & @makes <> 0 AND above.rights & @members::bigint <> 0 THEN above.rights
        ELSE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) END AS rights OFFSET 0) AS held
    WHERE held.rights & @discover <> 0
      AND (held.rights & @makes <> 0 OR r.id IN (SELECT around.id FROM around))
)
SELECT node.id, node.kind, node.name, node.parent_id, node.rights::bigint AS rights, node.more::boolean AS more,
       ((SELECT count(*) FROM found) > @projects)::boolean AS more_projects
FROM (SELECT project.id, project.kind, project.name, project.parent_id, 0::bigint AS rights,
             EXISTS (SELECT FROM inside WHERE inside.parent_id = project.id AND inside.id NOT IN (SELECT package.id FROM package)) AS more
      FROM project
    UNION ALL
      SELECT package.id, package.kind, package.name, package.parent_id, 0, false FROM package
    UNION ALL
      SELECT module.id, module.kind, module.name, module.parent_id, module.rights, false FROM module
) AS node
ORDER BY lower(node.name), node.id;

-- name: ListResources :many
-- Resources that the subject may know of, by name: of one kind in the organization, or directly inside one parent. Places
-- and modes only narrow, access_paths decides, and no more is asked of it than the page needs: names come in their order.
WITH place AS MATERIALIZED (
    SELECT p.id FROM granted_places(sqlc.narg(subject)::uuid, @org_id::uuid, @kinds::text[], 'project', @wanted::bigint) AS p (id)
  UNION
    SELECT open.id FROM resources open
    WHERE open.org_id = @org_id AND open.access_mode <> 'restricted' AND @kind::text <> 'project' AND sqlc.narg(parent_id)::uuid IS NULL
)
SELECT r.id, r.kind, r.key, r.name, r.description, r.access_mode, r.org_role, r.created_at, r.sort_name::text AS sort_name,
       r.owner_id, COALESCE(u.name, '')::text AS owner_name, COALESCE(u.email, '')::text AS owner_email, held.rights::bigint AS rights
FROM (SELECT near.id, near.kind, near.key, near.name, near.description, near.access_mode, near.org_role, near.created_at, near.owner_id,
             lower(near.name) AS sort_name
      FROM resources near
      WHERE near.org_id = @org_id AND near.kind = 'project' AND @kind::text = 'project' AND sqlc.narg(parent_id)::uuid IS NULL
        AND near.id IN (SELECT place.id FROM place)
        AND (@search::text = '' OR strpos(lower(near.name), lower(@search)) > 0 OR strpos(near.key, lower(@search)) > 0)
        AND (lower(near.name), near.id) > (@after_name::text, @after_id::uuid)
    UNION ALL
      (SELECT open.id, open.kind, open.key, open.name, open.description, open.access_mode, open.org_role, open.created_at, open.owner_id,
             lower(open.name)
      FROM resources open
      WHERE open.org_id = @org_id AND open.kind = 'project' AND @kind::text = 'project' AND sqlc.narg(parent_id)::uuid IS NULL
        AND open.access_mode <> 'restricted' AND open.id NOT IN (SELECT place.id FROM place)
        AND (@search::text = '' OR strpos(lower(open.name), lower(@search)) > 0 OR strpos(open.key, lower(@search)) > 0)
        AND (lower(open.name), open.id) > (@after_name::text, @after_id::uuid)
      ORDER BY lower(open.name), open.id)
    UNION ALL
      (SELECT far.id, far.kind, far.key, far.name, far.description, far.access_mode, far.org_role, far.created_at, far.owner_id,
             lower(far.name)
      FROM resources far
      WHERE far.org_id = @org_id AND far.kind = 'project' AND @kind::text = 'project' AND sqlc.narg(parent_id)::uuid IS NULL
        AND far.access_mode = 'restricted' AND far.id NOT IN (SELECT place.id FROM place)
        AND (SELECT @org_id IN (SELECT place.id FROM place))
        AND (@search::text = '' OR strpos(lower(far.name), lower(@search)) > 0 OR strpos(far.key, lower(@search)) > 0)
        AND (lower(far.name), far.id) > (@after_name::text, @after_id::uuid)
      ORDER BY lower(far.name), far.id)
    UNION ALL
      SELECT inside.id, inside.kind, inside.key, inside.name, inside.description, inside.access_mode, inside.org_role, inside.created_at, inside.owner_id,
             lower(inside.name)
      FROM resources inside
      WHERE inside.org_id = @org_id AND inside.parent_id = sqlc.narg(parent_id)::uuid AND (@kind::text = '' OR inside.kind = @kind)
        AND (@other_than::text = '' OR inside.kind <> @other_than::text)
        AND (@search::text = '' OR strpos(lower(inside.name), lower(@search)) > 0 OR strpos(inside.key, lower(@search)) > 0)
        AND (lower(inside.name), inside.id) > (@after_name::text, @after_id::uuid)
    UNION ALL
      (SELECT any_kind.id, any_kind.kind, any_kind.key, any_kind.name, any_kind.description, any_kind.access_mode, any_kind.org_role, any_kind.created_at,
             any_kind.owner_id, lower(any_kind.name)
      FROM resources any_kind
      WHERE any_kind.org_id = @org_id AND @kind::text <> 'project' AND sqlc.narg(parent_id)::uuid IS NULL AND (@kind::text = '' OR any_kind.kind = @kind)
        AND (@other_than::text = '' OR any_kind.kind <> @other_than::text)
        AND (@search::text = '' OR strpos(lower(any_kind.name), lower(@search)) > 0 OR strpos(any_kind.key, lower(@search)) > 0)
        AND (any_kind.path[1] IN (SELECT id FROM place) OR any_kind.path[2] IN (SELECT id FROM place) OR any_kind.path[3] IN (SELECT id FROM place)
             OR any_kind.path[4] IN (SELECT id FROM place) OR any_kind.path[5] IN (SELECT id FROM place))
        AND (lower(any_kind.name), any_kind.id) > (@after_name::text, @after_id::uuid)
      ORDER BY lower(any_kind.name), any_kind.id)
    ORDER BY sort_name, id) AS r
CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
LEFT JOIN users u ON u.id = r.owner_id
WHERE r.owner_id IS NOT NULL AND held.rights & @wanted::bigint = @wanted::bigint
ORDER BY r.sort_name, r.id LIMIT @page_size;

-- name: ListPlacesToCreate :many
-- The modules in which the subject may create something, the one that every organization is born with first. What the
-- organization gives on one module it gives on all: only where that is not enough is each asked about.
WITH above AS MATERIALIZED (
    SELECT COALESCE(bit_or(p.rights), 0) AS rights
    FROM (SELECT m.id FROM resources m WHERE m.org_id = @org_id AND m.kind = 'module' LIMIT 1) AS one
    CROSS JOIN LATERAL access_paths(@subject::uuid, one.id) AS p
    WHERE p.place_id <> one.id
)
SELECT r.id, r.kind, r.name
FROM resources r
CROSS JOIN above
WHERE r.org_id = @org_id AND r.kind = 'module'
  AND CASE WHEN above.rights & @create_right::bigint <> 0 THEN true
           ELSE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(@subject::uuid, r.id) AS p) & @create_right <> 0 END
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

-- name: CountFollowersInside :one
-- How many resources inside follow a change to an access mode: to somebody outside not all kinds open.
SELECT count(*) FILTER (WHERE @access_mode::text NOT IN ('public', 'anonymous') OR opens(@access_mode, r.kind, false, true))::bigint AS follow,
       count(*) AS everything
FROM resources r WHERE r.org_id = @org_id AND r.path @> ARRAY[@id::uuid] AND r.id <> @id;

-- name: DeleteResource :exec
DELETE FROM resources WHERE org_id = @org_id AND id = @id;

-- name: SetOwner :exec
UPDATE resources SET owner_id = @owner_id, acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: SetAccessMode :exec
UPDATE resources SET access_mode = @access_mode, org_role = @org_role, acl_version = acl_version + 1 WHERE org_id = @org_id AND id = @id;

-- name: CountInsideEach :many
-- How many resources lie directly in each of these, of those that the subject may know of. What comes to one of them from
-- what contains it comes to all there that are opened to somebody outside like it: only where that is nothing is each asked about.
SELECT inside.parent_id::uuid AS parent_id, sum(known.inside)::bigint AS inside
FROM (SELECT r.parent_id, opens('public', r.kind, false, true) AS opened, count(*) AS everything, (array_agg(r.id))[1] AS one
      FROM resources r WHERE r.org_id = @org_id AND r.parent_id = ANY (@parents::uuid[]) GROUP BY r.parent_id, opened) AS inside
CROSS JOIN LATERAL (
    SELECT CASE WHEN (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, inside.one) AS p
                      WHERE p.place_id <> inside.one) & @discover::bigint <> 0
                THEN inside.everything
                ELSE (SELECT count(*) FROM resources r
                      WHERE r.org_id = @org_id AND r.parent_id = inside.parent_id AND opens('public', r.kind, false, true) = inside.opened
                        AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) & @discover::bigint <> 0)
           END AS inside OFFSET 0) AS known
GROUP BY inside.parent_id;

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
