-- name: ListModules :many
-- The modules that the subject may know of, by name, with how much lies in each and how many were given a role there. Anyway
-- is what they hold without being given it: nothing, but for the operator, who is no subject, all.
WITH matching AS (
    SELECT r.id, r.key, r.name, r.description, lower(r.name)::text AS sort_name, held.rights
    FROM resources r
    CROSS JOIN LATERAL (SELECT COALESCE(bit_or(p.rights), 0) | @anyway::bigint AS rights FROM access_paths(sqlc.narg(subject)::uuid, r.id) AS p) AS held
    WHERE r.org_id = @org_id AND r.kind = 'module' AND held.rights & @discover::bigint <> 0
      AND (@search::text = '' OR strpos(lower(r.name), lower(@search)) > 0)
)
SELECT m.id, m.key, m.name, m.description, m.sort_name, m.rights::bigint AS rights, (SELECT count(*) FROM matching) AS total,
       (SELECT count(*) FROM resources inside WHERE inside.org_id = @org_id AND inside.parent_id = m.id) AS inside,
       (SELECT count(*) FROM grants g WHERE g.org_id = @org_id AND g.resource_id = m.id AND g.user_id IS NOT NULL
        AND (g.expires_at IS NULL OR g.expires_at > now())) AS people,
       (SELECT count(*) FROM grants g WHERE g.org_id = @org_id AND g.resource_id = m.id AND g.group_id IS NOT NULL
        AND (g.expires_at IS NULL OR g.expires_at > now())) AS groups
FROM (SELECT matching.* FROM matching
      WHERE (matching.sort_name, matching.id) > (@after_name::text, @after_id::uuid)
      ORDER BY matching.sort_name, matching.id LIMIT @page_size) AS m
ORDER BY m.sort_name, m.id;

-- name: ManagesAModule :one
-- Whether the subject manages the people of any module.
SELECT EXISTS (SELECT FROM resources r WHERE r.org_id = @org_id AND r.kind = 'module'
               AND (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(@subject::uuid, r.id) AS p) & @members::bigint <> 0)::boolean AS manages;
