-- name: FindFile :one
SELECT name, blob, size, sha256, changed_at FROM files WHERE org_id = @org_id AND resource_id = @resource_id;

-- name: ListFiles :many
SELECT resource_id, name, size, changed_at FROM files WHERE org_id = @org_id AND resource_id = ANY (@resources::uuid[]);

-- name: SetFile :exec
INSERT INTO files (org_id, resource_id, name, blob, size, sha256) VALUES (@org_id, @resource_id, @name, @blob, @size, @sha256)
ON CONFLICT (org_id, resource_id) DO UPDATE
SET name = EXCLUDED.name, blob = EXCLUDED.blob, size = EXCLUDED.size, sha256 = EXCLUDED.sha256, changed_at = now();

-- name: ReserveBlob :exec
-- Before its bytes are written. What nobody claims within a day was cut off.
INSERT INTO unclaimed_blobs (blob, remove_after) VALUES (@blob, now() + interval '1 day');

-- name: ClaimBlob :execrows
-- In the transaction that makes a row point at it. None where it was removed in the meantime.
DELETE FROM unclaimed_blobs WHERE blob = @blob;

-- name: AbandonBlob :execrows
-- None where the transaction that claimed it was committed after all.
UPDATE unclaimed_blobs SET remove_after = now() WHERE blob = @blob;

-- name: ListUnclaimedBlobs :many
SELECT blob FROM unclaimed_blobs WHERE remove_after <= now() ORDER BY remove_after LIMIT 100;

-- name: ForgetBlob :exec
DELETE FROM unclaimed_blobs WHERE blob = @blob;
