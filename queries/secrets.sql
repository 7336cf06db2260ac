-- name: FindSecret :one
SELECT sealed, changed_at FROM secrets WHERE org_id = @org_id AND resource_id = @resource_id;

-- name: SetSecret :exec
INSERT INTO secrets (org_id, resource_id, sealed) VALUES (@org_id, @resource_id, @sealed)
ON CONFLICT (org_id, resource_id) DO UPDATE SET sealed = EXCLUDED.sealed, changed_at = now();
