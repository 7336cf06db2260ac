-- What an organization's identity provider reads and writes (db/provisioning*.go).

-- name: CountAllMembers :one
SELECT count(*) FROM memberships WHERE org_id = @org_id;

-- name: ListMembersByAge :many
-- A page of the members, the oldest first: how the provider pages is by number.
SELECT m.user_id FROM memberships m WHERE m.org_id = @org_id ORDER BY m.created_at, m.user_id LIMIT @page_size OFFSET @skip;

-- name: FindMemberIDByEmail :one
SELECT m.user_id FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id WHERE u.email = @email;

-- name: ListMemberIDsByExternalID :many
SELECT p.user_id FROM provisioned_members p WHERE p.org_id = @org_id AND p.external_id = @external_id AND p.external_id <> '';

-- name: ListProvisionedPeople :many
-- Members, as the provider sees them.
SELECT u.id, u.email, u.name, m.status, COALESCE(p.external_id, '')::text AS external_id, COALESCE(p.attributes, '{}')::jsonb AS attributes,
       (p.user_id IS NOT NULL)::boolean AS managed, m.created_at, GREATEST(m.valid_from, u.valid_from, p.changed_at)::timestamptz AS changed_at
FROM unnest(@ids::uuid[]) AS asked (id)
JOIN memberships m ON m.org_id = @org_id AND m.user_id = asked.id
JOIN users u ON u.id = m.user_id
LEFT JOIN provisioned_members p ON p.org_id = m.org_id AND p.user_id = m.user_id
ORDER BY m.created_at, m.user_id;

-- name: FindAccountStanding :one
-- What an account is to an organization, and whether others count on it: as a member, or with something shared.
SELECT u.id, u.email, u.name,
       EXISTS (SELECT FROM memberships m WHERE m.org_id = @org_id AND m.user_id = u.id)::boolean AS member,
       EXISTS (SELECT FROM provisioned_accounts a WHERE a.org_id = @org_id AND a.user_id = u.id)::boolean AS made_here,
       (EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.org_id <> @org_id)
        OR EXISTS (SELECT FROM grants g WHERE g.user_id = u.id AND g.org_id <> @org_id))::boolean AS elsewhere
FROM users u WHERE u.email = @email;

-- name: FindProvisioner :one
-- The organization that keeps somebody's account, if one does: it provisions them, and nobody else counts on the account.
SELECT r.name
FROM provisioned_members p
JOIN resources r ON r.id = p.org_id
WHERE p.user_id = @user_id AND provisions(p.org_id)
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = p.user_id AND m.org_id <> p.org_id)
  AND NOT EXISTS (SELECT FROM grants g WHERE g.user_id = p.user_id AND g.org_id <> p.org_id)
LIMIT 1;

-- name: AddProvisionedAccount :exec
INSERT INTO provisioned_accounts (org_id, user_id) VALUES (@org_id, @user_id) ON CONFLICT DO NOTHING;

-- name: SetProvisionedMember :exec
INSERT INTO provisioned_members (org_id, user_id, external_id, attributes, created_at, changed_at)
VALUES (@org_id, @user_id, @external_id, @attributes, change_time(), change_time())
ON CONFLICT (org_id, user_id) DO UPDATE SET external_id = EXCLUDED.external_id, attributes = EXCLUDED.attributes, changed_at = EXCLUDED.changed_at;

-- name: SetUserEmail :exec
UPDATE users SET email = @email WHERE id = @id;

-- name: ForgetPassword :exec
UPDATE accounts SET password_hash = '' WHERE user_id = @user_id;

-- name: ListOpenInvitationsTo :many
SELECT i.id, i.email FROM invitations i
WHERE i.org_id = @org_id AND i.email = @email AND i.accepted_at IS NULL AND i.revoked_at IS NULL;

-- name: FindHeirOf :one
-- Who takes over where nobody is asked: the one who made the token, or else the Admin who has been a member for longest.
SELECT u.email
FROM memberships m
JOIN users u ON u.id = m.user_id AND u.status = 'active'
WHERE m.org_id = @org_id AND m.status = 'active' AND m.user_id <> @leaving::uuid
  AND (m.user_id = sqlc.narg(maker)::uuid OR EXISTS (SELECT FROM active_admins a WHERE a.org_id = @org_id AND a.user_id = m.user_id))
ORDER BY (m.user_id = sqlc.narg(maker)::uuid) DESC NULLS LAST, m.created_at, m.user_id LIMIT 1;

-- name: CountProvisionedGroups :one
SELECT count(*) FROM provisioned_groups WHERE org_id = @org_id;

-- name: ListProvisionedGroupIDs :many
SELECT p.group_id FROM provisioned_groups p WHERE p.org_id = @org_id ORDER BY p.created_at, p.group_id LIMIT @page_size OFFSET @skip;

-- name: ListGroupIDsByExternalID :many
SELECT p.group_id FROM provisioned_groups p WHERE p.org_id = @org_id AND p.external_id = @external_id AND p.external_id <> '';

-- name: ListProvisionedGroups :many
SELECT g.id, g.name, g.description, p.external_id, p.version, p.created_at, GREATEST(p.changed_at, g.valid_from)::timestamptz AS changed_at
FROM provisioned_groups p
JOIN groups g ON g.id = p.group_id
WHERE p.org_id = @org_id AND p.group_id = ANY (@ids::uuid[])
ORDER BY p.created_at, p.group_id;

-- name: ListProvisionedGroupMembers :many
-- Who is directly in each of some groups, and what they are.
SELECT gm.group_id, gm.user_id AS id, 'user'::text AS type FROM group_members gm WHERE gm.org_id = @org_id AND gm.group_id = ANY (@groups::uuid[])
UNION ALL
SELECT n.group_id, n.member_group_id, 'group' FROM nested_groups n WHERE n.org_id = @org_id AND n.group_id = ANY (@groups::uuid[])
ORDER BY 1, 3 DESC, 2;

-- name: FindTypesOfIDs :many
-- Which ids are those of members, and which of groups that the provider keeps.
SELECT m.user_id AS id, 'user'::text AS type FROM memberships m WHERE m.org_id = @org_id AND m.user_id = ANY (@ids::uuid[])
UNION ALL
SELECT p.group_id, 'group' FROM provisioned_groups p WHERE p.org_id = @org_id AND p.group_id = ANY (@ids::uuid[]);

-- name: AddProvisionedGroup :exec
INSERT INTO provisioned_groups (org_id, group_id, external_id, created_at, changed_at) VALUES (@org_id, @group_id, @external_id, change_time(), change_time());

-- name: SetProvisionedGroup :exec
UPDATE provisioned_groups SET external_id = @external_id, version = version + 1, changed_at = change_time() WHERE org_id = @org_id AND group_id = @group_id;

-- name: AddProvisioningFailure :exec
-- The last 20 are kept.
WITH old AS (DELETE FROM provisioning_failures f WHERE f.org_id = @org_id
             AND f.id <= (SELECT late.id FROM provisioning_failures late WHERE late.org_id = @org_id ORDER BY late.id DESC OFFSET 19 LIMIT 1))
INSERT INTO provisioning_failures (org_id, request, status, detail, request_id) VALUES (@org_id, @request, @status, @detail, @request_id);

-- name: ListProvisioningFailures :many
SELECT f.at, f.request, f.status, f.detail, f.request_id FROM provisioning_failures f WHERE f.org_id = @org_id ORDER BY f.id DESC LIMIT 20;

-- name: Provisions :one
SELECT provisions(@org_id)::boolean AS provisions;

-- name: CountProvisioned :one
SELECT (SELECT count(*) FROM provisioned_members p WHERE p.org_id = @org_id) AS people,
       (SELECT count(*) FROM provisioned_groups g WHERE g.org_id = @org_id) AS groups;

-- name: LockUser :exec
-- Nobody becomes a member elsewhere, or is shared with from there, until the change ends.
SELECT FROM users WHERE id = @id FOR UPDATE;

-- name: AddProvisionedUser :exec
INSERT INTO users (id, email, name) VALUES (@id, @email, @name);
