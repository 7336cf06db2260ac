-- Passkeys of a person's account (db/passkeys.go).

-- name: KeepPasskeyHandle :one
-- The handle that the person has, or the one that is given.
INSERT INTO passkey_handles (user_id, handle) VALUES (@user_id, @handle)
ON CONFLICT (user_id) DO UPDATE SET user_id = EXCLUDED.user_id RETURNING handle;

-- name: FindPasskeyOwner :one
-- A deactivated person is nobody's owner.
SELECT u.id, u.name, u.email, h.handle
FROM passkey_handles h JOIN users u ON u.id = h.user_id
WHERE h.handle = @handle AND u.status = 'active';

-- name: ListPasskeys :many
SELECT p.id, p.name, p.credential_id, p.public_key, p.sign_count, p.transports, p.backup_eligible, p.backed_up, p.created_at, p.last_used_at
FROM passkeys p WHERE p.user_id = @user_id ORDER BY p.created_at, p.id;

-- name: AddPasskey :execrows
INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, name)
VALUES (@user_id, @credential_id, @public_key, @sign_count, @transports::text[], @backup_eligible, @backed_up, @name)
ON CONFLICT (credential_id) DO NOTHING;

-- name: FindPasskey :one
SELECT p.id, p.name FROM passkeys p WHERE p.user_id = @user_id AND p.id = @id;

-- name: RenamePasskey :exec
UPDATE passkeys SET name = @name WHERE user_id = @user_id AND id = @id;

-- name: RemovePasskey :execrows
DELETE FROM passkeys WHERE user_id = @user_id AND id = @id;

-- name: RemovePasskeys :exec
DELETE FROM passkeys WHERE user_id = @user_id;

-- name: UsePasskey :execrows
-- A count that does not go up is what a copy of the key would send. Keys that keep no count always send 0. Of two answers
-- with one count, one finds it used.
UPDATE passkeys SET sign_count = @sign_count, backed_up = @backed_up, last_used_at = now()
WHERE user_id = @user_id AND id = @id AND (sign_count < @sign_count OR sign_count = 0 AND @sign_count = 0);

-- name: AddPasskeyChallenge :exec
WITH over AS (DELETE FROM passkey_challenges c WHERE c.expires_at < now())
INSERT INTO passkey_challenges (token_hash, purpose, user_id, asked, expires_at)
VALUES (@token_hash, @purpose, sqlc.narg(user_id), @asked, now() + @lasts::interval);

-- name: UsePasskeyChallenge :one
DELETE FROM passkey_challenges c
WHERE c.token_hash = @token_hash AND c.purpose = @purpose AND c.user_id IS NOT DISTINCT FROM sqlc.narg(user_id)::uuid AND c.expires_at > now()
RETURNING c.asked;
