-- One tree of resources, one table of grants. The built-in roles are written by `migrate` from package access,
-- where they are defined; a rights template is a role with a project.

-- +goose Up
CREATE TABLE roles (
    id            text PRIMARY KEY,
    kind          text NOT NULL,
    name          text NOT NULL,
    org_id        uuid,
    project_id    uuid,
    here          bigint NOT NULL,
    below         bigint NOT NULL,
    below_modules bigint NOT NULL, -- in the place of below on modules: `create` on the organization does so in every module
    added_at_full_reach bigint NOT NULL, -- besides, under the policy full_reach
    valid_from    timestamptz NOT NULL DEFAULT change_time(),
    UNIQUE (id, kind),
    CHECK ((org_id IS NULL) = (project_id IS NULL)),
    CHECK (kind IN ('organization', 'module') OR here = below) -- what opens a project opens what is in it (ListTree)
) WITH (fillfactor = 10); -- over several pages, so that a decision looks a role up: of one page the planner would read all
CREATE UNIQUE INDEX roles_template_name ON roles (org_id, project_id, lower(name));

CREATE TABLE resources (
    org_id      uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id          uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind        text NOT NULL CHECK (kind IN ('organization', 'module', 'project', 'package', 'dataset', 'constant',
                    'secret', 'bucket', 'artifact', 'release', 'analysis', 'connection')),
    key         text NOT NULL CHECK (key <> ''),
    name        text NOT NULL CHECK (name <> ''),
    description text NOT NULL DEFAULT '',
    parent_id   uuid,
    path        uuid[] NOT NULL, -- itself and everything that contains it, the organization first
    owner_id    uuid,
    access_mode text NOT NULL DEFAULT 'restricted' CHECK (access_mode IN ('restricted', 'organization', 'public', 'anonymous')),
    org_role    text NOT NULL DEFAULT 'viewer', -- what mode Organization gives
    acl_version bigint NOT NULL DEFAULT 1,      -- grows with every change of grants, mode and owner
    created_at  timestamptz NOT NULL DEFAULT now(),
    valid_from  timestamptz NOT NULL DEFAULT change_time(),
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, kind, key),
    UNIQUE (org_id, id, kind),
    FOREIGN KEY (org_id, parent_id) REFERENCES resources ON DELETE CASCADE,
    FOREIGN KEY (org_id, owner_id) REFERENCES memberships,
    CHECK ((kind = 'organization') = (parent_id IS NULL)),
    CHECK ((kind IN ('organization', 'module')) = (owner_id IS NULL)),
    CHECK (kind NOT IN ('organization', 'module') OR access_mode = 'restricted'),
    CHECK (kind NOT IN ('constant', 'secret', 'connection') OR access_mode IN ('restricted', 'organization')),
    CHECK (path[cardinality(path)] = id AND path[1] = org_id)
);
CREATE INDEX ON resources (org_id, parent_id, kind, lower(name), id);
CREATE INDEX ON resources (org_id, owner_id);
CREATE INDEX resources_by_name ON resources (org_id, kind, lower(name), id);
CREATE INDEX resources_below ON resources USING gin (path);

-- This principal has this role on this resource, perhaps until a time. Exactly one kind of principal; the keys
-- take a grant away together with the group, the membership or the resource that it names.
CREATE TABLE grants (
    org_id          uuid NOT NULL,
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resource_id     uuid NOT NULL,
    resource_kind   text NOT NULL,
    role_id         text NOT NULL,
    user_id         uuid REFERENCES users,
    group_id        uuid,
    organization_id uuid REFERENCES organizations ON DELETE CASCADE,
    external        boolean NOT NULL DEFAULT false, -- the user or organization is not of org_id
    principal_id    uuid NOT NULL GENERATED ALWAYS AS (COALESCE(user_id, group_id, organization_id)) STORED,
    member_of       uuid GENERATED ALWAYS AS (CASE WHEN external THEN NULL ELSE org_id END) STORED,
    expires_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    valid_from      timestamptz NOT NULL DEFAULT change_time(),
    CHECK (num_nonnulls(user_id, group_id, organization_id) = 1),
    CHECK (NOT external OR group_id IS NULL),
    UNIQUE (principal_id, resource_id, role_id) INCLUDE (id, expires_at), -- a decision reads nothing but this index
    FOREIGN KEY (org_id, resource_id, resource_kind) REFERENCES resources (org_id, id, kind) ON DELETE CASCADE,
    FOREIGN KEY (role_id, resource_kind) REFERENCES roles (id, kind),
    FOREIGN KEY (member_of, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE
);
CREATE INDEX ON grants (org_id, resource_id);
CREATE INDEX ON grants (user_id, member_of) WHERE user_id IS NOT NULL;
CREATE INDEX ON grants (org_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX ON grants (expires_at) WHERE expires_at IS NOT NULL;
-- A member has one role in the organization.
CREATE UNIQUE INDEX grants_member_role ON grants (org_id, user_id) WHERE resource_kind = 'organization' AND user_id IS NOT NULL;
CREATE INDEX grants_org_admins ON grants (org_id) WHERE role_id = 'organization/admin' AND user_id IS NOT NULL;

-- Who keeps an organization governable, which is never without one: an active member, active user, Admin directly and for good.
CREATE VIEW active_admins AS
SELECT g.org_id, g.user_id
FROM grants g
JOIN memberships m ON m.org_id = g.org_id AND m.user_id = g.user_id AND m.status = 'active'
JOIN users u ON u.id = g.user_id AND u.status = 'active'
WHERE g.role_id = 'organization/admin' AND g.expires_at IS NULL;
