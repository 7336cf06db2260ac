-- What the statements that are asked most read from.

-- +goose Up

-- A decision looks from the resource for grants to groups and organizations, which are few, and from the user for their own.
CREATE INDEX grants_to_many ON grants (resource_id) INCLUDE (principal_id, group_id, role_id, id, expires_at) WHERE user_id IS NULL;
