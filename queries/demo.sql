-- name: StartDemo :execrows
-- Only in a database that holds nobody yet.
INSERT INTO demo (loaded) SELECT false WHERE NOT EXISTS (SELECT FROM users) ON CONFLICT DO NOTHING;

-- name: FinishDemo :exec
UPDATE demo SET loaded = true;

-- name: FindDemo :one
SELECT loaded FROM demo;
