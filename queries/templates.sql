-- name: ListTemplates :many
-- A project's rights templates by name, with how often each is given and how many people hold it through that.
SELECT t.id, t.name, t.here,
       (SELECT count(*) FROM grants g WHERE g.org_id = @org_id::uuid AND g.resource_id = @project_id::uuid AND g.role_id = t.id
        AND (g.expires_at IS NULL OR g.expires_at > now())) AS grants,
       (SELECT count(DISTINCT holder.id)
        FROM (SELECT g.user_id AS id, g.role_id, g.expires_at FROM grants g
              WHERE g.org_id = @org_id::uuid AND g.resource_id = @project_id::uuid AND g.user_id IS NOT NULL
            UNION ALL
              SELECT gm.user_id, g.role_id, g.expires_at FROM grants g
              JOIN group_ancestry a ON a.org_id = g.org_id AND a.ancestor_id = g.group_id
              JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
              WHERE g.org_id = @org_id::uuid AND g.resource_id = @project_id::uuid
            UNION ALL
              SELECT m.user_id, g.role_id, g.expires_at FROM grants g
              JOIN memberships m ON m.org_id = g.organization_id AND m.status = 'active'
              WHERE g.org_id = @org_id::uuid AND g.resource_id = @project_id::uuid) AS holder
        WHERE holder.role_id = t.id AND (holder.expires_at IS NULL OR holder.expires_at > now())) AS people,
       EXISTS (SELECT FROM grants g WHERE g.org_id = @org_id::uuid AND g.resource_id = @project_id::uuid AND g.role_id = t.id AND g.external)::boolean AS outside
FROM roles t
WHERE t.org_id = @org_id::uuid AND t.project_id = @project_id::uuid
  AND (sqlc.narg(id)::text IS NULL OR t.id = sqlc.narg(id)::text)
ORDER BY lower(t.name);

-- name: FindTemplateByName :one
SELECT t.id, t.name, t.here FROM roles t
WHERE t.org_id = @org_id::uuid AND t.project_id = @project_id::uuid AND lower(t.name) = lower(@name);

-- name: TemplateNameTaken :one
SELECT EXISTS (SELECT FROM roles t WHERE t.org_id = @org_id::uuid AND t.project_id = @project_id::uuid AND lower(t.name) = lower(@name)
               AND t.id <> @except_id)::boolean AS taken;

-- name: AddTemplate :exec
INSERT INTO roles (id, kind, name, org_id, project_id, here, below, below_modules, added_at_full_reach)
VALUES (@id, 'project', @name, @org_id::uuid, @project_id::uuid, @rights, @rights, @rights, 0);

-- name: SetTemplate :exec
UPDATE roles SET name = @name, here = @rights, below = @rights, below_modules = @rights WHERE org_id = @org_id::uuid AND id = @id;

-- name: DeleteTemplate :exec
DELETE FROM roles WHERE org_id = @org_id::uuid AND id = @id;
