-- Requests for access (db/access_requests.go). What a request is about is named only where the reader may know of it.

-- name: AddRequest :exec
INSERT INTO access_requests (org_id, id, user_id, asked_id, role, days, message, expires_at)
VALUES (@org_id, @id, @user_id, @asked_id, @role, @days, @message, @expires_at);

-- name: SetRequest :exec
UPDATE access_requests SET role = @role, days = @days, message = @message, version = version + 1, expires_at = @expires_at
WHERE org_id = @org_id AND id = @id AND status = 'open';

-- name: EndRequest :exec
UPDATE access_requests SET status = @status, decided_at = CASE WHEN @status::text = 'expired' THEN NULL ELSE now() END,
    decided_by = sqlc.narg(decided_by), decider_name = @decider_name, reason = @reason, given_role = @given_role, given_until = sqlc.narg(given_until)
WHERE org_id = @org_id AND id = @id AND status = 'open';

-- name: FindRequest :one
SELECT sqlc.embed(q), u.name AS user_name, u.email AS user_email, (m.status = 'active' AND u.status = 'active')::boolean AS active, now()::timestamptz AS read_at
FROM access_requests q
JOIN users u ON u.id = q.user_id
JOIN memberships m ON m.org_id = q.org_id AND m.user_id = q.user_id
WHERE q.org_id = @org_id AND q.id = @id;

-- name: FindLatestRequest :one
-- What somebody last asked for of this, open or not.
SELECT q.id FROM access_requests q
WHERE q.org_id = @org_id AND q.user_id = @user_id AND q.asked_id = @asked_id ORDER BY q.created_at DESC, q.id DESC LIMIT 1;

-- name: CountOpenRequests :one
SELECT count(*) FROM access_requests q WHERE q.org_id = @org_id AND q.user_id = @user_id AND q.status = 'open' AND q.expires_at > now();

-- name: CountAnswerableRequests :one
-- 50 at most: more is no number that a reader needs on every page.
SELECT count(*) FROM (SELECT q.id FROM answerable_requests(@org_id, @subject, @share, @members) AS q LIMIT 50) AS waiting;

-- name: ListAnswerableRequests :many
-- The oldest first, with what the person holds there already.
SELECT q.id, q.user_id, q.asked_id, q.role, q.days, q.message, q.version, q.created_at, q.expires_at, u.name AS user_name, u.email AS user_email,
       r.kind, r.name, (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(q.user_id, q.asked_id) AS p)::bigint AS held
FROM answerable_requests(@org_id, @subject, @share, @members) AS q
JOIN users u ON u.id = q.user_id
JOIN resources r ON r.org_id = q.org_id AND r.id = q.asked_id
WHERE (sqlc.narg(resource_id)::uuid IS NULL OR q.asked_id = sqlc.narg(resource_id)::uuid)
  AND (q.created_at, q.id) > (@after_time::timestamptz, @after_id::uuid)
ORDER BY q.created_at, q.id LIMIT @page_size;

-- name: ListEveryOpenRequest :many
-- For the operator, who may answer all.
SELECT q.id, q.user_id, q.asked_id, q.role, q.days, q.message, q.version, q.created_at, q.expires_at, u.name AS user_name, u.email AS user_email,
       r.kind, r.name, (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(q.user_id, q.asked_id) AS p)::bigint AS held
FROM access_requests q
JOIN users u ON u.id = q.user_id AND u.status = 'active'
JOIN memberships m ON m.org_id = q.org_id AND m.user_id = q.user_id AND m.status = 'active'
JOIN resources r ON r.org_id = q.org_id AND r.id = q.asked_id
WHERE q.org_id = @org_id AND q.status = 'open' AND q.expires_at > now()
  AND (q.created_at, q.id) > (@after_time::timestamptz, @after_id::uuid)
ORDER BY q.created_at, q.id LIMIT @page_size;

-- name: ListRequestsOf :many
-- What somebody asks for, and asked for lately.
SELECT q.id, q.asked_id, q.role, q.days, q.message, q.status, q.version, q.created_at, q.expires_at, q.decided_at, q.decider_name, q.reason, q.given_role, q.given_until,
       now()::timestamptz AS read_at, COALESCE(known.kind, '')::text AS kind, COALESCE(known.name, '')::text AS name
FROM access_requests q
LEFT JOIN LATERAL (
    SELECT r.kind, r.name FROM resources r
    WHERE r.org_id = q.org_id AND r.id = q.asked_id
      AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(q.user_id, r.id) AS p) & @discover::bigint <> 0) AS known ON true
WHERE q.org_id = @org_id AND q.user_id = @user_id AND (q.status = 'open' OR q.created_at > now() - interval '60 days')
ORDER BY q.status = 'open' DESC, q.created_at DESC, q.id DESC LIMIT @page_size;
