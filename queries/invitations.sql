-- name: AddInvitation :one
INSERT INTO invitations (org_id, id, email, role_id, message, token_hash, invited_by, expires_at)
VALUES (@org_id, @id, @email, @role_id, @message, @token_hash, @invited_by, now() + @lasts::interval)
RETURNING expires_at;

-- name: AddInvitationGroup :exec
INSERT INTO invitation_groups (org_id, invitation_id, group_id) VALUES (@org_id, @invitation_id, @group_id);

-- name: FindInvitation :one
SELECT * FROM invitations WHERE org_id = @org_id AND id = @id;

-- name: FindInvitationByToken :one
SELECT i.org_id, i.id, i.email, i.role_id, i.message, i.expires_at, i.accepted_at, i.revoked_at, i.invited_by,
       (i.expires_at <= now())::boolean AS expired, o.slug, r.name AS org_name,
       EXISTS (SELECT FROM users known WHERE known.email = i.email)::boolean AS known, COALESCE(u.name, '')::text AS inviter_name, COALESCE(u.email, '')::text AS inviter_email
FROM invitations i
JOIN organizations o ON o.id = i.org_id
JOIN resources r ON r.id = i.org_id
LEFT JOIN users u ON u.id = i.invited_by
WHERE i.token_hash = @token_hash;

-- name: ListInvitationGroups :many
SELECT ig.group_id, g.name FROM invitation_groups ig JOIN groups g ON g.id = ig.group_id
WHERE ig.org_id = @org_id AND ig.invitation_id = @invitation_id ORDER BY lower(g.name);

-- name: InvitationStanding :one
-- Whether an address belongs to a member already, and whether it is invited already.
SELECT EXISTS (SELECT FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = @org_id AND u.email = @email)::boolean AS member,
       EXISTS (SELECT FROM invitations i WHERE i.org_id = @org_id AND i.email = @email
               AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now())::boolean AS pending;

-- name: RevokeExpiredInvitations :exec
-- An expired invitation makes room for a new one to the same address.
UPDATE invitations SET revoked_at = now()
WHERE org_id = @org_id AND email = @email AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= now();

-- name: RenewInvitation :one
UPDATE invitations SET token_hash = @token_hash, expires_at = now() + @lasts::interval, invited_by = @invited_by
WHERE org_id = @org_id AND id = @id AND accepted_at IS NULL AND revoked_at IS NULL
RETURNING expires_at;

-- name: RevokeInvitation :execrows
UPDATE invitations SET revoked_at = now() WHERE org_id = @org_id AND id = @id AND accepted_at IS NULL AND revoked_at IS NULL;

-- name: AcceptInvitation :execrows
UPDATE invitations SET accepted_at = now()
WHERE org_id = @org_id AND id = @id AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now();
