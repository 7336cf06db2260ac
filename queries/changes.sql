-- The first statements of every change, and its audit event (db/change.go).

-- name: LockOrganization :one
-- The lock that every change takes first: with it, nothing that the change counts can move.
SELECT * FROM organizations WHERE id = @id AND waits_at_most() FOR UPDATE;

-- name: StartChange :one
-- One instant for all rows of the change, read after the lock was taken.
SELECT set_config('gatehouse.change_time', clock_timestamp()::text, true)::timestamptz::timestamptz AS at, now()::timestamptz AS decided_at;

-- name: FindActor :one
SELECT u.id, u.name, u.email, (u.status = 'active')::boolean AS active, COALESCE(m.status = 'active', false)::boolean AS member,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(u.id, @org_id) AS p), 0)::bigint AS rights
FROM users u
LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
WHERE u.id = @user_id;

-- name: AddAuditEvent :exec
-- The trigger audit_chain fills in number, time and hash.
INSERT INTO audit_events (org_id, seq, at, actor_id, actor_name, via, action, target_type, target_id, target_name,
                          subject_type, subject_id, subject_name, before, after, address, request_id, hash)
VALUES (@org_id, 0, now(), @actor_id, @actor_name, @via, @action, @target_type, @target_id, @target_name,
        @subject_type, @subject_id, @subject_name, @before, @after, @address, @request_id, '');
