-- What a change does to what people may do (db/effects.go). People who hold the same are asked about once.

-- name: NotePeopleBefore :exec
INSERT INTO preview_people (preview, user_id, before, after)
SELECT h.preview, h.user_id, h.before, h.after FROM holdings(@preview::uuid, @org_id::uuid, @resources::uuid[], sqlc.narg(people)::uuid[]) AS h;

-- name: NotePeopleAfter :exec
INSERT INTO preview_people (preview, user_id, before, after)
SELECT h.preview, h.user_id, '', h.before FROM holdings(@preview::uuid, @org_id::uuid, @resources::uuid[], sqlc.narg(people)::uuid[]) AS h
ON CONFLICT (preview, user_id) DO UPDATE SET after = EXCLUDED.after;

-- name: ListPeopleInside :many
-- Everyone in some groups, at any depth.
SELECT DISTINCT gm.user_id
FROM group_ancestry a JOIN group_members gm ON gm.org_id = a.org_id AND gm.group_id = a.descendant_id
WHERE a.org_id = @org_id AND a.ancestor_id = ANY (@groups::uuid[]);

-- name: CountAlike :one
SELECT count(DISTINCT p.before) FROM preview_people p WHERE p.preview = @preview;

-- name: ListRightsOfAlike :many
-- The rights of each kind of holdings, before the change or after it, on each resource, of one person who has them.
SELECT alike.holds::text AS holds, asked.id::uuid AS resource_id,
       (SELECT COALESCE(bit_or(w.rights), 0) FROM access_paths(alike.user_id::uuid, asked.id::uuid) AS w)::bigint AS rights
FROM (SELECT held.holds, min(held.user_id::text)::uuid AS user_id
      FROM (SELECT p.user_id, CASE WHEN @after::boolean THEN p.after ELSE p.before END AS holds FROM preview_people p WHERE p.preview = @preview) AS held
      GROUP BY held.holds) AS alike
CROSS JOIN unnest(@resources::uuid[]) AS asked (id);

-- name: ListAlike :many
-- How many people went from the same holdings to the same holdings.
SELECT p.before, p.after, count(*) AS people FROM preview_people p WHERE p.preview = @preview GROUP BY p.before, p.after;

-- name: ListNamesOf :many
-- The first people with one of these pairs of holdings.
SELECT COALESCE(NULLIF(u.name, ''), u.email)::text AS name
FROM preview_people p JOIN users u ON u.id = p.user_id
WHERE p.preview = @preview AND (p.before, p.after) IN (SELECT pair.before::text, pair.after::text
      FROM (SELECT unnest(@befores::text[]) AS before, unnest(@afters::text[]) AS after) AS pair)
ORDER BY lower(COALESCE(NULLIF(u.name, ''), u.email)), u.id LIMIT @names;

-- name: ListWithin :many
-- Some resources and all that lies in them, the outermost first.
SELECT r.id, r.kind, r.name, count(*) OVER () AS total
FROM resources r
WHERE r.org_id = @org_id AND r.path && @roots::uuid[]
ORDER BY cardinality(r.path), lower(r.name), r.id LIMIT @most;

-- name: ListPlacesOfGroup :many
-- What is shared to a group, itself or through a group that contains it.
SELECT r.id, r.kind, r.name, count(*) OVER () AS total
FROM resources r
WHERE r.org_id = @org_id AND r.id IN (
    SELECT g.resource_id FROM group_ancestry a JOIN grants g ON g.org_id = a.org_id AND g.group_id = a.ancestor_id
    WHERE a.org_id = @org_id AND a.descendant_id = @group_id)
ORDER BY cardinality(r.path), lower(r.name), r.id LIMIT @most;

-- name: ListPlacesOfUser :many
-- Where a user has anything in an organization: what they own, what is shared to them or to a group that they are in, and what
-- is open to its members.
SELECT r.id, r.kind, r.name, count(*) OVER () AS total
FROM resources r
WHERE r.org_id = @org_id AND (r.owner_id = @user_id::uuid OR r.access_mode <> 'restricted' OR r.id IN (
    SELECT g.resource_id FROM grants g WHERE g.org_id = @org_id AND g.user_id = @user_id::uuid
  UNION
    SELECT g.resource_id
    FROM group_members gm
    JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
    JOIN grants g ON g.org_id = a.org_id AND g.group_id = a.ancestor_id
    WHERE gm.org_id = @org_id AND gm.user_id = @user_id::uuid))
ORDER BY cardinality(r.path), lower(r.name), r.id LIMIT @most;
