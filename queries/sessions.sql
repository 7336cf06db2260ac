-- name: AddSession :one
INSERT INTO sessions (token_hash, user_id, address, agent, expires_at)
VALUES (@token_hash, @user_id, @address, @agent, now() + @absolute::interval)
RETURNING id;

-- name: FindSession :one
-- A session that is over, idle for too long, or of a deactivated user is none. Each time that somebody proves who they are
-- a new session begins, so its beginning is when they last did.
SELECT s.id, s.user_id, s.flash, s.last_seen_at, (s.created_at > now() - @recent::interval)::boolean AS recent
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.token_hash = @token_hash AND u.status = 'active'
  AND s.expires_at > now() AND s.last_seen_at > now() - @idle::interval;

-- name: TouchSession :exec
-- At most one write a minute for each session.
WITH seen AS (
    UPDATE sessions SET last_seen_at = now() WHERE id = @id AND last_seen_at < now() - interval '1 minute' RETURNING user_id
)
INSERT INTO accounts (user_id, last_seen_at) SELECT user_id, now() FROM seen
ON CONFLICT (user_id) DO UPDATE SET last_seen_at = now();

-- name: MarkSeen :exec
INSERT INTO accounts (user_id, last_seen_at) VALUES (@user_id, now())
ON CONFLICT (user_id) DO UPDATE SET last_seen_at = now();

-- name: SetFlash :exec
UPDATE sessions SET flash = @flash WHERE id = @id;

-- name: EndSession :exec
DELETE FROM sessions WHERE token_hash = @token_hash;

-- name: EndOldSessions :exec
DELETE FROM sessions WHERE user_id = @user_id AND (expires_at < now() OR last_seen_at < now() - @idle::interval);

-- name: AddSignInLink :exec
INSERT INTO sign_in_links (token_hash, user_id, reusable, expires_at) VALUES (@token_hash, @user_id, @reusable, now() + @lasts::interval);

-- name: FindSignInLink :one
SELECT u.id, u.name, u.email
FROM sign_in_links l JOIN users u ON u.id = l.user_id
WHERE l.token_hash = @token_hash AND l.expires_at > now() AND (l.reusable OR l.used_at IS NULL) AND u.status = 'active';

-- name: UseSignInLink :one
UPDATE sign_in_links l SET used_at = now()
FROM users u
WHERE l.token_hash = @token_hash AND l.expires_at > now() AND (l.reusable OR l.used_at IS NULL)
  AND u.id = l.user_id AND u.status = 'active'
RETURNING l.user_id;

-- name: ReplaceSetupToken :exec
WITH old AS (DELETE FROM setup_tokens WHERE token_hash <> @token_hash)
INSERT INTO setup_tokens (token_hash, expires_at) VALUES (@token_hash, now() + @lasts::interval);

-- name: FindSetupToken :one
SELECT count(*) FROM setup_tokens WHERE token_hash = @token_hash AND expires_at > now();

-- name: UseSetupToken :execrows
DELETE FROM setup_tokens WHERE token_hash = @token_hash AND expires_at > now();
