-- name: FindUserByEmail :one
SELECT u.id, u.name, u.email, u.status, COALESCE(a.password_hash, '')::text AS password_hash
FROM users u LEFT JOIN accounts a ON a.user_id = u.id
WHERE u.email = @email;

-- name: FindUser :one
SELECT u.id, u.name, u.email, u.status, COALESCE(a.theme, 'system')::text AS theme
FROM users u LEFT JOIN accounts a ON a.user_id = u.id
WHERE u.id = @id;

-- name: CountUsers :one
SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS any_user;

-- name: AddUser :one
INSERT INTO users (email, name) VALUES (@email, @name) RETURNING id;

-- name: RenameUser :exec
UPDATE users SET name = @name WHERE id = @id;

-- name: ActivateUser :exec
UPDATE users SET status = 'active' WHERE id = @id AND status <> 'active';

-- name: SetPassword :exec
INSERT INTO accounts (user_id, password_hash) VALUES (@user_id, @password_hash)
ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash;

-- name: SetTheme :exec
INSERT INTO accounts (user_id, theme) VALUES (@user_id, @theme)
ON CONFLICT (user_id) DO UPDATE SET theme = EXCLUDED.theme;
