-- name: AddOrganization :exec
INSERT INTO organizations (id, slug) VALUES (@id, @slug);

-- name: FindOrganization :one
SELECT o.*, r.name FROM organizations o JOIN resources r ON r.id = o.id WHERE o.id = @id;

-- name: FindPolicy :one
SELECT o.* FROM organizations o WHERE o.id = @id;

-- name: FindOrganizationBySlug :one
SELECT o.id, o.slug, r.name FROM organizations o JOIN resources r ON r.id = o.id WHERE o.slug = @slug;

-- name: FindStanding :one
-- What a person is in an organization: everything that the frame around each page asks about.
SELECT o.id, o.slug, r.name, o.default_mode, o.default_role, o.widest_mode, o.external_sharing, o.full_reach,
       COALESCE(m.status = 'active', false)::boolean AS member,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(sqlc.narg(user_id)::uuid, o.id) AS p), 0)::bigint AS rights,
       EXISTS (SELECT FROM group_members gm WHERE gm.org_id = o.id AND gm.user_id = sqlc.narg(user_id)::uuid
               AND gm.role = 'admin' AND m.status = 'active')::boolean AS group_admin,
       COALESCE((SELECT p.second_factor FROM sign_in_policies p WHERE p.org_id = o.id) AND m.status = 'active', false)::boolean AS asks_factor,
       COALESCE(has_second_factor(m.user_id), false)::boolean AS has_factor,
       COALESCE(sso.required AND m.status = 'active', false)::boolean AS asks_provider,
       COALESCE(sso.break_glass = m.user_id, false)::boolean AS break_glass
FROM organizations o
JOIN resources r ON r.id = o.id
LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = sqlc.narg(user_id)::uuid
LEFT JOIN providers sso ON sso.org_id = o.id
WHERE o.slug = @slug;

-- name: ListOrganizationsOf :many
SELECT o.id, o.slug, r.name, COALESCE(g.role_id, '')::text AS role_id
FROM memberships m
JOIN organizations o ON o.id = m.org_id
JOIN resources r ON r.id = o.id
LEFT JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
WHERE m.user_id = @user_id AND m.status = 'active'
ORDER BY lower(r.name), o.id;
