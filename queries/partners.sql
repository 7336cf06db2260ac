-- name: ListOrganizationsToCreateIn :many
-- Where a user may create a project: the organizations with a module in which they hold the right.
SELECT o.id, o.slug, r.name
FROM memberships m
JOIN organizations o ON o.id = m.org_id
JOIN resources r ON r.id = o.id
WHERE m.user_id = @user_id AND m.status = 'active'
  AND EXISTS (SELECT FROM resources module WHERE module.org_id = o.id AND module.kind = 'module'
              AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(@user_id, module.id) AS p) & @create_right::bigint <> 0)
ORDER BY lower(r.name), o.id;

-- name: ListSharedFromOutside :many
-- What organizations in which a user is no active member granted to them, or to an organization of theirs, as far as they
-- can open it.
SELECT r.id, r.kind, r.name, o.slug AS org_slug, home.name AS org_name, held.rights::bigint AS rights
FROM (SELECT DISTINCT g.resource_id FROM grants g
      WHERE g.external AND (g.expires_at IS NULL OR g.expires_at > now())
        AND (g.principal_id = @user_id::uuid
             OR g.principal_id IN (SELECT m.org_id FROM memberships m WHERE m.user_id = @user_id::uuid AND m.status = 'active'))
      LIMIT 1000) AS shared
JOIN resources r ON r.id = shared.resource_id
JOIN organizations o ON o.id = r.org_id
JOIN resources home ON home.id = r.org_id
CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) AS rights FROM access_paths(@user_id::uuid, r.id) AS p) AS held
WHERE held.rights & @view::bigint <> 0
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.org_id = r.org_id AND m.user_id = @user_id::uuid AND m.status = 'active')
ORDER BY lower(home.name), o.slug, lower(r.name), r.id LIMIT 200;
