-- Reports (db/reports.go): what they tell of the people and resources that a search found, and what is open to others.

-- name: ListPeopleFound :many
SELECT u.id, u.name, u.email, COALESCE(m.status, '')::text AS status
FROM users u LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
WHERE u.id = ANY (@users::uuid[]);

-- name: ListResourcesFound :many
SELECT r.id, r.kind, r.key, r.name, r.access_mode, r.owner_id FROM resources r WHERE r.org_id = @org_id AND r.id = ANY (@resources::uuid[]);

-- name: ListOpenResources :many
-- Resources whose own access mode is one of these, by name. Equal names are told apart by their keys and by what contains them.
SELECT r.id, r.kind, r.key, r.name, r.access_mode,
       COALESCE((SELECT string_agg(place.name, ' / ' ORDER BY cardinality(place.path)) FROM resources place
                 WHERE place.id = ANY (r.path) AND place.kind <> 'organization' AND place.id <> r.id), '')::text AS place,
       r.owner_id::uuid AS owner_id, u.name AS owner_name, u.email AS owner_email, lower(r.name)::text AS sort_name,
       (SELECT count(*) FROM resources inside WHERE inside.org_id = r.org_id AND inside.path @> ARRAY[r.id] AND inside.id <> r.id
          AND opens(r.access_mode, inside.kind, false, true)) AS inside
FROM resources r
JOIN users u ON u.id = r.owner_id
WHERE r.org_id = @org_id AND r.access_mode <> 'restricted' AND r.access_mode = ANY (@modes::text[])
  AND (lower(r.name), r.id) > (@after_name::text, @after_id::uuid)
ORDER BY lower(r.name), r.id LIMIT @page_size;

-- name: CountOpenResources :one
SELECT count(*) FROM resources r WHERE r.org_id = @org_id AND r.access_mode <> 'restricted' AND r.access_mode = ANY (@modes::text[]);

-- name: ListOutsiders :many
-- People outside whom a grant in the organization names, by name.
SELECT u.id, u.name, u.email FROM users u
WHERE u.id IN (SELECT g.user_id FROM grants g WHERE g.org_id = @org_id AND g.external AND (g.expires_at IS NULL OR g.expires_at > now()))
  AND (@search::text = '' OR strpos(lower(u.name), lower(@search)) > 0 OR strpos(u.email, lower(@search)) > 0)
ORDER BY lower(COALESCE(NULLIF(u.name, ''), u.email)), u.id LIMIT @page_size;
