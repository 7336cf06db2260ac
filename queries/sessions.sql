-- name: AddSession :one
-- Of whom is deactivated there is none, whichever way they came; nor after a password that is the account's no more.
INSERT INTO sessions (token_hash, user_id, address, agent, expires_at, own)
SELECT @token_hash, u.id, @address, @agent, now() + @absolute::interval, @own FROM users u
WHERE u.id = @user_id AND u.status = 'active'
  AND (@password_hash::text = '' OR EXISTS (SELECT FROM accounts a WHERE a.user_id = u.id AND a.password_hash = @password_hash))
RETURNING id;

-- name: FindSession :one
-- A session that is over, idle for too long, or of a deactivated user is none. Each time that somebody proves who they are
-- a new session begins, so its beginning is when they last did.
-- What a provider said counts while the organization asks it, and no longer than a session lasts there.
SELECT s.id, s.user_id, s.flash, s.last_seen_at, s.own, (s.own AND s.created_at > now() - @recent::interval)::boolean AS recent,
       through.slugs::text[] AS slugs, through.recent::boolean[] AS recently
FROM sessions s
JOIN users u ON u.id = s.user_id
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(o.slug ORDER BY o.slug), '{}') AS slugs,
           COALESCE(array_agg(COALESCE(sp.proven_at > now() - @recent::interval, false) ORDER BY o.slug), '{}') AS recent
    FROM session_providers sp
    JOIN providers p ON p.org_id = sp.provider AND p.enabled
    JOIN organizations o ON o.id = p.org_id
    LEFT JOIN sign_in_policies policy ON policy.org_id = p.org_id
    WHERE sp.session_id = s.id AND sp.at > now() - COALESCE(policy.absolute_hours * interval '1 hour', @absolute::interval)
) AS through
WHERE s.token_hash = @token_hash AND u.status = 'active'
  AND session_lives(s.user_id, s.created_at, s.last_seen_at, s.expires_at, @idle::interval);

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

-- name: ListSessions :many
-- The sessions of a person that still count, the one used last first.
SELECT s.id, s.address, s.agent, s.created_at, s.last_seen_at, s.own,
       EXISTS (SELECT FROM session_providers sp WHERE sp.session_id = s.id)::boolean AS through_provider
FROM sessions s
WHERE s.user_id = @user_id AND session_lives(s.user_id, s.created_at, s.last_seen_at, s.expires_at, @idle::interval)
ORDER BY s.last_seen_at DESC, s.id LIMIT 100;

-- name: EndSessionOf :execrows
DELETE FROM sessions WHERE user_id = @user_id AND id = @id;

-- name: EndOtherSessions :exec
-- All but one; all where that one is none of theirs.
DELETE FROM sessions WHERE user_id = @user_id AND id <> @id;

-- name: RotateSession :exec
UPDATE sessions SET token_hash = @token_hash WHERE user_id = @user_id AND id = @id;

-- name: AddHalfSignIn :exec
WITH over AS (DELETE FROM half_sign_ins h WHERE h.expires_at < now())
INSERT INTO half_sign_ins (token_hash, user_id, expires_at) VALUES (@token_hash, @user_id, now() + @lasts::interval);

-- name: FindHalfSignIn :one
SELECT u.id, u.name, u.email
FROM half_sign_ins h JOIN users u ON u.id = h.user_id
WHERE h.token_hash = @token_hash AND h.expires_at > now() AND u.status = 'active';

-- name: EndHalfSignIn :execrows
DELETE FROM half_sign_ins WHERE token_hash = @token_hash AND expires_at > now();

-- name: FindSignInPolicy :one
SELECT p.idle_hours, p.absolute_hours, p.second_factor FROM sign_in_policies p WHERE p.org_id = @org_id;

-- name: SetSignInPolicy :exec
INSERT INTO sign_in_policies (org_id, idle_hours, absolute_hours, second_factor)
VALUES (@org_id, @idle_hours, @absolute_hours, @second_factor)
ON CONFLICT (org_id) DO UPDATE SET idle_hours = EXCLUDED.idle_hours, absolute_hours = EXCLUDED.absolute_hours,
       second_factor = EXCLUDED.second_factor;

-- name: LockOrganizationsOf :many
-- The organizations in whose audit logs stands what an active member changes about their own account, locked in one order.
SELECT o.* FROM organizations o
WHERE o.id IN (SELECT m.org_id FROM memberships m WHERE m.user_id = @user_id AND m.status = 'active') AND waits_at_most()
ORDER BY o.id FOR UPDATE;

-- name: ListAPITokensOf :many
-- The tokens that a person made, in the organizations where they are an active member.
SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, o.slug, r.name AS organization,
       maker_may(t.made_by, t.org_id, @configure::bigint)::boolean AS maker_may
FROM api_tokens t
JOIN organizations o ON o.id = t.org_id
JOIN resources r ON r.id = o.id
JOIN memberships m ON m.org_id = t.org_id AND m.user_id = t.made_by AND m.status = 'active'
WHERE t.made_by = @user_id::uuid
ORDER BY lower(r.name), t.created_at DESC, t.id LIMIT 1000;
