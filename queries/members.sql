-- name: CountPeople :one
-- Members and open invitations: all of them, and those that a filter lets through.
SELECT COALESCE(sum(c.total), 0)::bigint AS everybody,
       COALESCE(sum(c.total) FILTER (WHERE (@status::text = '' OR c.status = @status OR @status = 'member' AND c.status <> 'invited') AND (@role_id::text = '' OR c.role_id = @role_id)), 0)::bigint AS matching
FROM people_counts c
WHERE c.org_id = @org_id;

-- name: ListFewPeople :many
-- A page of those who match, where they are few: all of them are found, counted and put in order. best_first puts those whose key
-- begins with what is searched for before the others, who come later.
WITH matching AS MATERIALIZED (
    SELECT p.id FROM people p
    WHERE p.org_id = @org_id AND p.sort = 'name' AND (@status::text = '' OR p.status = @status OR @status = 'member' AND p.status <> 'invited') AND (@role_id::text = '' OR p.role_id = @role_id)
      AND strpos(p.words, lower(@search::text)) > 0
)
SELECT k.id, k.key, k.status, k.role_id, k.later, (SELECT count(*) FROM matching) AS total
FROM (SELECT p.id, p.key, p.status, p.role_id, (@best_first::boolean AND NOT starts_with(p.key, lower(@search)))::boolean AS later
      FROM matching m JOIN people p ON p.sort = @sort::text AND p.org_id = @org_id AND p.id = m.id) AS k
WHERE @first_page::boolean
   OR NOT @descending::boolean AND (k.later, k.key, k.id) > (@after_later::boolean, @after_key::text, @after_id::uuid)
   OR @descending::boolean AND (k.key, k.id) < (@after_key::text, @after_id::uuid)
ORDER BY k.later, CASE WHEN NOT @descending THEN k.key END, CASE WHEN @descending THEN k.key END DESC,
         CASE WHEN NOT @descending THEN k.id END, CASE WHEN @descending THEN k.id END DESC
LIMIT @page_size;

-- name: ListFoundPeople :many
-- ListFewPeople, found by the pieces of what is searched for, which has three letters or more. In the order of names they are
-- in it already.
WITH matching AS MATERIALIZED (
    SELECT p.id, p.key, p.status, p.role_id FROM people p
    WHERE p.org_id = @org_id AND p.sort = 'name' AND (@status::text = '' OR p.status = @status OR @status = 'member' AND p.status <> 'invited') AND (@role_id::text = '' OR p.role_id = @role_id)
      AND grams(p.org_id, p.words) @> grams(@org_id, lower(@search::text)) AND strpos(p.words, lower(@search)) > 0
)
SELECT k.id, k.key, k.status, k.role_id, k.later, (SELECT count(*) FROM matching) AS total
FROM (SELECT m.id, m.key, m.status, m.role_id, (@best_first::boolean AND NOT starts_with(m.key, lower(@search)))::boolean AS later
      FROM matching m WHERE @sort::text = 'name'
    UNION ALL
      SELECT p.id, p.key, p.status, p.role_id, false FROM matching m
      JOIN people p ON p.org_id = @org_id AND p.id = m.id AND p.sort = @sort WHERE @sort <> 'name') AS k
WHERE @first_page::boolean
   OR NOT @descending::boolean AND (k.later, k.key, k.id) > (@after_later::boolean, @after_key::text, @after_id::uuid)
   OR @descending::boolean AND (k.key, k.id) < (@after_key::text, @after_id::uuid)
ORDER BY k.later, CASE WHEN NOT @descending THEN k.key END, CASE WHEN @descending THEN k.key END DESC,
         CASE WHEN NOT @descending THEN k.id END, CASE WHEN @descending THEN k.id END DESC
LIMIT @page_size;

-- name: ListPeopleUp :many
-- Those who match among the next people in an order, as many as may be looked at, of those whose key begins in some way. later leaves
-- out whose key begins with what is searched for. No key has 400 letters more than its beginning.
SELECT k.id, k.key, k.status, k.role_id, @later::boolean AS later
FROM (SELECT p.id, p.key, p.status, p.role_id, p.words FROM people p
      WHERE p.org_id = @org_id AND p.sort = @sort::text AND (p.key, p.id) > (GREATEST(@after_key::text, lower(@beginning::text)), @after_id::uuid)
        AND p.key < lower(@beginning) || repeat(chr(1114111), 400)
      ORDER BY p.key, p.id LIMIT @candidates::int) AS k
WHERE (@status::text = '' OR k.status = @status OR @status = 'member' AND k.status <> 'invited') AND (@role_id::text = '' OR k.role_id = @role_id)
  AND (@search::text = '' OR strpos(COALESCE(k.words, (SELECT named.words FROM people named
                                                       WHERE named.org_id = @org_id AND named.id = k.id AND named.sort = 'name')), lower(@search)) > 0)
  AND NOT (@later AND starts_with(k.key, lower(@search)))
ORDER BY k.key, k.id LIMIT @page_size;

-- name: ListPeopleDown :many
-- ListPeopleUp the other way round.
SELECT k.id, k.key, k.status, k.role_id
FROM (SELECT p.id, p.key, p.status, p.role_id, p.words FROM people p
      WHERE p.org_id = @org_id AND p.sort = @sort::text AND p.key >= lower(@beginning::text)
        AND (p.key, p.id) < (CASE WHEN @first_page::boolean THEN lower(@beginning) || repeat(chr(1114111), 400) ELSE @after_key::text END, @after_id::uuid)
      ORDER BY p.key DESC, p.id DESC LIMIT @candidates::int) AS k
WHERE (@status::text = '' OR k.status = @status OR @status = 'member' AND k.status <> 'invited') AND (@role_id::text = '' OR k.role_id = @role_id)
  AND (@search::text = '' OR strpos(COALESCE(k.words, (SELECT named.words FROM people named
                                                       WHERE named.org_id = @org_id AND named.id = k.id AND named.sort = 'name')), lower(@search)) > 0)
ORDER BY k.key DESC, k.id DESC LIMIT @page_size;

-- name: ListPeople :many
-- What a page of the list says of each.
SELECT asked.id::uuid AS id, COALESCE(u.name, '')::text AS name, COALESCE(u.email, i.email, '')::text AS email, a.last_seen_at,
       COALESCE(m.created_at, i.created_at, now())::timestamptz AS created_at, i.expires_at,
       (p.user_id IS NOT NULL AND provisions(@org_id))::boolean AS managed,
       inside.names::text[] AS group_names, inside.ids::uuid[] AS group_ids
FROM unnest(@ids::uuid[]) AS asked (id)
LEFT JOIN memberships m ON m.org_id = @org_id AND m.user_id = asked.id
LEFT JOIN users u ON u.id = m.user_id
LEFT JOIN accounts a ON a.user_id = u.id
LEFT JOIN provisioned_members p ON p.org_id = m.org_id AND p.user_id = m.user_id
LEFT JOIN invitations i ON i.org_id = @org_id AND i.id = asked.id
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(g.name), '{}') AS names, COALESCE(array_agg(g.id), '{}') AS ids
    FROM (SELECT gr.name, gr.id FROM group_members gm JOIN groups gr ON gr.id = gm.group_id
          WHERE gm.org_id = @org_id AND gm.user_id = u.id ORDER BY lower(gr.name)) AS g) AS inside
WHERE u.id IS NOT NULL OR i.id IS NOT NULL;

-- name: ListChosenPeople :many
-- Those of some members and open invitations that are here, in the order of names.
SELECT p.id, p.key, p.status, p.role_id FROM people p
WHERE p.org_id = @org_id AND p.sort = 'name' AND p.id = ANY(@ids::uuid[])
ORDER BY p.key, p.id;

-- name: FindMember :one
SELECT u.id, u.name, u.email, m.status, m.created_at, a.last_seen_at, g.id AS grant_id, g.role_id,
       EXISTS (SELECT FROM providers p WHERE p.org_id = m.org_id AND p.required AND p.break_glass = m.user_id)::boolean AS break_glass,
       (p.user_id IS NOT NULL AND provisions(m.org_id))::boolean AS managed,
       (EXISTS (SELECT FROM memberships other WHERE other.user_id = m.user_id AND other.org_id <> m.org_id)
        OR EXISTS (SELECT FROM grants o WHERE o.user_id = m.user_id AND o.org_id <> m.org_id))::boolean AS elsewhere
FROM memberships m
JOIN users u ON u.id = m.user_id
LEFT JOIN accounts a ON a.user_id = u.id
LEFT JOIN provisioned_members p ON p.org_id = m.org_id AND p.user_id = m.user_id
JOIN grants g ON g.org_id = m.org_id AND g.user_id = m.user_id AND g.resource_kind = 'organization'
WHERE m.org_id = @org_id AND m.user_id = @user_id;

-- name: IsLastAdmin :one
-- Whether this user is an active, direct Admin for good, and nobody else is.
SELECT (EXISTS (SELECT FROM active_admins a WHERE a.org_id = @org_id AND a.user_id = @user_id::uuid)
    AND NOT EXISTS (SELECT FROM active_admins a WHERE a.org_id = @org_id AND a.user_id <> @user_id::uuid))::boolean AS last_admin;

-- name: AddMember :exec
INSERT INTO memberships (org_id, user_id) VALUES (@org_id, @user_id);

-- name: AddMemberRole :exec
INSERT INTO grants (org_id, resource_id, resource_kind, role_id, user_id) VALUES (@org_id, @org_id, 'organization', @role_id, @user_id::uuid);

-- name: AdoptGrants :exec
-- Grants that somebody had from outside go on as those of a member.
UPDATE grants SET external = false WHERE org_id = @org_id AND user_id = @user_id::uuid AND external;

-- name: SetMemberRole :exec
UPDATE grants SET role_id = @role_id, expires_at = NULL WHERE org_id = @org_id AND user_id = @user_id::uuid AND resource_kind = 'organization';

-- name: SetMemberStatus :execrows
UPDATE memberships SET status = @status WHERE org_id = @org_id AND user_id = @user_id AND status <> @status;

-- name: RemoveMember :execrows
-- Grants and group memberships go with it, by their keys.
DELETE FROM memberships WHERE org_id = @org_id AND user_id = @user_id;

-- name: ListGroupsOfMember :many
-- Every group that a member is in; through is the group that they are directly in.
SELECT g.id, g.name, (g.id = gm.group_id)::boolean AS direct, gm.role, d.id AS direct_id, d.name AS direct_name
FROM group_members gm
JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
JOIN groups g ON g.id = a.ancestor_id
JOIN groups d ON d.id = gm.group_id
WHERE gm.org_id = @org_id AND gm.user_id = @user_id
ORDER BY (g.id = gm.group_id) DESC, lower(g.name), lower(d.name);

-- name: ListHeirs :many
SELECT u.id, u.name, u.email
FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.org_id = @org_id AND m.status = 'active' AND u.status = 'active' AND m.user_id <> @user_id
  AND (@search::text = '' OR strpos(lower(u.name), lower(@search)) > 0 OR strpos(u.email, lower(@search)) > 0)
ORDER BY lower(u.name), u.id LIMIT @page_size;

-- name: CountMembers :one
-- Active members whose account is active.
SELECT (COALESCE((SELECT sum(c.total) FROM people_counts c WHERE c.org_id = @org_id AND c.status = 'active'), 0)
        - (SELECT count(*) FROM users u JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id AND m.status = 'active' WHERE u.status <> 'active'))::bigint AS count;

-- name: FindPersonAround :one
-- A member, or somebody outside to whom, or to an organization of whom, something was granted here.
SELECT u.id, u.name, u.email, COALESCE(m.status, '')::text AS status
FROM users u LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = @org_id
WHERE u.id = @user_id AND (m.user_id IS NOT NULL OR EXISTS (SELECT FROM grants g WHERE g.org_id = @org_id AND g.user_id = u.id)
       OR EXISTS (SELECT FROM memberships away
                  JOIN grants g ON g.org_id = @org_id AND g.organization_id = away.org_id
                  WHERE away.user_id = u.id AND away.status = 'active'));
