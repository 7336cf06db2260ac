-- name: AddAPIToken :exec
INSERT INTO api_tokens (org_id, id, name, token_hash, scopes, made_by, expires_at)
VALUES (@org_id, @id, @name, @token_hash, @scopes, sqlc.narg(made_by), sqlc.narg(expires_at));

-- name: APITokenNameTaken :one
SELECT EXISTS (SELECT FROM api_tokens WHERE org_id = @org_id AND lower(name) = lower(@name))::boolean AS taken;

-- name: FindAPIToken :one
SELECT t.id, t.name, t.scopes, t.made_by, t.created_at, t.expires_at, t.last_used_at
FROM api_tokens t
WHERE t.org_id = @org_id AND t.id = @id;

-- name: ListAPITokens :many
-- The newest first. A token works while it has not expired and its maker, if it has one, may still make it.
SELECT t.id, t.name, t.scopes, t.made_by, t.created_at, t.expires_at, t.last_used_at,
       COALESCE(NULLIF(u.name, ''), u.email, '')::text AS maker_name,
       maker_may(t.made_by, t.org_id, @configure::bigint)::boolean AS maker_may
FROM api_tokens t
LEFT JOIN users u ON u.id = t.made_by
WHERE t.org_id = @org_id
ORDER BY t.created_at DESC, t.id DESC LIMIT 1000;

-- name: RemoveAPIToken :execrows
DELETE FROM api_tokens WHERE org_id = @org_id AND id = @id;

-- name: MarkAPITokenUsed :exec
-- At most one write a minute for each token.
UPDATE api_tokens SET last_used_at = now() WHERE token_hash = @token_hash AND token_unmarked(last_used_at);

-- name: FindService :one
-- A token by the hash of its secret, with who made it.
SELECT t.org_id, o.slug, t.id, t.name, t.scopes, t.made_by, t.created_at, t.expires_at, t.last_used_at,
       (t.expires_at IS NULL OR t.expires_at > now())::boolean AS lives,
       token_unmarked(t.last_used_at)::boolean AS unmarked,
       COALESCE(u.name, '')::text AS maker_name, COALESCE(u.email, '')::text AS maker_email
FROM api_tokens t
JOIN organizations o ON o.id = t.org_id
LEFT JOIN users u ON u.id = t.made_by
WHERE t.token_hash = @token_hash;
