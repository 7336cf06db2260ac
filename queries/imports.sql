-- Imports (db/imports.go). Lines go by COPY into temporary tables of these names (migrations/0009_imports.sql). Each
-- FindImported… reads one page of lines together with what is there already, for package access to judge; what it
-- allows goes into the tables by imports_applied.sql.

-- name: StartImport :exec
SELECT start_import(), set_config('plan_cache_mode', 'auto', true);

-- name: AnalyzeImport :exec
SELECT analyze_import();

-- name: StageOrganizations :copyfrom
INSERT INTO import_organizations (line, said, slug, name) VALUES (@line, @said, @slug, @name);

-- name: StageUsers :copyfrom
INSERT INTO import_users (line, said, email, name, status) VALUES (@line, @said, @email, @name, @status);

-- name: StageMembers :copyfrom
INSERT INTO import_members (line, said, organization, email, role, status) VALUES (@line, @said, @organization, @email, @role, @status);

-- name: StageGroups :copyfrom
INSERT INTO import_groups (line, said, organization, name, description) VALUES (@line, @said, @organization, @name, @description);

-- name: StageGroupMembers :copyfrom
INSERT INTO import_group_members (line, said, organization, group_name, email, role) VALUES (@line, @said, @organization, @group_name, @email, @role);

-- name: StageNestedGroups :copyfrom
INSERT INTO import_nested_groups (line, said, organization, group_name, member_name) VALUES (@line, @said, @organization, @group_name, @member_name);

-- name: StageResources :copyfrom
INSERT INTO import_resources (line, said, place, organization, kind, key, name, description, parent_kind, parent_key, owner, access_mode, org_role)
VALUES (@line, @said, @place, @organization, @kind, @key, @name, @description, @parent_kind, @parent_key, @owner, @access_mode, @org_role);

-- name: StageTemplates :copyfrom
INSERT INTO import_templates (line, said, organization, project, name, rights) VALUES (@line, @said, @organization, @project, @name, @rights);

-- name: StageGrants :copyfrom
INSERT INTO import_grants (line, said, organization, kind, key, email, group_name, grantee, role, template, expires_at, ends)
VALUES (@line, @said, @organization, @kind, @key, @email, @group_name, @grantee, @role, @template, @expires_at, @ends);

-- name: ListImportRepeats :many
-- Lines about what an earlier line is about; same where they are the same text.
WITH keyed (line, said, first, first_said) AS (
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_organizations WINDOW w AS (PARTITION BY slug ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_users WINDOW w AS (PARTITION BY email ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_members WINDOW w AS (PARTITION BY organization, email ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_groups WINDOW w AS (PARTITION BY organization, lower(name) ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_group_members
    WINDOW w AS (PARTITION BY organization, lower(group_name), email ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_nested_groups
    WINDOW w AS (PARTITION BY organization, lower(group_name), lower(member_name) ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_resources WINDOW w AS (PARTITION BY organization, kind, key ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_templates
    WINDOW w AS (PARTITION BY organization, project, lower(name) ORDER BY line)
  UNION ALL
    SELECT line, said, first_value(line) OVER w, first_value(said) OVER w FROM import_grants
    WINDOW w AS (PARTITION BY organization, kind, key, email, lower(group_name), grantee, role, lower(template) ORDER BY line)
)
SELECT line::bigint AS line, first::bigint AS first, (said = first_said)::boolean AS same FROM keyed WHERE line <> first;

-- name: LockImportedOrganizations :many
-- The lock that every change takes first, for all organizations that the file names or whose people it may change, and
-- for the only one on a server, which records accounts that are in none. One statement, in the order of ids.
WITH named AS (
    SELECT slug FROM import_organizations
    UNION SELECT organization FROM import_members
    UNION SELECT organization FROM import_groups
    UNION SELECT organization FROM import_group_members
    UNION SELECT organization FROM import_nested_groups
    UNION SELECT organization FROM import_resources
    UNION SELECT organization FROM import_templates
    UNION SELECT organization FROM import_grants
)
SELECT sqlc.embed(o), (o.slug IN (SELECT slug FROM named))::boolean AS named
FROM organizations o
WHERE o.slug IN (SELECT slug FROM named)
   OR o.id IN (SELECT m.org_id FROM import_users s JOIN users u ON u.email = s.email JOIN memberships m ON m.user_id = u.id)
   OR o.id IN (SELECT g.org_id FROM import_users s JOIN users u ON u.email = s.email JOIN grants g ON g.principal_id = u.id)
   OR (SELECT count(*) FROM organizations) = 1
ORDER BY o.id FOR UPDATE OF o;

-- name: CountImportedOrganizations :one
SELECT count(*) FROM import_organizations;

-- name: ListOrganizationsWithoutAdmin :many
SELECT o.id, o.slug FROM organizations o
WHERE o.id = ANY (@orgs::uuid[]) AND NOT EXISTS (SELECT FROM active_admins a WHERE a.org_id = o.id);

-- name: FindImportedLossOfAdmin :one
-- The last line by which an active Admin of an organization would be none, or 0. It reads what stands before the import.
-- One person may lose it by two lines: those of somebody who is to keep it (lines blamed before) come first.
WITH loss AS (
    SELECT s.line, s.email FROM import_members s
    JOIN organizations o ON o.slug = s.organization
    JOIN users u ON u.email = s.email
    JOIN active_admins a ON a.org_id = o.id AND a.user_id = u.id
    WHERE o.slug = @slug AND (s.role <> 'admin' OR s.status = 'deactivated')
  UNION ALL
    SELECT s.line, s.email FROM import_users s
    JOIN users u ON u.email = s.email
    JOIN active_admins a ON a.user_id = u.id
    JOIN organizations o ON o.id = a.org_id
    WHERE o.slug = @slug AND s.status = 'deactivated'
)
SELECT COALESCE((SELECT l.line FROM loss l
                 WHERE l.line <> ALL (@refused::bigint[]) AND l.line <> ALL (@blamed::bigint[])
                 ORDER BY l.email IN (SELECT k.email FROM loss k WHERE k.line = ANY (@blamed::bigint[])) DESC, l.line DESC LIMIT 1), 0)::bigint AS line;

-- name: FindImportedUsers :many
-- placed: some organization's audit log can record a change of the account.
SELECT s.line, s.email, s.name, s.status, u.id AS user_id, u.name AS old_name, u.status AS old_status,
       (EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id) OR EXISTS (SELECT FROM grants g WHERE g.principal_id = u.id))::boolean AS placed
FROM import_users s LEFT JOIN users u ON u.email = s.email
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedOrganizations :many
-- admin: the address of somebody whom the file makes its Admin.
SELECT s.line, s.slug, s.name, r.name AS old_name,
       COALESCE((SELECT m.email FROM import_members m JOIN users u ON u.email = m.email
                 WHERE m.organization = s.slug AND m.role = 'admin' ORDER BY m.line LIMIT 1), '')::text AS admin
FROM import_organizations s
LEFT JOIN organizations o ON o.slug = s.slug
LEFT JOIN resources r ON r.id = o.id
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedMembers :many
SELECT s.line, s.organization, s.email, s.role, s.status, u.id AS user_id, u.name AS user_name, m.status AS old_status, g.role_id AS old_role_id,
       (m.user_id IS NULL AND EXISTS (SELECT FROM grants e WHERE e.principal_id = u.id AND e.org_id = o.id))::boolean AS had_grants,
       (EXISTS (SELECT FROM provisioned_members p WHERE p.org_id = o.id AND p.user_id = u.id) AND provisions(o.id))::boolean AS managed,
       EXISTS (SELECT FROM providers p WHERE p.org_id = o.id AND p.required AND p.break_glass = u.id)::boolean AS break_glass
FROM import_members s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN users u ON u.email = s.email
LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = u.id
LEFT JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedGroups :many
SELECT s.line, s.organization, s.name, s.description, g.id AS group_id, g.name AS old_name, g.description AS old_description,
       (EXISTS (SELECT FROM provisioned_groups p WHERE p.org_id = o.id AND p.group_id = g.id) AND provisions(o.id))::boolean AS managed
FROM import_groups s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN groups g ON g.org_id = o.id AND lower(g.name) = lower(s.name)
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedGroupMembers :many
SELECT s.line, s.organization, s.group_name, s.email, s.role, g.id AS group_id, g.name AS found_name, u.id AS user_id, u.name AS user_name,
       m.status AS member_status, gm.role AS old_role,
       (EXISTS (SELECT FROM provisioned_groups p WHERE p.org_id = o.id AND p.group_id = g.id) AND provisions(o.id))::boolean AS managed
FROM import_group_members s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN groups g ON g.org_id = o.id AND lower(g.name) = lower(s.group_name)
LEFT JOIN users u ON u.email = s.email
LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = u.id
LEFT JOIN group_members gm ON gm.org_id = o.id AND gm.group_id = g.id AND gm.user_id = u.id
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedNestedGroups :many
SELECT s.line, s.organization, s.group_name, s.member_name, g.id AS group_id, g.name AS found_name, i.id AS member_id, i.name AS member_found_name,
       (n.group_id IS NOT NULL)::boolean AS nested,
       (EXISTS (SELECT FROM provisioned_groups p WHERE p.org_id = o.id AND p.group_id = g.id) AND provisions(o.id))::boolean AS managed
FROM import_nested_groups s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN groups g ON g.org_id = o.id AND lower(g.name) = lower(s.group_name)
LEFT JOIN groups i ON i.org_id = o.id AND lower(i.name) = lower(s.member_name)
LEFT JOIN nested_groups n ON n.org_id = o.id AND n.group_id = g.id AND n.member_group_id = i.id
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: ListNestedGroups :many
-- Every edge between groups of some organizations.
SELECT n.group_id, g.name AS group_name, n.member_group_id
FROM nested_groups n JOIN groups g ON g.id = n.group_id
WHERE n.org_id = ANY (@orgs::uuid[]);

-- name: ListAncestorsOfEach :many
SELECT DISTINCT ancestor_id FROM group_ancestry WHERE org_id = @org_id AND descendant_id = ANY (@groups::uuid[]);

-- name: FindImportedResources :many
SELECT s.line, s.organization, s.kind, s.key, s.name, s.description, s.parent_kind, s.parent_key, s.owner, s.access_mode, s.org_role,
       r.id AS resource_id, r.name AS old_name, r.description AS old_description, r.parent_id AS old_parent_id, r.owner_id AS old_owner_id,
       r.access_mode AS old_access_mode, r.org_role AS old_org_role, had.email AS old_owner, had.name AS old_owner_name,
       p.id AS parent_id, p.kind AS parent_found_kind, p.name AS parent_name, p.path AS parent_path,
       u.id AS owner_id, u.name AS owner_name, m.status AS owner_status
FROM import_resources s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN resources r ON r.org_id = o.id AND r.kind = s.kind AND r.key = s.key
LEFT JOIN users had ON had.id = r.owner_id
LEFT JOIN resources p ON p.org_id = o.id AND p.kind = s.parent_kind AND p.key = s.parent_key
LEFT JOIN users u ON u.email = s.owner
LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = u.id
WHERE s.place = @place AND s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedTemplates :many
SELECT s.line, s.organization, s.project, s.name, s.rights, p.id AS project_id, p.name AS project_name, t.id AS template_id, t.name AS old_name, t.here AS old_rights,
       EXISTS (SELECT FROM grants g WHERE g.org_id = o.id AND g.resource_id = p.id AND g.role_id = t.id AND g.external)::boolean AS outside
FROM import_templates s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN resources p ON p.org_id = o.id AND p.kind = 'project' AND p.key = s.project
LEFT JOIN roles t ON t.org_id = o.id AND t.project_id = p.id AND lower(t.name) = lower(s.name)
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedGrants :many
SELECT s.line, s.organization, s.kind, s.key, s.email, s.group_name, s.grantee, s.role, s.template, s.expires_at, s.ends,
       r.id AS resource_id, r.name AS resource_name, u.id AS user_id, u.name AS user_name, m.status AS member_status,
       gr.id AS group_id, gr.name AS found_group, partner.id AS partner_id, partner.name AS partner_name,
       t.id AS template_id, t.name AS template_name, t.here AS template_rights,
       g.id AS grant_id, g.expires_at AS old_expires_at, COALESCE(g.expires_at <= now(), false)::boolean AS expired
FROM import_grants s
LEFT JOIN organizations o ON o.slug = s.organization
LEFT JOIN resources r ON r.org_id = o.id AND r.kind = s.kind AND r.key = s.key
LEFT JOIN users u ON u.email = s.email
LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = u.id
LEFT JOIN groups gr ON gr.org_id = o.id AND lower(gr.name) = lower(s.group_name)
LEFT JOIN organizations po ON po.slug = s.grantee
LEFT JOIN resources partner ON partner.id = po.id
LEFT JOIN roles t ON t.org_id = o.id AND t.project_id = r.id AND lower(t.name) = lower(s.template)
LEFT JOIN grants g ON g.resource_id = r.id AND g.principal_id = COALESCE(u.id, gr.id, po.id) AND g.role_id = COALESCE(t.id, s.kind || '/' || s.role)
WHERE s.line > @after ORDER BY s.line LIMIT @page_size;

-- name: FindImportedAccounts :many
-- What changed in accounts, once for each organization in which the user is a member or was granted something.
SELECT a.line, a.user_id, a.name, a.before, a.after,
       COALESCE(place.org_id, '00000000-0000-0000-0000-000000000000')::uuid AS org_id -- for none
FROM (SELECT * FROM import_accounts i WHERE i.line > @after ORDER BY i.line LIMIT @page_size) AS a
LEFT JOIN LATERAL (SELECT m.org_id FROM memberships m WHERE m.user_id = a.user_id
                   UNION SELECT g.org_id FROM grants g WHERE g.principal_id = a.user_id) AS place ON true
ORDER BY a.line, place.org_id;
