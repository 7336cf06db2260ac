-- What a member leaves behind (db/leaving.go). Everything is asked and given away in statements that do not grow in number.

-- name: CountStake :one
-- How much somebody has in an organization, and what tells whether it is still the same: a hash over all of it, and over where
-- those who are to take over stand.
SELECT (SELECT count(*) FROM resources r WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid) AS resources,
       (SELECT count(*) FROM group_members gm WHERE gm.org_id = @org_id AND gm.user_id = @user_id::uuid) AS groups,
       (SELECT count(*) FROM grants g WHERE g.org_id = @org_id AND g.user_id = @user_id::uuid AND g.resource_kind <> 'organization') AS grants,
       (SELECT count(*) FROM api_tokens t WHERE t.org_id = @org_id AND t.made_by = @user_id::uuid) AS tokens,
       (SELECT count(*) FROM invitations i WHERE i.org_id = @org_id AND i.invited_by = @user_id::uuid AND i.accepted_at IS NULL AND i.revoked_at IS NULL
          AND i.expires_at > now()) AS invitations,
       md5(concat_ws('|',
           (SELECT m.status FROM memberships m WHERE m.org_id = @org_id AND m.user_id = @user_id::uuid),
           (SELECT string_agg(r.id::text, ' ' ORDER BY r.id) FROM resources r WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid),
           (SELECT string_agg(gm.group_id || gm.role, ' ' ORDER BY gm.group_id) FROM group_members gm WHERE gm.org_id = @org_id AND gm.user_id = @user_id::uuid),
           (SELECT string_agg(g.id || g.role_id || COALESCE(g.expires_at::text, ''), ' ' ORDER BY g.id) FROM grants g
            WHERE g.org_id = @org_id AND g.user_id = @user_id::uuid),
           (SELECT string_agg(t.id::text, ' ' ORDER BY t.id) FROM api_tokens t WHERE t.org_id = @org_id AND t.made_by = @user_id::uuid),
           (SELECT string_agg(i.id::text, ' ' ORDER BY i.id) FROM invitations i
            WHERE i.org_id = @org_id AND i.invited_by = @user_id::uuid AND i.accepted_at IS NULL AND i.revoked_at IS NULL),
           (SELECT string_agg(DISTINCT mine.group_id::text, ' ' ORDER BY mine.group_id::text) FROM group_members mine
            JOIN group_members other ON other.org_id = mine.org_id AND other.group_id = mine.group_id AND other.role = 'admin' AND other.user_id <> mine.user_id
            JOIN memberships m ON m.org_id = other.org_id AND m.user_id = other.user_id AND m.status = 'active'
            WHERE mine.org_id = @org_id AND mine.user_id = @user_id::uuid AND mine.role = 'admin'),
           (SELECT string_agg(u.email || m.status || u.status, ' ' ORDER BY u.id) FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
            WHERE u.email = ANY (@emails::text[]))))::text AS seen;

-- name: ListOwned :many
-- What somebody owns, by name, with what contains it.
WITH matching AS MATERIALIZED (
    SELECT o.id, o.kind, o.name, o.parent_id, lower(o.name) AS sort_name FROM resources o
    WHERE o.org_id = @org_id AND o.owner_id = @user_id::uuid AND (@search::text = '' OR strpos(lower(o.name), lower(@search)) > 0)
), page AS MATERIALIZED (
    SELECT m.id, m.kind, m.name, m.parent_id, m.sort_name FROM matching m
    WHERE (m.sort_name, m.id) > (@after_name::text, @after_id::uuid) ORDER BY m.sort_name, m.id LIMIT @page_size
)
SELECT page.id, page.kind, page.name, page.sort_name, p.id AS parent_id, p.kind AS parent_kind, p.name AS parent_name,
       COALESCE(p.owner_id = @user_id::uuid, false)::boolean AS parent_too,
       (SELECT count(*) FROM matching) AS total,
       (SELECT count(*) FROM resources inside WHERE inside.org_id = @org_id AND inside.path @> ARRAY[page.id] AND inside.owner_id = @user_id::uuid
           AND inside.id <> page.id) AS inside
FROM page JOIN resources p ON p.org_id = @org_id AND p.id = page.parent_id
ORDER BY page.sort_name, page.id;

-- name: ListOwnedAmong :many
-- Those of some resources that somebody owns.
SELECT r.id, r.kind, r.name FROM resources r
WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid AND r.id = ANY (@ids::uuid[]) ORDER BY lower(r.name), r.id;

-- name: ListGroupsAmong :many
-- Those of some groups that somebody is an admin of.
SELECT g.id, g.name FROM group_members gm JOIN groups g ON g.org_id = gm.org_id AND g.id = gm.group_id
WHERE gm.org_id = @org_id AND gm.user_id = @user_id AND gm.role = 'admin' AND gm.group_id = ANY (@ids::uuid[]);

-- name: ListStaying :many
-- Those of some addresses that are active members'.
SELECT u.id, u.name, u.email FROM users u
JOIN memberships m ON m.org_id = @org_id AND m.user_id = u.id AND m.status = 'active'
WHERE u.email = ANY (@emails::text[]) AND u.status = 'active' AND u.id <> @user_id;

-- name: CountInherited :many
-- How many of somebody's resources come under each of some places: each under the nearest that contains it.
SELECT nearest.place::uuid AS place, count(*) AS resources
FROM (SELECT DISTINCT ON (r.id) r.id, step.id AS place
      FROM resources r
      CROSS JOIN LATERAL unnest(r.path) WITH ORDINALITY AS step (id, n)
      WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid AND step.id::uuid = ANY (@places::uuid[])
      ORDER BY r.id, step.n DESC) AS nearest
GROUP BY nearest.place;

-- name: GiveToHeirs :many
-- Each resource goes to the heir of the nearest place that contains it.
WITH heir AS (SELECT unnest(@places::uuid[]) AS place, unnest(@heirs::uuid[]) AS heir_id),
nearest AS (
    SELECT DISTINCT ON (r.id) r.id, heir.heir_id
    FROM resources r
    CROSS JOIN LATERAL unnest(r.path) WITH ORDINALITY AS step (id, n)
    JOIN heir ON heir.place = step.id::uuid
    WHERE r.org_id = @org_id AND r.owner_id = @user_id::uuid
    ORDER BY r.id, step.n DESC
)
UPDATE resources given SET owner_id = nearest.heir_id, acl_version = given.acl_version + 1
FROM nearest
WHERE given.org_id = @org_id AND given.id = nearest.id
RETURNING given.id, given.kind, given.name, given.owner_id;

-- name: ListGroupsToLeave :many
-- The groups that somebody is in directly, those that they leave without an active admin first.
SELECT g.id, g.name, alone.alone::boolean AS alone,
       (SELECT count(*) FROM group_members other WHERE other.org_id = gm.org_id AND other.group_id = gm.group_id AND other.user_id <> gm.user_id) AS others
FROM group_members gm
JOIN groups g ON g.org_id = gm.org_id AND g.id = gm.group_id
CROSS JOIN LATERAL (SELECT gm.role = 'admin' AND NOT EXISTS (
    SELECT FROM group_members other
    JOIN memberships m ON m.org_id = other.org_id AND m.user_id = other.user_id AND m.status = 'active'
    JOIN users u ON u.id = m.user_id AND u.status = 'active'
    WHERE other.org_id = gm.org_id AND other.group_id = gm.group_id AND other.role = 'admin' AND other.user_id <> gm.user_id) AS alone) AS alone
WHERE gm.org_id = @org_id AND gm.user_id = @user_id
ORDER BY alone.alone DESC, lower(g.name), g.id LIMIT @most;

-- name: ListGrantsToLeave :many
-- What was shared with somebody themselves, what ends first in front.
SELECT r.id, r.kind, r.name, g.role_id, role.name AS role_name, role.here AS role_here, role.project_id, g.expires_at
FROM grants g
JOIN resources r ON r.id = g.resource_id
JOIN roles role ON role.id = g.role_id
WHERE g.org_id = @org_id AND g.user_id = @user_id::uuid AND g.resource_kind <> 'organization'
ORDER BY g.expires_at NULLS LAST, lower(r.name), g.id LIMIT @most;

-- name: ListTokensToLeave :many
SELECT t.id, t.name, t.scopes, t.expires_at, t.last_used_at FROM api_tokens t
WHERE t.org_id = @org_id AND t.made_by = @user_id::uuid ORDER BY lower(t.name) LIMIT @most;

-- name: ListInvitationsToLeave :many
SELECT i.email FROM invitations i
WHERE i.org_id = @org_id AND i.invited_by = @user_id::uuid AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()
ORDER BY i.email LIMIT @most;

-- name: EndTokensOf :many
-- The tokens that somebody made end with their membership: nobody answers for them any more.
DELETE FROM api_tokens t WHERE t.org_id = @org_id AND t.made_by = @user_id::uuid
RETURNING t.id, t.name, t.scopes, t.made_by, t.created_at, t.expires_at, t.last_used_at;

-- name: RevokeInvitationsBy :many
-- What somebody invited goes with their membership.
UPDATE invitations SET revoked_at = now()
WHERE org_id = @org_id AND invited_by = @user_id::uuid AND accepted_at IS NULL AND revoked_at IS NULL
RETURNING id, email;
