-- What services ask (package web/api). A statement that carries a token reads it, finds what was named and decides, all
-- at one instant: no row means that there is no such token.

-- name: Evaluate :one
WITH token AS MATERIALIZED (
    SELECT t.org_id, token_works(t.expires_at, t.made_by, t.org_id, @configure::bigint)::boolean AS works,
           ('decide' = ANY (t.scopes))::boolean AS decides, token_unmarked(t.last_used_at)::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = @token_hash
)
SELECT t.org_id, t.works, t.decides, t.unmarked,
       COALESCE(asked.subject_id::text, '')::text AS subject_id, COALESCE(asked.resource_id::text, '')::text AS resource_id,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(asked.subject_id::uuid, asked.resource_id::uuid) AS p), 0)::bigint AS rights
FROM token t
CROSS JOIN LATERAL (
    SELECT (SELECT s.id FROM find_subject(t.org_id, @subject_type::text, sqlc.narg(subject_uuid)::uuid, @subject_name::text) AS s (id)) AS subject_id,
           (SELECT r.id FROM find_resource(t.org_id, @resource_type::text, sqlc.narg(resource_uuid)::uuid, @resource_key::text) AS r (id)) AS resource_id
    OFFSET 0
) AS asked;

-- name: EvaluateByID :one
-- Evaluate for an active user and a resource that are named by their ids. Their rows are at hand then, so that the decision
-- looks for nothing twice. It counts only where both are found: what has the form of an id may be a key.
SELECT t.org_id, token_works(t.expires_at, t.made_by, t.org_id, @configure::bigint)::boolean AS works,
       ('decide' = ANY (t.scopes))::boolean AS decides, token_unmarked(t.last_used_at)::boolean AS unmarked,
       (u.id IS NOT NULL AND r.id IS NOT NULL)::boolean AS found,
       COALESCE((SELECT bit_or(p.rights) FROM paths_between(u.id, NULL, NULL, r.id, r.kind, r.path, r.org_id) AS p), 0)::bigint AS rights
FROM api_tokens t
LEFT JOIN users u ON u.id = @subject::uuid AND u.status = 'active'
LEFT JOIN resources r ON r.org_id = t.org_id AND r.id = @resource::uuid AND r.kind = @resource_type::text
WHERE t.token_hash = @token_hash;

-- name: EvaluateEach :many
-- Evaluate for many questions, each under its own token; n numbers them from 1. An id that is not there is the nil uuid:
-- arrays hold no NULL.
WITH token AS MATERIALIZED (
    SELECT t.org_id, t.token_hash, token_works(t.expires_at, t.made_by, t.org_id, @configure::bigint)::boolean AS works,
           ('decide' = ANY (t.scopes))::boolean AS decides, token_unmarked(t.last_used_at)::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = ANY (@token_hashes::bytea[])
)
SELECT asked.n::int AS n, asked.org_id, asked.works, asked.decides, asked.unmarked,
       COALESCE(asked.subject_id::text, '')::text AS subject_id, COALESCE(asked.resource_id::text, '')::text AS resource_id,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(asked.subject_id::uuid, asked.resource_id::uuid) AS p), 0)::bigint AS rights
FROM (
    SELECT q.n, t.org_id, t.works, t.decides, t.unmarked,
           (SELECT s.id FROM find_subject(t.org_id, q.subject_type::text, NULLIF(q.subject_uuid, '00000000-0000-0000-0000-000000000000')::uuid, q.subject_name::text) AS s (id)) AS subject_id,
           (SELECT r.id FROM find_resource(t.org_id, q.resource_type::text, NULLIF(q.resource_uuid, '00000000-0000-0000-0000-000000000000')::uuid, q.resource_key::text) AS r (id)) AS resource_id
    FROM (SELECT unnest(@token_hashes::bytea[]) AS token_hash,
                 unnest(@subject_types::text[]) AS subject_type, unnest(@subject_uuids::uuid[]) AS subject_uuid,
                 unnest(@subject_names::text[]) AS subject_name, unnest(@resource_types::text[]) AS resource_type,
                 unnest(@resource_uuids::uuid[]) AS resource_uuid, unnest(@resource_keys::text[]) AS resource_key,
                 generate_subscripts(@subject_types::text[], 1) AS n) AS q
    JOIN token t ON t.token_hash = q.token_hash
    OFFSET 0
) AS asked
ORDER BY asked.n;

-- name: EvaluateEachByID :many
-- EvaluateByID for many questions, in their order.
WITH token AS MATERIALIZED (
    SELECT t.org_id, t.token_hash, token_works(t.expires_at, t.made_by, t.org_id, @configure::bigint)::boolean AS works,
           ('decide' = ANY (t.scopes))::boolean AS decides, token_unmarked(t.last_used_at)::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = ANY (@token_hashes::bytea[])
)
SELECT t.org_id, t.works, t.decides, t.unmarked, (u.id IS NOT NULL AND r.id IS NOT NULL)::boolean AS found,
       COALESCE((SELECT bit_or(p.rights) FROM paths_between(u.id, NULL, NULL, r.id, r.kind, r.path, r.org_id) AS p), 0)::bigint AS rights
FROM (SELECT unnest(@token_hashes::bytea[]) AS token_hash, unnest(@subjects::uuid[]) AS subject,
             unnest(@resource_types::text[]) AS resource_type, unnest(@resources::uuid[]) AS resource,
             generate_subscripts(@subjects::uuid[], 1) AS n) AS q
JOIN token t ON t.token_hash = q.token_hash
LEFT JOIN users u ON u.id = q.subject AND u.status = 'active'
LEFT JOIN resources r ON r.org_id = t.org_id AND r.id = q.resource AND r.kind = q.resource_type
ORDER BY q.n;

-- name: FindAsked :one
-- What a question of the operator at the shell names, in an organization.
SELECT COALESCE((SELECT s.id FROM find_subject(@org_id::uuid, @subject_type::text, sqlc.narg(subject_uuid)::uuid, @subject_name::text) AS s (id))::text, '')::text AS subject_id,
       COALESCE((SELECT r.id FROM find_resource(@org_id::uuid, @resource_type::text, sqlc.narg(resource_uuid)::uuid, @resource_key::text) AS r (id))::text, '')::text AS resource_id;

-- name: ListPathsOfEach :many
-- ListPaths for many pairs; n numbers them from 1. A subject that is not there is the nil uuid: anyone.
SELECT asked.n::int AS n, asked.resource_id::uuid AS resource_id, p.source, p.role_id, p.rights, p.grant_id, p.group_id, p.principal_id, p.expires_at,
       role.name AS role_name, role.here AS role_here, role.project_id, place.id AS place_id, place.kind AS place_kind, place.name AS place_name, place.access_mode,
       COALESCE(own.name, '')::text AS group_name, COALESCE(o.name, '')::text AS organization_name
FROM (SELECT unnest(@subjects::uuid[]) AS subject_id, unnest(@resources::uuid[]) AS resource_id,
             generate_subscripts(@resources::uuid[], 1) AS n) AS asked
CROSS JOIN LATERAL access_paths(NULLIF(asked.subject_id, '00000000-0000-0000-0000-000000000000')::uuid, asked.resource_id::uuid) AS p
JOIN resources place ON place.id = p.place_id
JOIN roles role ON role.id = p.role_id
LEFT JOIN groups own ON own.id = p.group_id
LEFT JOIN resources o ON o.id = p.principal_id AND o.kind = 'organization'
ORDER BY asked.n, p.source, p.place_id, p.role_id, p.grant_id, p.group_id;
