-- name: ForgetServiceAnswers :exec
-- Those older than a day, of one organization.
DELETE FROM service_answers WHERE org_id = @org_id AND made_at <= now() - interval '24 hours';

-- name: FindServiceAnswer :one
SELECT a.request_hash, a.answer FROM service_answers a WHERE a.org_id = @org_id AND a.token_id = @token_id AND a.key = @key;

-- name: AddServiceAnswer :exec
-- Where the change ended the token itself there is nobody to ask again.
INSERT INTO service_answers (org_id, token_id, key, request_hash, answer)
SELECT t.org_id, t.id, @key, @request_hash, @answer FROM api_tokens t WHERE t.org_id = @org_id AND t.id = @token_id;
