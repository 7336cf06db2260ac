-- name: ListMembers :many
-- Members and open invitations in one list, sorted by name, role, status or seen. A position is the key by which the list
-- is sorted, which ends in the name, and the id.
WITH people AS (
    SELECT m.user_id AS id, u.name, u.email, m.status, g.role_id, a.last_seen_at, m.created_at, NULL::timestamptz AS expires_at,
           lower(COALESCE(NULLIF(u.name, ''), u.email)) AS sort_name
    FROM memberships m
    JOIN users u ON u.id = m.user_id
    LEFT JOIN accounts a ON a.user_id = u.id
    JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
    WHERE m.org_id = @org_id
  UNION ALL
    SELECT i.id, '', i.email, 'invited', i.role_id, NULL, i.created_at, i.expires_at, i.email
    FROM invitations i
    WHERE i.org_id = @org_id AND i.accepted_at IS NULL AND i.revoked_at IS NULL
), matching AS (
    SELECT p.*, (CASE @sort::text
               WHEN 'role' THEN p.role_id || ' '
               WHEN 'status' THEN p.status || ' '
               WHEN 'seen' THEN COALESCE(to_char(p.last_seen_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS'), '') || ' '
               ELSE '' END || p.sort_name)::text AS sort_key
    FROM people p
    WHERE (@search::text = '' OR strpos(lower(p.name), lower(@search)) > 0 OR strpos(p.email, lower(@search)) > 0)
      AND (@status::text = '' OR p.status = @status OR @status = 'member' AND p.status <> 'invited')
      AND (@role_id::text = '' OR p.role_id = @role_id)
)
SELECT m.id, m.name, m.email, m.status, m.role_id, m.last_seen_at, m.created_at, m.expires_at, m.sort_key,
       (SELECT count(*) FROM matching) AS total,
       ARRAY(SELECT gr.name FROM group_members gm JOIN groups gr ON gr.id = gm.group_id
             WHERE gm.org_id = @org_id AND gm.user_id = m.id ORDER BY lower(gr.name))::text[] AS group_names,
       ARRAY(SELECT gr.id FROM group_members gm JOIN groups gr ON gr.id = gm.group_id
             WHERE gm.org_id = @org_id AND gm.user_id = m.id ORDER BY lower(gr.name))::uuid[] AS group_ids
FROM (SELECT p.* FROM matching p
      WHERE @first_page::boolean
         OR NOT @descending::boolean AND (p.sort_key, p.id) > (@after_key::text, @after_id::uuid)
         OR @descending::boolean AND (p.sort_key, p.id) < (@after_key::text, @after_id::uuid)
      ORDER BY CASE WHEN NOT @descending THEN p.sort_key END, CASE WHEN @descending THEN p.sort_key END DESC,
               CASE WHEN NOT @descending THEN p.id END, CASE WHEN @descending THEN p.id END DESC
      LIMIT @page_size) AS m
ORDER BY CASE WHEN NOT @descending THEN m.sort_key END, CASE WHEN @descending THEN m.sort_key END DESC,
         CASE WHEN NOT @descending THEN m.id END, CASE WHEN @descending THEN m.id END DESC;

-- name: FindMember :one
SELECT u.id, u.name, u.email, m.status, m.created_at, a.last_seen_at, g.id AS grant_id, g.role_id
FROM memberships m
JOIN users u ON u.id = m.user_id
LEFT JOIN accounts a ON a.user_id = u.id
JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
WHERE m.org_id = @org_id AND m.user_id = @user_id;

-- name: IsLastAdmin :one
-- Whether this user is an active, direct Admin for good, and nobody else is.
SELECT (EXISTS (SELECT FROM active_admins a WHERE a.org_id = @org_id AND a.user_id = @user_id::uuid)
    AND NOT EXISTS (SELECT FROM active_admins a WHERE a.org_id = @org_id AND a.user_id <> @user_id::uuid))::boolean AS last_admin;

-- name: CountHoldings :one
-- What goes when a member is removed.
SELECT (SELECT count(*) FROM resources r WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid) AS resources,
       (SELECT count(*) FROM group_members gm WHERE gm.org_id = @org_id AND gm.user_id = @user_id::uuid) AS groups,
       (SELECT count(*) FROM grants g WHERE g.org_id = @org_id AND g.user_id = @user_id::uuid AND g.resource_kind <> 'organization') AS grants;

-- name: AddMember :exec
INSERT INTO memberships (org_id, user_id) VALUES (@org_id, @user_id);

-- name: AddMemberRole :exec
INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) VALUES (@org_id, @org_id, 'organization', @role_id, @user_id::uuid);

-- name: AdoptGrants :exec
-- Grants that somebody had from outside go on as those of a member.
UPDATE grants SET external = false WHERE org_id = @org_id AND user_id = @user_id::uuid AND external;

-- name: SetMemberRole :exec
UPDATE grants SET role_id = @role_id, expires_at = NULL WHERE org_id = @org_id AND user_id = @user_id::uuid AND resource_kind = 'organization';

-- name: SetMemberStatus :execrows
UPDATE memberships SET status = @status WHERE org_id = @org_id AND user_id = @user_id AND status <> @status;

-- name: GiveToHeir :exec
UPDATE resources SET owner_id = @heir_id::uuid, acl_version = acl_version + 1 WHERE org_id = @org_id AND owner_id = @user_id::uuid;

-- name: RemoveMember :execrows
-- Grants and group memberships go with it, by their keys.
DELETE FROM memberships WHERE org_id = @org_id AND user_id = @user_id;

-- name: ListGroupsOfMember :many
-- Every group that a member is in; through is the group that they are directly in.
SELECT g.id, g.name, (g.id = gm.group_id)::boolean AS direct, gm.role, d.id AS direct_id, d.name AS direct_name
FROM group_members gm
JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
JOIN groups g ON g.id = a.ancestor_id
JOIN groups d ON d.id = gm.group_id
WHERE gm.org_id = @org_id AND gm.user_id = @user_id
ORDER BY (g.id = gm.group_id) DESC, lower(g.name), lower(d.name);

-- name: ListHeirs :many
SELECT u.id, u.name, u.email
FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.org_id = @org_id AND m.status = 'active' AND u.status = 'active' AND m.user_id <> @user_id
  AND (@search::text = '' OR strpos(lower(u.name), lower(@search)) > 0 OR strpos(u.email, lower(@search)) > 0)
ORDER BY lower(u.name), u.id LIMIT @page_size;

-- name: CountMembers :one
SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.org_id = @org_id AND m.status = 'active' AND u.status = 'active';

-- name: FindPersonAround :one
-- A member, or somebody outside who was granted something here.
SELECT u.id, u.name, u.email, COALESCE(m.status, '')::text AS status
FROM users u LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
WHERE u.id = @user_id AND (m.user_id IS NOT NULL OR EXISTS (SELECT FROM grants g WHERE g.org_id = @org_id AND g.user_id = u.id));
