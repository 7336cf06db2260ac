-- name: ListAuditEvents :many
-- The newest first; before is the number of the last event of the page before, or NULL.
SELECT e.seq, e.at, e.actor_id, e.actor_name, e.via, e.action, e.target_type, e.target_id, e.target_name,
       e.subject_type, e.subject_id, e.subject_name, e.before, e.after, e.address, e.request_id
FROM audit_events e
WHERE e.org_id = @org_id
  AND (sqlc.narg(before_seq)::bigint IS NULL OR e.seq < sqlc.narg(before_seq)::bigint)
  AND (sqlc.narg(about_id)::uuid IS NULL OR e.target_id = sqlc.narg(about_id)::uuid OR e.subject_id = sqlc.narg(about_id)::uuid
       OR e.actor_id = sqlc.narg(about_id)::uuid)
  AND (@action::text = '' OR e.action = @action OR starts_with(e.action, @action || '.'))
  AND (@search::text = '' OR strpos(lower(e.target_name), lower(@search)) > 0 OR strpos(lower(e.subject_name), lower(@search)) > 0
       OR strpos(lower(e.actor_name), lower(@search)) > 0)
ORDER BY e.seq DESC LIMIT @page_size;

-- name: ListAuditChain :many
SELECT e.seq, e.hash, audit_hash(COALESCE(lag(e.hash) OVER (ORDER BY e.seq), ''), e)::bytea AS expected
FROM audit_events e
WHERE e.org_id = @org_id
ORDER BY e.seq;

-- name: FindAuditHead :one
SELECT seq, hash FROM audit_heads WHERE org_id = @org_id;

-- name: ListAuditHeads :many
SELECT h.org_id, o.slug, h.seq, h.hash FROM audit_heads h JOIN organizations o ON o.id = h.org_id ORDER BY o.slug;

-- name: FindAuditHash :one
SELECT e.hash FROM audit_events e WHERE e.org_id = @org_id AND e.seq = @seq;

-- name: ListExisting :many
-- What of these ids has a page in the organization: its members, groups and resources, and people outside whom a grant names.
SELECT m.user_id AS id, 'user'::text AS type FROM memberships m WHERE m.org_id = @org_id AND m.user_id = ANY (@ids::uuid[])
UNION ALL
SELECT g.id, 'group' FROM groups g WHERE g.org_id = @org_id AND g.id = ANY (@ids::uuid[])
UNION ALL
SELECT r.id, r.kind FROM resources r WHERE r.org_id = @org_id AND r.id = ANY (@ids::uuid[])
UNION ALL
SELECT u.id, 'outsider' FROM users u
WHERE u.id = ANY (@ids::uuid[]) AND EXISTS (SELECT FROM grants g WHERE g.org_id = @org_id AND g.user_id = u.id)
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = @org_id AND m.user_id = u.id);
