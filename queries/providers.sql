-- Organizations' single sign-on (db/providers.go, db/identities.go).

-- name: FindProvider :one
SELECT p.issuer, p.client_id, p.sealed, p.enabled, p.required, p.version,
       COALESCE(u.id::text, '')::text AS break_glass, COALESCE(u.name, '')::text AS name, COALESCE(u.email, '')::text AS email
FROM providers p LEFT JOIN users u ON u.id = p.break_glass
WHERE p.org_id = @org_id;

-- name: FindProviderBySlug :one
-- Where an organization's members sign in; nothing for one that has none, as for one that there is not.
SELECT o.id, o.slug, r.name, p.issuer, p.client_id, p.sealed
FROM providers p
JOIN organizations o ON o.id = p.org_id
JOIN resources r ON r.id = o.id
WHERE o.slug = @slug AND p.enabled;

-- name: ListProvidersOf :many
-- The organizations in which a known browser's account is an active member and can sign in through a provider.
SELECT o.slug
FROM known_devices d
JOIN users u ON u.id = d.user_id
JOIN memberships m ON m.user_id = u.id AND m.status = 'active'
JOIN providers p ON p.org_id = m.org_id AND p.enabled
JOIN organizations o ON o.id = p.org_id
WHERE d.token_hash = @token_hash AND d.expires_at > now() AND u.email = @email
ORDER BY o.slug LIMIT 20;

-- name: SetProvider :exec
INSERT INTO providers (org_id, issuer, client_id, sealed, enabled, required, break_glass)
VALUES (@org_id, @issuer, @client_id, @sealed, @enabled, @required, sqlc.narg(break_glass))
ON CONFLICT (org_id) DO UPDATE SET issuer = EXCLUDED.issuer, client_id = EXCLUDED.client_id, sealed = EXCLUDED.sealed,
       enabled = EXCLUDED.enabled, required = EXCLUDED.required, break_glass = EXCLUDED.break_glass, version = providers.version + 1;

-- name: LiftRequirement :exec
UPDATE providers SET required = false, version = version + 1 WHERE org_id = @org_id AND required;

-- name: ForgetWhatProviderSaid :exec
-- Sessions that nothing else stands for end.
WITH said AS (DELETE FROM session_providers sp WHERE sp.provider = @provider RETURNING sp.session_id),
     away AS (DELETE FROM departures d WHERE d.provider = @provider)
DELETE FROM sessions s USING said
WHERE s.id = said.session_id AND NOT s.own
  AND NOT EXISTS (SELECT FROM session_providers other WHERE other.session_id = s.id AND other.provider <> @provider);

-- name: ForgetWhatProviderSaidOf :exec
-- The same of one person.
WITH said AS (DELETE FROM session_providers sp USING sessions s
              WHERE s.id = sp.session_id AND s.user_id = @user_id AND sp.provider = @provider RETURNING sp.session_id)
DELETE FROM sessions s USING said
WHERE s.id = said.session_id AND NOT s.own
  AND NOT EXISTS (SELECT FROM session_providers other WHERE other.session_id = s.id AND other.provider <> @provider);

-- name: AddDeparture :exec
WITH over AS (DELETE FROM departures d WHERE d.expires_at < now())
INSERT INTO departures (token_hash, provider, next, again, expires_at) VALUES (@token_hash, @provider, @next, @again, now() + @lasts::interval);

-- name: UseDeparture :one
-- Once, however many come back with it.
DELETE FROM departures d WHERE d.token_hash = @token_hash AND d.provider = @provider AND d.expires_at > now() RETURNING d.next, d.again;

-- name: FindIdentity :one
SELECT i.user_id FROM identities i WHERE i.org_id = @org_id AND i.issuer = @issuer AND i.subject = @subject;

-- name: HasIdentity :one
SELECT EXISTS (SELECT FROM identities i WHERE i.org_id = @org_id AND i.issuer = @issuer AND i.user_id = @user_id)::boolean AS has;

-- name: AddIdentity :exec
INSERT INTO identities (org_id, issuer, subject, user_id) VALUES (@org_id, @issuer, @subject, @user_id);

-- name: ListIdentities :many
SELECT i.issuer, i.linked_at FROM identities i WHERE i.org_id = @org_id AND i.user_id = @user_id ORDER BY i.linked_at;

-- name: RemoveIdentities :execrows
DELETE FROM identities WHERE org_id = @org_id AND user_id = @user_id;

-- name: FindOpenInvitation :one
SELECT i.id, i.email, i.role_id, i.invited_by FROM invitations i
WHERE i.org_id = @org_id AND i.email = @email AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now();

-- name: AddProviderOfSession :exec
INSERT INTO session_providers (session_id, provider, proven_at) VALUES (@session_id, @provider, sqlc.narg(proven_at))
ON CONFLICT (session_id, provider) DO UPDATE SET at = now(), proven_at = COALESCE(EXCLUDED.proven_at, session_providers.proven_at);

-- name: CarryProviders :exec
-- What providers said of a session goes on to the one that the same person began in its place.
INSERT INTO session_providers (session_id, provider, at, proven_at)
SELECT begun.id, sp.provider, sp.at, sp.proven_at
FROM sessions old
JOIN sessions begun ON begun.user_id = old.user_id AND begun.token_hash = @begun
JOIN session_providers sp ON sp.session_id = old.id
WHERE old.token_hash = @old
ON CONFLICT (session_id, provider) DO NOTHING;
