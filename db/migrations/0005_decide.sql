-- The one way to decide: rights only add up. paths_between gives one row for each reason that a subject has
-- for rights on a resource: their bit_or is the check, the rows themselves are the explanation. It is a plain
-- SQL function, so the planner takes it apart inside each query, and its unqualified names follow the search
-- path: in the schema as_of the same text answers about the past. access_paths asks it by ids.

-- +goose Up

-- The shape of one path. A table, never filled, because sqlc reads columns from tables only.
CREATE TABLE access_path (
    source       text NOT NULL,   -- owner, grant or mode
    place_id     uuid NOT NULL,   -- the resource where it sits: the one asked about or one that contains it
    role_id      text NOT NULL,
    rights       bigint NOT NULL, -- on the resource asked about
    grant_id     uuid,
    principal_id uuid,            -- whom the grant names
    group_id     uuid,            -- the group that the subject is, or is directly in, for a grant to a group
    expires_at   timestamptz
);

-- The time that expiry is compared with: the database's, never a replica's.
-- +goose StatementBegin
CREATE FUNCTION decision_time() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT now() $$;
-- +goose StatementEnd

-- The decision: who may be an active user (person), a group with its organization (team, team_org), or nobody who is signed in.
-- What is asked about (target) comes with its kind, its path and its organization, so that whoever has its row need not find it
-- twice. A group has what every active member inside it gets through it: its own grants and those of the groups that
-- contain it, what is granted or opened to its organization, and what is open to all.
-- +goose StatementBegin
CREATE FUNCTION paths_between(person uuid, team uuid, team_org uuid, target uuid, target_kind text, target_path uuid[], target_org uuid)
RETURNS SETOF access_path LANGUAGE sql STABLE ROWS 4 AS $$
    SELECT found.source, found.place_id, found.role_id, given.rights, found.grant_id, found.principal_id, found.group_id, found.expires_at
    FROM organizations o
    LEFT JOIN memberships m ON m.org_id = target_org AND m.user_id = person
    -- OFFSET 0 pages nothing, here and below: it keeps the planner from taking a part out of its place and reading it for
    -- everybody, such as all grants on the organization, one for each member
    CROSS JOIN LATERAL (
        -- what the owner and the access mode of the resource and of each one that contains it let in
        SELECT let.source, place.id AS place_id, let.role_id, NULL::uuid AS grant_id, NULL::uuid AS principal_id,
               NULL::uuid AS group_id, NULL::timestamptz AS expires_at
        FROM (SELECT p.id, p.kind, p.owner_id, p.access_mode, p.org_role FROM resources p
              WHERE p.id = ANY (target_path) AND (p.access_mode <> 'restricted' OR p.owner_id = person) OFFSET 0) AS place
        CROSS JOIN LATERAL (VALUES
            ('owner', place.kind || '/owner', m.status = 'active' AND place.owner_id = person),
            ('mode', place.kind || '/' || place.org_role,
             m.status = 'active' AND place.access_mode <> 'restricted' OR team_org = target_org AND place.access_mode <> 'restricted'),
            ('mode', place.kind || '/viewer',
             (place.access_mode = 'anonymous' OR place.access_mode = 'public' AND person IS NOT NULL OR place.access_mode = 'public' AND team IS NOT NULL)
             AND target_kind NOT IN ('constant', 'secret', 'connection'))
        ) AS let (source, role_id, lets_in)
        WHERE let.lets_in
      UNION ALL
        -- what grants on them give to the subject itself
        SELECT 'grant', g.resource_id, g.role_id, g.id, g.principal_id, NULL, g.expires_at
        FROM (SELECT own.resource_id, own.role_id, own.id, own.principal_id, own.expires_at FROM grants own
              WHERE own.principal_id = person AND own.resource_id = ANY (target_path) AND m.status IS DISTINCT FROM 'deactivated' OFFSET 0) AS g
      UNION ALL
        -- what they give to the groups that the subject is in, and to its organizations: of the few grants on them that name
        -- no user, those that name one of these
        SELECT 'grant', g.resource_id, g.role_id, g.id, g.principal_id, through.group_id, g.expires_at
        FROM (SELECT far.resource_id, far.role_id, far.id, far.principal_id, far.expires_at FROM grants far
              WHERE far.resource_id = ANY (target_path) AND far.user_id IS NULL OFFSET 0) AS g
        JOIN (
            SELECT a.ancestor_id AS principal_id, gm.group_id
            FROM group_members gm
            JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
            WHERE gm.org_id = target_org AND gm.user_id = person AND m.status = 'active'
          UNION ALL
            SELECT home.org_id, NULL FROM memberships home WHERE home.user_id = person AND home.status = 'active'
          UNION ALL
            SELECT a.ancestor_id, team FROM group_ancestry a WHERE a.org_id = target_org AND a.descendant_id = team
          UNION ALL
            SELECT team_org, NULL
        ) AS through ON through.principal_id = g.principal_id
    ) AS found
    CROSS JOIN LATERAL (SELECT * FROM roles WHERE roles.id = found.role_id OFFSET 0) AS role
    CROSS JOIN LATERAL (SELECT CASE WHEN found.place_id = target THEN role.here
                                    ELSE CASE WHEN target_kind = 'module' THEN role.below_modules ELSE role.below END
                                       | CASE WHEN o.full_reach THEN role.added_at_full_reach ELSE 0 END
                               END AS rights) AS given
    WHERE o.id = target_org AND given.rights <> 0 AND (found.expires_at IS NULL OR found.expires_at > decision_time())
$$;

-- The decision for whoever knows only ids: of a user or a group, or NULL for anyone who is not signed in.
CREATE FUNCTION access_paths(subject uuid, resource uuid) RETURNS SETOF access_path LANGUAGE sql STABLE ROWS 4 AS $$
    SELECT p.*
    FROM resources r
    LEFT JOIN users u ON u.id = subject AND u.status = 'active'
    LEFT JOIN groups team ON team.id = subject AND u.id IS NULL
    CROSS JOIN LATERAL paths_between(u.id, team.id, team.org_id, r.id, r.kind, r.path, r.org_id) AS p
    WHERE r.id = resource
$$;
-- +goose StatementEnd
