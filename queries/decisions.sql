-- What services ask (package web/api). A statement that carries a token reads it, finds what was named and decides, all
-- at one instant: no row means that there is no such token.

-- name: Evaluate :one
WITH token AS MATERIALIZED (
    SELECT t.id, t.org_id, t.scopes,
           ((t.expires_at IS NULL OR t.expires_at > now())
            AND (t.made_by IS NULL OR maker_may(t.made_by, t.org_id, @configure::bigint)))::boolean AS works,
           (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = @token_hash
)
SELECT 1::int AS n, t.id AS token_id, t.org_id, t.scopes, t.works, t.unmarked,
       COALESCE(asked.subject_id::text, '')::text AS subject_id, COALESCE(asked.resource_id::text, '')::text AS resource_id,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(asked.subject_id::uuid, asked.resource_id::uuid) AS p), 0)::bigint AS rights
FROM token t
CROSS JOIN LATERAL (
    SELECT (SELECT s.id FROM find_subject(t.org_id, @subject_type::text, sqlc.narg(subject_uuid)::uuid, @subject_name::text) AS s (id)) AS subject_id,
           (SELECT r.id FROM find_resource(t.org_id, @resource_type::text, sqlc.narg(resource_uuid)::uuid, @resource_key::text) AS r (id)) AS resource_id
    OFFSET 0
) AS asked;

-- name: EvaluateByID :one
-- Evaluate for a user and a resource that are named by their ids, which needs no looking for names. Its rights count only
-- where both are found: what has the form of an id may be a key.
SELECT 1::int AS n, t.id AS token_id, t.org_id, t.scopes,
       ((t.expires_at IS NULL OR t.expires_at > now())
        AND (t.made_by IS NULL OR maker_may(t.made_by, t.org_id, @configure::bigint)))::boolean AS works,
       (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')::boolean AS unmarked,
       EXISTS (SELECT FROM users u, resources r
               WHERE u.id = @subject::uuid AND r.org_id = t.org_id AND r.id = @resource::uuid AND r.kind = @resource_type::text) AS found,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(@subject::uuid, @resource::uuid) AS p), 0)::bigint AS rights
FROM api_tokens t
WHERE t.token_hash = @token_hash;

-- name: EvaluateEach :many
-- Evaluate for many questions, each under its own token; n numbers them from 1. An id that is not there is the nil uuid:
-- arrays hold no NULL.
WITH token AS MATERIALIZED (
    SELECT t.id, t.org_id, t.token_hash, t.scopes,
           ((t.expires_at IS NULL OR t.expires_at > now())
            AND (t.made_by IS NULL OR maker_may(t.made_by, t.org_id, @configure::bigint)))::boolean AS works,
           (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = ANY (@token_hashes::bytea[])
)
SELECT asked.n::int AS n, asked.token_id, asked.org_id, asked.scopes, asked.works, asked.unmarked,
       COALESCE(asked.subject_id::text, '')::text AS subject_id, COALESCE(asked.resource_id::text, '')::text AS resource_id,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(asked.subject_id::uuid, asked.resource_id::uuid) AS p), 0)::bigint AS rights
FROM (
    SELECT q.n, t.id AS token_id, t.org_id, t.scopes, t.works, t.unmarked,
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
-- EvaluateEach for users and resources that are all named by their ids, as EvaluateByID.
WITH token AS MATERIALIZED (
    SELECT t.id, t.org_id, t.token_hash, t.scopes,
           ((t.expires_at IS NULL OR t.expires_at > now())
            AND (t.made_by IS NULL OR maker_may(t.made_by, t.org_id, @configure::bigint)))::boolean AS works,
           (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute')::boolean AS unmarked
    FROM api_tokens t
    WHERE t.token_hash = ANY (@token_hashes::bytea[])
)
SELECT q.n::int AS n, t.id AS token_id, t.org_id, t.scopes, t.works, t.unmarked,
       EXISTS (SELECT FROM users u, resources r WHERE u.id = q.subject AND r.org_id = t.org_id AND r.id = q.resource AND r.kind = q.resource_type) AS found,
       COALESCE((SELECT bit_or(p.rights) FROM access_paths(q.subject, q.resource) AS p), 0)::bigint AS rights
FROM (SELECT unnest(@token_hashes::bytea[]) AS token_hash, unnest(@subjects::uuid[]) AS subject,
             unnest(@resource_types::text[]) AS resource_type, unnest(@resources::uuid[]) AS resource,
             generate_subscripts(@subjects::uuid[], 1) AS n) AS q
JOIN token t ON t.token_hash = q.token_hash
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
