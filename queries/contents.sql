-- name: FindContent :one
SELECT fields FROM contents WHERE org_id = @org_id AND resource_id = @resource_id;

-- name: SetContent :exec
INSERT INTO contents (org_id, resource_id, resource_kind, fields) VALUES (@org_id, @resource_id, @resource_kind, @fields)
ON CONFLICT (org_id, resource_id) DO UPDATE SET fields = EXCLUDED.fields;

-- name: FindIDByKey :one
SELECT id FROM resources WHERE org_id = @org_id AND kind = @kind AND key = @key;
