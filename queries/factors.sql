-- Second factors of a person's account (db/factors.go).

-- name: FindFactors :one
SELECT EXISTS (SELECT FROM totp_factors f WHERE f.user_id = @user_id::uuid AND f.confirmed_at IS NOT NULL)::boolean AS app,
       (SELECT count(*) FROM passkeys p WHERE p.user_id = @user_id::uuid) AS passkeys,
       (SELECT count(*) FROM recovery_codes c WHERE c.user_id = @user_id::uuid) AS recovery_codes;

-- name: HasSecondFactor :one
SELECT has_second_factor(@user_id::uuid)::boolean AS has;

-- name: FindTOTP :one
-- A setup that is not confirmed is over after an hour: nobody confirms a secret that somebody else saw long ago.
SELECT f.sealed, f.confirmed_at, f.last_step FROM totp_factors f
WHERE f.user_id = @user_id AND (f.confirmed_at IS NOT NULL OR f.created_at > now() - interval '1 hour');

-- name: StartTOTP :exec
-- A setup that was begun and not confirmed goes on with the secret that it has, for an hour.
INSERT INTO totp_factors AS f (user_id, sealed) VALUES (@user_id, @sealed)
ON CONFLICT (user_id) DO UPDATE SET sealed = EXCLUDED.sealed, last_step = 0, created_at = now()
WHERE f.confirmed_at IS NULL AND f.created_at <= now() - interval '1 hour';

-- name: ConfirmTOTP :execrows
UPDATE totp_factors SET confirmed_at = now() WHERE user_id = @user_id AND confirmed_at IS NULL;

-- name: UseTOTPStep :execrows
-- Of two requests with one code, one finds the step unused.
UPDATE totp_factors SET last_step = @step WHERE user_id = @user_id AND last_step < @step;

-- name: RemoveTOTP :execrows
DELETE FROM totp_factors WHERE user_id = @user_id;

-- name: RemoveRecoveryCodes :exec
DELETE FROM recovery_codes WHERE user_id = @user_id;

-- name: CountRecoveryCodes :one
SELECT count(*) FROM recovery_codes WHERE user_id = @user_id;

-- name: AddRecoveryCode :exec
INSERT INTO recovery_codes (user_id, code_hash) VALUES (@user_id, @code_hash);

-- name: UseRecoveryCode :execrows
DELETE FROM recovery_codes WHERE user_id = @user_id AND code_hash = @code_hash;
