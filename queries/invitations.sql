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

-- name: ListInvitedToResource :many
-- The open invitations whose groups let open a resource, the first by address, and how many there are: a row for each group with
-- a grant there or on what contains it, as far as the places are among these.
WITH given AS MATERIALIZED (
    SELECT g.group_id, g.resource_id AS place_id, role.id AS role_id, role.name AS role_name, role.here AS role_here, role.project_id
    FROM resources r
    JOIN organizations o ON o.id = r.org_id
    JOIN resources place ON place.id = ANY (r.path) AND place.id = ANY (@places::uuid[])
    -- by role: the organization has a grant for each member, of roles that reach nothing below it, which are not even read
    CROSS JOIN LATERAL (SELECT * FROM roles known WHERE known.kind = place.kind AND (known.project_id IS NULL OR known.project_id = place.id)
                        AND reach(known, place.kind, r.kind, o.full_reach) & @view::bigint <> 0 OFFSET 0) AS role
    CROSS JOIN LATERAL (SELECT * FROM grants known WHERE known.org_id = r.org_id AND known.resource_id = place.id AND known.role_id = role.id
                        AND known.group_id IS NOT NULL AND (known.expires_at IS NULL OR known.expires_at > now()) OFFSET 0) AS g
    WHERE r.org_id = @org_id AND r.id = @id
), invited AS MATERIALIZED (
    SELECT i.id, i.email, i.expires_at
    FROM invitations i
    WHERE i.org_id = @org_id AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now() AND EXISTS (SELECT FROM given)
      AND EXISTS (SELECT FROM invitation_groups ig
                  JOIN group_ancestry a ON a.org_id = ig.org_id AND a.descendant_id = ig.group_id
                  WHERE ig.org_id = @org_id AND ig.invitation_id = i.id AND a.ancestor_id IN (SELECT given.group_id FROM given))
)
SELECT i.id, i.email, i.expires_at, gr.id AS group_id, gr.name AS group_name, through.role_id, through.role_name, through.role_here, through.project_id,
       (SELECT count(*) FROM invited)::bigint AS total
FROM (SELECT * FROM invited ORDER BY email LIMIT @page_size) AS i
CROSS JOIN LATERAL (SELECT DISTINCT given.* FROM invitation_groups ig
                    JOIN group_ancestry a ON a.org_id = ig.org_id AND a.descendant_id = ig.group_id
                    JOIN given ON given.group_id = a.ancestor_id
                    WHERE ig.org_id = @org_id AND ig.invitation_id = i.id) AS through
JOIN groups gr ON gr.org_id = @org_id AND gr.id = through.group_id
ORDER BY i.email, lower(gr.name), gr.id;
