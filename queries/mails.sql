-- Mail that waits, was sent, or could not be (db/mails.go).

-- name: AddMail :execrows
INSERT INTO mails (id, org_id, kind, email, user_id, about_id, facts, link, once)
VALUES (@id, sqlc.narg(org_id), @kind, @email, sqlc.narg(user_id), sqlc.narg(about_id), @facts, sqlc.narg(link), sqlc.narg(once))
ON CONFLICT (once) DO NOTHING;

-- name: FindMail :one
SELECT m.id, m.org_id, m.kind, m.email, m.user_id, m.about_id, m.facts, m.link, m.state,
       COALESCE(o.slug, '')::text AS slug, COALESCE(r.name, '')::text AS org_name,
       COALESCE(u.name, '')::text AS user_name, COALESCE(u.email, '')::text AS user_email, COALESCE(u.status, '')::text AS user_status,
       COALESCE(ms.status, '')::text AS member_status
FROM mails m
LEFT JOIN organizations o ON o.id = m.org_id
LEFT JOIN resources r ON r.id = m.org_id
LEFT JOIN users u ON u.id = m.user_id
LEFT JOIN memberships ms ON ms.org_id = m.org_id AND ms.user_id = m.user_id
WHERE m.id = @id;

-- name: EndMail :exec
UPDATE mails SET state = @state, problem = @problem, attempts = attempts + @tried::integer, link = NULL, ended_at = now()
WHERE id = @id AND state = 'waiting';

-- name: NoteMailProblem :exec
UPDATE mails SET problem = @problem, attempts = attempts + 1 WHERE id = @id AND state = 'waiting';

-- name: ListMails :many
SELECT m.id, m.kind, m.email, m.state, m.attempts, m.problem, m.created_at, m.ended_at
FROM mails m WHERE m.org_id = @org_id::uuid ORDER BY m.created_at DESC, m.id LIMIT @page_size;

-- name: CountMails :one
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'sent') AS sent,
       count(*) FILTER (WHERE state = 'failed') AS failed
FROM mails WHERE org_id = @org_id::uuid;

-- name: ForgetOldMails :exec
-- What is about an account goes after a day, what an organization sent after a quarter of a year.
DELETE FROM mails WHERE ended_at < now() - (CASE WHEN org_id IS NULL THEN interval '1 day' ELSE interval '90 days' END);

-- name: FindEndOfGrant :one
SELECT expires_at FROM grants WHERE org_id = @org_id AND id = @id;

-- name: AddDemoMail :exec
INSERT INTO demo_mails (id, email, subject, plain, html) VALUES (@id, @email, @subject, @plain, @html) ON CONFLICT (id) DO NOTHING;

-- name: ListDemoMails :many
SELECT id, email, subject, created_at FROM demo_mails ORDER BY created_at DESC, id LIMIT 200;

-- name: FindDemoMail :one
SELECT id, email, subject, plain, html, created_at FROM demo_mails WHERE id = @id;

-- name: ListEndingGrants :many
-- The grants of people that end soon and that nobody was warned of.
SELECT g.org_id, g.id, g.user_id::uuid AS user_id, g.resource_id, g.expires_at, r.id AS role_id, r.name AS role_name, r.here AS role_here, r.project_id
FROM grants g
JOIN roles r ON r.id = g.role_id
WHERE g.user_id IS NOT NULL AND g.resource_kind <> 'organization' AND g.expires_at > now() AND g.expires_at <= now() + @warning::interval
  AND NOT EXISTS (SELECT FROM mails m WHERE m.once = 'ending ' || g.id || ' ' || to_char(g.expires_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS.US'))
ORDER BY g.expires_at, g.id LIMIT 500;
