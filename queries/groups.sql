-- name: ListGroups :many
-- All groups of an organization, or those that one user administers, by name. What a page says of each is asked of those on it.
-- A search looks at the next three hundred first, and for one or two letters as far as it must: where that fills the page, the rest is
-- not counted. walked is how many were found so, 0 where all were counted in total.
WITH walk AS MATERIALIZED (
    SELECT near.id, near.sort_name
    FROM (SELECT g.id, g.name, g.description, lower(g.name) AS sort_name FROM groups g
          WHERE g.org_id = @org_id AND @search::text <> '' AND sqlc.narg(admin_id)::uuid IS NULL AND (lower(g.name), g.id) > (@after_name::text, @after_id::uuid)
          ORDER BY lower(g.name), g.id LIMIT CASE WHEN length(@search) >= 3 THEN 300 END) AS near
    WHERE strpos(near.sort_name, lower(@search)) > 0 OR strpos(lower(near.description), lower(@search)) > 0
    LIMIT @candidates::int
), walked AS MATERIALIZED (
    SELECT count(*) AS hits, count(*) >= @candidates OR length(@search) BETWEEN 1 AND 2 AND sqlc.narg(admin_id)::uuid IS NULL AS enough FROM walk
), matching AS MATERIALIZED (
    SELECT g.id, lower(g.name) AS sort_name
    FROM (SELECT near.org_id, near.id, near.name, near.description FROM groups near
          WHERE near.org_id = @org_id AND length(@search) >= 3
            AND grams(near.org_id, lower(near.name || ' ' || near.description)) @> grams(@org_id, lower(@search))
        UNION ALL
          SELECT each_one.org_id, each_one.id, each_one.name, each_one.description FROM groups each_one
          WHERE each_one.org_id = @org_id AND length(@search) < 3) AS g
    WHERE NOT (SELECT enough FROM walked) AND g.org_id = @org_id
      AND (sqlc.narg(admin_id)::uuid IS NULL OR EXISTS (SELECT FROM group_members gm
           WHERE gm.org_id = g.org_id AND gm.group_id = g.id AND gm.user_id = sqlc.narg(admin_id)::uuid AND gm.role = 'admin'))
      AND (sqlc.narg(admin_id)::uuid IS NOT NULL OR @search <> '')
      AND (@search = '' OR strpos(lower(g.name), lower(@search)) > 0 OR strpos(lower(g.description), lower(@search)) > 0)
), page AS MATERIALIZED (
    SELECT found.id, found.sort_name
    FROM (SELECT w.id, w.sort_name FROM walk w WHERE (SELECT enough FROM walked)
        UNION ALL
          SELECT m.id, m.sort_name FROM matching m WHERE (m.sort_name, m.id) > (@after_name, @after_id)
        UNION ALL
          (SELECT g.id, lower(g.name) FROM groups g
           WHERE g.org_id = @org_id AND sqlc.narg(admin_id)::uuid IS NULL AND @search = '' AND (lower(g.name), g.id) > (@after_name, @after_id)
           ORDER BY lower(g.name), g.id LIMIT @page_size)) AS found
    ORDER BY found.sort_name, found.id LIMIT @page_size
)
SELECT g.id, g.name, g.description, page.sort_name, (SELECT CASE WHEN enough THEN hits ELSE 0 END FROM walked)::bigint AS walked,
       (CASE WHEN sqlc.narg(admin_id)::uuid IS NULL AND @search::text = '' THEN (SELECT count(*) FROM groups every WHERE every.org_id = @org_id)
             ELSE (SELECT count(*) FROM matching) END)::bigint AS total,
       (SELECT count(*) FROM group_members gm WHERE gm.org_id = @org_id AND gm.group_id = g.id) AS people,
       (SELECT count(*) FROM nested_groups n WHERE n.org_id = @org_id AND n.group_id = g.id) AS groups,
       (SELECT s.everyone FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = g.id) AS everyone,
       EXISTS (SELECT FROM group_members own WHERE own.org_id = @org_id AND own.group_id = g.id AND own.user_id = @reader::uuid AND own.role = 'admin') AS administered,
       ARRAY(SELECT DISTINCT gr.role_id || ' ' || r.name FROM group_ancestry a
             JOIN grants gr ON gr.org_id = a.org_id AND gr.group_id = a.ancestor_id AND gr.resource_kind IN ('organization', 'module')
             JOIN resources r ON r.id = gr.resource_id
             WHERE a.org_id = @org_id AND a.descendant_id = g.id
               AND (gr.expires_at IS NULL OR gr.expires_at > now()))::text[] AS carries
FROM page
JOIN groups g ON g.id = page.id
ORDER BY page.sort_name, page.id;

-- name: FindGroup :one
-- A group and what the user who asks is in it.
SELECT g.id, g.name, g.description,
       COALESCE((SELECT gm.role FROM group_members gm JOIN memberships m ON m.org_id = gm.org_id AND m.user_id = gm.user_id
                 WHERE gm.org_id = g.org_id AND gm.group_id = g.id AND gm.user_id = sqlc.narg(user_id)::uuid
                   AND m.status = 'active'), '')::text AS role,
       EXISTS (SELECT FROM group_ancestry a
               JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
               JOIN memberships m ON m.org_id = gm.org_id AND m.user_id = gm.user_id
               WHERE a.org_id = g.org_id AND a.ancestor_id = g.id AND gm.user_id = sqlc.narg(user_id)::uuid
                 AND m.status = 'active')::boolean AS inside,
       (EXISTS (SELECT FROM provisioned_groups p WHERE p.org_id = g.org_id AND p.group_id = g.id) AND provisions(g.org_id))::boolean AS managed
FROM groups g
WHERE g.org_id = @org_id AND g.id = @id;

-- name: ListCarriedRoles :many
-- Organization and module roles that everyone in a group gets, with what the user who asks holds there. A role
-- that has expired counts: its grant can be renewed.
SELECT gr.role_id, gr.expires_at, r.id AS resource_id, r.name AS resource_name, a.ancestor_id AS group_id, g.name AS group_name,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(sqlc.narg(user_id)::uuid, r.id) AS p), 0)::bigint AS held
FROM group_ancestry a
JOIN grants gr ON gr.org_id = a.org_id AND gr.group_id = a.ancestor_id AND gr.resource_kind IN ('organization', 'module')
JOIN resources r ON r.id = gr.resource_id
JOIN groups g ON g.id = a.ancestor_id
WHERE a.org_id = @org_id AND a.descendant_id = @group_id
ORDER BY r.name, gr.role_id;

-- name: GroupNameTaken :one
SELECT EXISTS (SELECT FROM groups WHERE org_id = @org_id AND lower(name) = lower(@name) AND id <> @except_id)::boolean AS taken;

-- name: AddGroup :exec
INSERT INTO groups (org_id, id, name, description) VALUES (@org_id, @id, @name, @description);

-- name: AddGroupToAncestry :exec
INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id) VALUES (@org_id, @id, @id);

-- name: EditGroup :exec
UPDATE groups SET name = @name, description = @description WHERE org_id = @org_id AND id = @id;

-- name: DeleteGroup :exec
DELETE FROM groups WHERE org_id = @org_id AND id = @id;

-- name: FindGroupMember :one
SELECT role FROM group_members WHERE org_id = @org_id AND group_id = @group_id AND user_id = @user_id;

-- name: AddGroupMember :exec
INSERT INTO group_members (org_id, group_id, user_id, role) VALUES (@org_id, @group_id, @user_id, @role);

-- name: SetGroupMemberRole :exec
UPDATE group_members SET role = @role WHERE org_id = @org_id AND group_id = @group_id AND user_id = @user_id;

-- name: RemoveGroupMember :exec
DELETE FROM group_members WHERE org_id = @org_id AND group_id = @group_id AND user_id = @user_id;

-- name: FindNestedGroup :one
SELECT count(*) FROM nested_groups WHERE org_id = @org_id AND group_id = @group_id AND member_group_id = @member_group_id;

-- name: AddNestedGroup :exec
INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES (@org_id, @group_id, @member_group_id);

-- name: RemoveNestedGroup :exec
DELETE FROM nested_groups WHERE org_id = @org_id AND group_id = @group_id AND member_group_id = @member_group_id;

-- name: JoinAncestry :exec
-- After an edge came: whoever contains the outer group now contains everything inside the inner one.
INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id)
SELECT @org_id, up.ancestor_id, down.descendant_id
FROM group_ancestry up, group_ancestry down
WHERE up.org_id = @org_id AND up.descendant_id = @group_id AND down.org_id = @org_id AND down.ancestor_id = @member_group_id
ON CONFLICT DO NOTHING;

-- name: CutAncestry :exec
-- Before an edge goes, or a group: forget what may have led over it. RebuildAncestry brings back what other ways still give.
DELETE FROM group_ancestry ga
WHERE ga.org_id = @org_id AND ga.ancestor_id <> ga.descendant_id
  AND ga.ancestor_id IN (SELECT up.ancestor_id FROM group_ancestry up WHERE up.org_id = @org_id AND up.descendant_id = @group_id)
  AND ga.descendant_id IN (SELECT down.descendant_id FROM group_ancestry down WHERE down.org_id = @org_id AND down.ancestor_id = @member_group_id);

-- name: RebuildAncestry :exec
WITH RECURSIVE inside AS (
    SELECT a.id AS ancestor_id, a.id AS descendant_id
    FROM unnest(@ancestors::uuid[]) AS a (id)
  UNION
    SELECT i.ancestor_id, n.member_group_id
    FROM inside i JOIN nested_groups n ON n.org_id = @org_id AND n.group_id = i.descendant_id
)
INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id)
SELECT @org_id, i.ancestor_id::uuid, i.descendant_id::uuid FROM inside i
ON CONFLICT DO NOTHING;

-- name: ListAncestors :many
SELECT ancestor_id FROM group_ancestry WHERE org_id = @org_id AND descendant_id = @group_id;

-- name: ListGroupMembers :many
-- People and groups that are directly in a group, groups first.
WITH members AS (
    SELECT n.member_group_id AS id, 'group'::text AS type, g.name, ''::text AS email, 'member'::text AS role, 'active'::text AS status, n.created_at,
           ('0 ' || lower(g.name))::text AS sort_name
    FROM nested_groups n JOIN groups g ON g.id = n.member_group_id
    WHERE n.org_id = @org_id AND n.group_id = @group_id
  UNION ALL
    SELECT gm.user_id, 'user', u.name, u.email, gm.role, m.status, gm.created_at, ('1 ' || lower(COALESCE(NULLIF(u.name, ''), u.email)))::text
    FROM group_members gm
    JOIN users u ON u.id = gm.user_id
    JOIN memberships m ON m.org_id = gm.org_id AND m.user_id = gm.user_id
    WHERE gm.org_id = @org_id AND gm.group_id = @group_id
), matching AS (
    SELECT * FROM members WHERE @search::text = '' OR strpos(lower(name), lower(@search)) > 0 OR strpos(email, lower(@search)) > 0
)
SELECT m.id, m.type, m.name, m.email, m.role, m.status, m.created_at, m.sort_name, (SELECT count(*) FROM matching) AS total,
       (CASE WHEN m.type = 'user' THEN 1 ELSE (SELECT s.everyone FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = m.id) END)::bigint AS people
FROM (SELECT found.* FROM matching found
      WHERE (found.sort_name, found.id) > (@after_name::text, @after_id::uuid)
      ORDER BY found.sort_name, found.id LIMIT @page_size) AS m
ORDER BY m.sort_name, m.id;

-- name: ListEveryoneInside :many
-- Everyone active in a group through any depth; through is the group that they are directly in. Where thousands and more than a twelfth
-- of the members are, each of the list of members, which is in order, is asked whether they are; of many, that list is compared
-- with all of them; few are put in order themselves (IS TRUE keeps the planner from reading everybody).
WITH size AS MATERIALIZED (
    SELECT s.everyone AS total, s.everyone > 5000 AND s.everyone > (SELECT sum(c.total) FROM people_counts c WHERE c.org_id = @org_id) / 12 AS most
    FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = @group_id
), inside AS MATERIALIZED (
    SELECT a.descendant_id AS group_id FROM group_ancestry a WHERE a.org_id = @org_id AND a.ancestor_id = @group_id
), everyone AS MATERIALIZED (
    SELECT DISTINCT gm.user_id AS id FROM inside JOIN group_members gm ON gm.org_id = @org_id AND gm.group_id = inside.group_id
), page AS MATERIALIZED (
    (SELECT p.id, p.key FROM people p
     WHERE (SELECT most FROM size) AND p.org_id = @org_id AND p.sort = 'name' AND (p.key, p.id) > (@after_name::text, @after_id::uuid)
       AND (EXISTS (SELECT FROM group_members gm
                    WHERE gm.org_id = @org_id AND gm.user_id = p.id AND (gm.group_id IN (SELECT inside.group_id FROM inside)) IS TRUE OFFSET 0)) IS TRUE
       AND EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'active'
                   WHERE m.org_id = @org_id AND m.user_id = p.id AND m.status = 'active' OFFSET 0)
     ORDER BY p.key, p.id LIMIT @page_size)
  UNION ALL
    (SELECT p.id, p.key FROM people p
     WHERE (SELECT total > 300 AND NOT most FROM size) AND p.org_id = @org_id AND p.sort = 'name'
       AND (p.key, p.id) > (@after_name::text, @after_id::uuid) AND (p.id IN (SELECT e.id FROM everyone e)) IS TRUE
       AND EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id AND u.status = 'active'
                   WHERE m.org_id = @org_id AND m.user_id = p.id AND m.status = 'active' OFFSET 0)
     ORDER BY p.key, p.id LIMIT @page_size)
  UNION ALL
    (SELECT few.id, few.key
     FROM (SELECT e.id, lower(left(COALESCE(NULLIF(u.name, ''), u.email), 300)) COLLATE "C" AS key
           FROM everyone e JOIN users u ON u.id = e.id AND u.status = 'active'
           JOIN memberships m ON m.org_id = @org_id AND m.user_id = e.id AND m.status = 'active' WHERE (SELECT total FROM size) <= 300) AS few
     WHERE (few.key, few.id) > (@after_name::text, @after_id::uuid)
     ORDER BY few.key, few.id LIMIT @page_size)
)
SELECT page.id, u.name, u.email, page.key AS sort_name, through.id AS through_id, through.name AS through_name, (SELECT total FROM size)::bigint AS total
FROM page
JOIN users u ON u.id = page.id
CROSS JOIN LATERAL (
    SELECT g.id, g.name FROM group_members gm JOIN groups g ON g.id = gm.group_id
    WHERE gm.org_id = @org_id AND gm.user_id = page.id AND (gm.group_id IN (SELECT inside.group_id FROM inside)) IS TRUE
    ORDER BY gm.group_id <> @group_id, gm.group_id LIMIT 1) AS through
ORDER BY page.key, page.id;

-- name: ListGroupAccess :many
-- What is shared to a group, itself or through a group that contains it.
SELECT gr.id, gr.role_id, role.name AS role_name, role.here AS role_here, role.project_id, gr.expires_at,
       r.id AS resource_id, r.kind, r.name AS resource_name,
       holder.id AS group_id, holder.name AS group_name
FROM group_ancestry a
JOIN grants gr ON gr.org_id = a.org_id AND gr.group_id = a.ancestor_id
JOIN resources r ON r.id = gr.resource_id
JOIN roles role ON role.id = gr.role_id
JOIN groups holder ON holder.id = a.ancestor_id
WHERE a.org_id = @org_id AND a.descendant_id = @group_id AND (gr.expires_at IS NULL OR gr.expires_at > now())
  AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(@user_id, r.id) AS p) & @discover::bigint <> 0
ORDER BY (holder.id = @group_id) DESC, r.kind, lower(r.name), gr.id
LIMIT 200;

-- name: CountGroupHoldings :one
-- What goes when a group is deleted: its grants, and how many people it holds.
SELECT (SELECT count(*) FROM grants g WHERE g.org_id = @org_id AND g.group_id = @group_id) AS grants,
       (SELECT count(DISTINCT g.resource_id) FROM grants g WHERE g.org_id = @org_id AND g.group_id = @group_id) AS resources,
       COALESCE((SELECT s.everyone FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = @group_id), 0)::bigint AS people;

-- name: CountGroup :one
SELECT (SELECT count(*) FROM group_members gm WHERE gm.org_id = @org_id AND gm.group_id = @group_id) AS people,
       (SELECT count(*) FROM nested_groups n WHERE n.org_id = @org_id AND n.group_id = @group_id) AS groups,
       COALESCE((SELECT s.everyone FROM group_sizes s WHERE s.org_id = @org_id AND s.group_id = @group_id), 0)::bigint AS everyone;

-- name: ListGroupMemberIDs :many
SELECT gm.user_id AS id FROM group_members gm WHERE gm.org_id = @org_id AND gm.group_id = @group_id
UNION ALL
SELECT n.member_group_id FROM nested_groups n WHERE n.org_id = @org_id AND n.group_id = @group_id;
