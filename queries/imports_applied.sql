-- What an import that package access allowed puts into the tables (db/imports.go): what is new goes by COPY, changes of what is
-- there go in batches, or in one statement where triggers count what changes.

-- name: CopyUsers :copyfrom
INSERT INTO users (id, email, name, status) VALUES (@id, @email, @name, @status);

-- name: CopyAccountChanges :copyfrom
INSERT INTO import_accounts (line, user_id, name, before, after) VALUES (@line, @user_id, @name, @before, @after);

-- name: CopyMemberships :copyfrom
INSERT INTO memberships (org_id, user_id, status) VALUES (@org_id, @user_id, @status);

-- name: CopyGroups :copyfrom
INSERT INTO groups (org_id, id, name, description) VALUES (@org_id, @id, @name, @description);

-- name: CopyGroupAncestry :copyfrom
INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id) VALUES (@org_id, @ancestor_id, @descendant_id);

-- name: CopyGroupMembers :copyfrom
INSERT INTO group_members (org_id, group_id, user_id, role) VALUES (@org_id, @group_id, @user_id, @role);

-- name: CopyNestedGroups :copyfrom
INSERT INTO nested_groups (org_id, group_id, member_group_id) VALUES (@org_id, @group_id, @member_group_id);

-- name: CopyResources :copyfrom
INSERT INTO resources (org_id, id, kind, key, name, description, parent_id, path, owner_id, access_mode, org_role)
VALUES (@org_id, @id, @kind, @key, @name, @description, @parent_id, @path, @owner_id, @access_mode, @org_role);

-- name: CopyTemplates :copyfrom
INSERT INTO roles (id, kind, name, org_id, project_id, here, below, below_modules, added_at_full_reach)
VALUES (@id, @kind, @name, @org_id, @project_id, @here, @below, @below_modules, @added_at_full_reach);

-- name: CopyGrants :copyfrom
INSERT INTO grants (org_id, id, resource_id, resource_kind, role_id, user_id, group_id, organization_id, external, expires_at)
VALUES (@org_id, @id, @resource_id, @resource_kind, @role_id, @user_id, @group_id, @organization_id, @external, @expires_at);

-- name: CopyAuditEvents :copyfrom
-- With their numbers: the trigger audit_chain_numbered fills in time and hash.
INSERT INTO audit_events (org_id, seq, at, actor_id, actor_name, via, action, target_type, target_id, target_name,
                          subject_type, subject_id, subject_name, before, after, address, request_id, hash)
VALUES (@org_id, @seq, @at, @actor_id, @actor_name, @via, @action, @target_type, @target_id, @target_name,
        @subject_type, @subject_id, @subject_name, @before, @after, @address, @request_id, @hash);

-- name: MoveAuditHead :exec
-- After events that came with their numbers.
INSERT INTO audit_heads AS h (org_id, seq, hash)
SELECT e.org_id, e.seq, e.hash FROM audit_events e WHERE e.org_id = @org_id AND e.seq = @seq
ON CONFLICT (org_id) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash;

-- name: UpdateUsers :exec
UPDATE users u SET name = c.name, status = c.status
FROM (SELECT unnest(@ids::uuid[])::uuid AS id, unnest(@names::text[])::text AS name, unnest(@statuses::text[])::text AS status) AS c
WHERE u.id = c.id;

-- name: AdoptGrantsOfEach :batchexec
UPDATE grants SET external = false WHERE org_id = @org_id AND user_id = @user_id::uuid AND external;

-- name: UpdateMemberRoles :batchexec
UPDATE grants SET role_id = @role_id, expires_at = NULL WHERE org_id = @org_id AND user_id = @user_id::uuid AND resource_kind = 'organization';

-- name: UpdateMemberStatuses :exec
UPDATE memberships m SET status = c.status
FROM (SELECT unnest(@orgs::uuid[])::uuid AS org_id, unnest(@users::uuid[])::uuid AS user_id, unnest(@statuses::text[])::text AS status) AS c
WHERE m.org_id = c.org_id AND m.user_id = c.user_id;

-- name: UpdateGroups :batchexec
UPDATE groups SET name = @name, description = @description WHERE org_id = @org_id AND id = @id;

-- name: UpdateGroupMembers :batchexec
UPDATE group_members SET role = @role WHERE org_id = @org_id AND group_id = @group_id AND user_id = @user_id;

-- name: UpdateResources :batchexec
-- list_changes is 1 where owner or mode change, else 0.
UPDATE resources SET name = @name, description = @description, owner_id = @owner_id, access_mode = @access_mode, org_role = @org_role,
       acl_version = acl_version + @list_changes
WHERE org_id = @org_id AND id = @id;

-- name: UpdateTemplates :batchexec
UPDATE roles SET name = @name, here = @rights, below = @rights, below_modules = @rights WHERE org_id = @org_id::uuid AND id = @id;

-- name: UpdateGrantEnds :batchexec
UPDATE grants SET expires_at = sqlc.narg(expires_at) WHERE org_id = @org_id AND id = @id;

-- name: BumpAccessListsOf :exec
-- Those that this import made have not been seen by anyone, and need no past.
UPDATE resources SET acl_version = acl_version + 1 WHERE id = ANY (@ids::uuid[]) AND created_at <> now();
