-- Organizations, their members and groups. Composite keys keep every edge inside one organization:
-- a group cannot hold somebody who is no member, and a membership that ends takes its edges along.

-- +goose Up

-- The organization's name is that of its resource (0003).
CREATE TABLE organizations (
    id               uuid PRIMARY KEY,
    slug             text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    default_mode     text NOT NULL DEFAULT 'organization' CHECK (default_mode IN ('restricted', 'organization', 'public', 'anonymous')),
    default_role     text NOT NULL DEFAULT 'editor' CHECK (default_role IN ('viewer', 'modeler', 'editor')),
    widest_mode      text NOT NULL DEFAULT 'anonymous' CHECK (widest_mode IN ('restricted', 'organization', 'public', 'anonymous')),
    external_sharing boolean NOT NULL DEFAULT true,
    full_reach       boolean NOT NULL DEFAULT false,
    created_at       timestamptz NOT NULL DEFAULT now(),
    valid_from       timestamptz NOT NULL DEFAULT change_time()
);

-- A change waits for the organization's lock, and for any other, half a minute at most, so that no connection is kept without
-- end: it is asked by the statement that takes the lock. A connection can be opened with another lock_timeout.
CREATE FUNCTION waits_at_most() RETURNS boolean LANGUAGE sql AS $$
    SELECT set_config('lock_timeout', CASE current_setting('lock_timeout') WHEN '0' THEN '30s' ELSE current_setting('lock_timeout') END, true) IS NOT NULL
$$;

CREATE TABLE memberships (
    org_id     uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id    uuid NOT NULL REFERENCES users,
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated')),
    created_at timestamptz NOT NULL DEFAULT now(),
    valid_from timestamptz NOT NULL DEFAULT change_time(),
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX ON memberships (user_id, org_id) INCLUDE (status);

CREATE TABLE groups (
    org_id      uuid NOT NULL REFERENCES organizations ON DELETE CASCADE,
    id          uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    name        text NOT NULL CHECK (name <> ''),
    description text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    valid_from  timestamptz NOT NULL DEFAULT change_time(),
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX groups_name ON groups (org_id, lower(name));

CREATE TABLE group_members (
    org_id     uuid NOT NULL,
    group_id   uuid NOT NULL,
    user_id    uuid NOT NULL,
    role       text NOT NULL CHECK (role IN ('member', 'admin')),
    created_at timestamptz NOT NULL DEFAULT now(),
    valid_from timestamptz NOT NULL DEFAULT change_time(),
    PRIMARY KEY (org_id, group_id, user_id),
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships ON DELETE CASCADE
);
CREATE INDEX ON group_members (org_id, user_id, group_id) INCLUDE (role);

-- A group inside a group: everyone inside the member group is inside the group.
CREATE TABLE nested_groups (
    org_id          uuid NOT NULL,
    group_id        uuid NOT NULL,
    member_group_id uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    valid_from      timestamptz NOT NULL DEFAULT change_time(),
    PRIMARY KEY (org_id, group_id, member_group_id),
    FOREIGN KEY (org_id, group_id) REFERENCES groups ON DELETE CASCADE,
    FOREIGN KEY (org_id, member_group_id) REFERENCES groups ON DELETE CASCADE,
    CHECK (group_id <> member_group_id)
);
CREATE INDEX ON nested_groups (org_id, member_group_id, group_id);

-- The transitive closure of nested_groups, each group its own ancestor. Kept between groups, not between
-- users and groups: adding a person to a group stays one row.
CREATE TABLE group_ancestry (
    org_id        uuid NOT NULL,
    ancestor_id   uuid NOT NULL,
    descendant_id uuid NOT NULL,
    PRIMARY KEY (org_id, descendant_id, ancestor_id),
    FOREIGN KEY (org_id, ancestor_id) REFERENCES groups ON DELETE CASCADE,
    FOREIGN KEY (org_id, descendant_id) REFERENCES groups ON DELETE CASCADE
);
CREATE INDEX ON group_ancestry (org_id, ancestor_id, descendant_id);
