-- Forgotten and changed passwords, and guesses at them (db/passwords.go, db/guesses.go).

-- name: AddResetRequest :exec
INSERT INTO reset_requests (email, address) VALUES (@email, @address);

-- name: CountResetRequests :one
SELECT (SELECT count(*) FROM reset_requests r WHERE r.email = @email AND r.at > now() - interval '1 hour') AS of_account,
       (SELECT count(*) FROM reset_requests r WHERE r.address = @address AND r.at > now() - interval '1 hour') AS of_address;

-- name: ForgetOldResets :exec
WITH requests AS (DELETE FROM reset_requests WHERE at < now() - interval '1 day'), devices AS (DELETE FROM known_devices WHERE expires_at < now()),
     failures AS (DELETE FROM sign_in_failures WHERE at < now() - interval '1 day')
DELETE FROM password_resets WHERE expires_at < now();

-- name: AddReset :exec
INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES (@token_hash, @user_id, now() + @lasts::interval);

-- name: FindReset :one
SELECT u.id, u.name, u.email FROM password_resets p JOIN users u ON u.id = p.user_id
WHERE p.token_hash = @token_hash AND p.expires_at > now() AND u.status = 'active';

-- name: UseReset :one
-- Once, however many try: the row goes.
WITH used AS (DELETE FROM password_resets p WHERE p.token_hash = @token_hash AND p.expires_at > now() RETURNING p.user_id)
SELECT u.id, u.name, u.email FROM used JOIN users u ON u.id = used.user_id WHERE u.status = 'active';

-- name: ForgetWaysIn :exec
-- Every way in that a reset closes: sessions, links, browsers that the account knows, and what was got wrong.
WITH resets AS (DELETE FROM password_resets p WHERE p.user_id = @user_id), links AS (DELETE FROM sign_in_links l WHERE l.user_id = @user_id),
     steps AS (DELETE FROM half_sign_ins h WHERE h.user_id = @user_id),
     devices AS (DELETE FROM known_devices d WHERE d.user_id = @user_id),
     failures AS (DELETE FROM sign_in_failures f USING users u WHERE u.id = @user_id AND f.email = u.email)
DELETE FROM sessions s WHERE s.user_id = @user_id;

-- name: ForgetResets :exec
-- And who is between the password until now and the second step.
WITH steps AS (DELETE FROM half_sign_ins h WHERE h.user_id = @user_id)
DELETE FROM password_resets p WHERE p.user_id = @user_id;

-- name: ListTokensOf :many
-- The API tokens that somebody made, by organization.
SELECT t.org_id, t.id FROM api_tokens t WHERE t.made_by = @user_id::uuid ORDER BY t.org_id, t.id;

-- name: AddKnownDevice :exec
INSERT INTO known_devices (token_hash, user_id, expires_at) VALUES (@token_hash, @user_id, now() + @lasts::interval);

-- name: KeepKnownDevice :execrows
UPDATE known_devices SET expires_at = now() + @lasts::interval WHERE token_hash = @token_hash AND user_id = @user_id;

-- name: IsKnownDevice :one
SELECT EXISTS (SELECT FROM known_devices d JOIN users u ON u.id = d.user_id
               WHERE d.token_hash = @token_hash AND d.expires_at > now() AND u.email = @email)::boolean AS known;

-- name: AddSignInAttempt :exec
-- Every attempt counts as failed until it succeeds, so that many at once are counted too.
INSERT INTO sign_in_failures (email, address, device) VALUES (@email, @address, sqlc.narg(device));

-- name: CountSignInFailures :one
-- In the last hour: those of a browser that the account knows, or else the larger of the account's and the address's.
SELECT (CASE WHEN sqlc.narg(device)::bytea IS NOT NULL
    THEN (SELECT count(*) FROM sign_in_failures f WHERE f.device = sqlc.narg(device)::bytea AND f.at > now() - interval '1 hour')
    ELSE GREATEST((SELECT count(*) FROM sign_in_failures f WHERE f.email = @email AND f.device IS NULL AND f.at > now() - interval '1 hour'),
                  (SELECT count(*) FROM sign_in_failures f WHERE f.address = @address AND f.device IS NULL AND f.at > now() - interval '1 hour'))
    END)::bigint AS failures;

-- name: ForgetSignInFailures :exec
-- After a right password the count of those like it starts anew: a success in a known browser gives strangers no more tries.
DELETE FROM sign_in_failures f WHERE f.email = @email AND f.device IS NOT DISTINCT FROM sqlc.narg(device)::bytea;
