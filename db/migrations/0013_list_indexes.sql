-- What the statements that are asked most read from.

-- +goose Up

-- A decision looks from the resource for grants to groups and organizations, which are few, and from the user for their own.
CREATE INDEX grants_to_many ON grants (resource_id) INCLUDE (principal_id, group_id, role_id, id, expires_at) WHERE user_id IS NULL;

-- What is open to many, by name: a list reads its page of them and no more.
CREATE INDEX resources_open_by_name ON resources (org_id, kind, lower(name), id) WHERE access_mode <> 'restricted';
