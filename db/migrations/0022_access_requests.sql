-- Who asks for access, and what became of it (docs/decisions/0012). A request names what stood in the link that somebody
-- followed, with no key to resources: whether that exists is not for the one who asks to find out.

-- +goose Up
CREATE TABLE access_requests (
    org_id       uuid NOT NULL,
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    asked_id     uuid NOT NULL, -- a resource of this organization, or nothing
    role         text NOT NULL, -- by its name
    days         integer NOT NULL CHECK (days >= 0), -- how long it is needed; 0 until it is taken away
    message      text NOT NULL DEFAULT '',
    status       text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'denied', 'withdrawn', 'expired')),
    version      bigint NOT NULL DEFAULT 1, -- grows when the person changes what they ask for
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    decided_at   timestamptz,
    decided_by   uuid REFERENCES users ON DELETE SET NULL,
    decider_name text NOT NULL DEFAULT '',
    reason       text NOT NULL DEFAULT '',
    given_role   text NOT NULL DEFAULT '', -- as pages write it
    given_until  timestamptz,
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    CHECK ((status IN ('open', 'expired')) = (decided_at IS NULL))
);
CREATE UNIQUE INDEX access_requests_one_open ON access_requests (org_id, user_id, asked_id) WHERE status = 'open';
CREATE INDEX access_requests_of_member ON access_requests (org_id, user_id, created_at DESC);
CREATE INDEX access_requests_waiting ON access_requests (org_id, created_at, id) WHERE status = 'open';
CREATE INDEX ON access_requests (decided_by) WHERE decided_by IS NOT NULL;

CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON access_requests
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard();

-- The open requests that somebody can answer, computed from what they hold now. access_paths has the last word on each; before
-- that, places sorts out at once what lies nowhere where the person owns or was given anything that lets them share: every page
-- counts these for its reader, and most readers have none.
-- +goose StatementBegin
CREATE FUNCTION answerable_requests(org uuid, subject uuid, share bigint, members bigint) RETURNS SETOF access_requests LANGUAGE sql STABLE AS $$
    WITH waiting AS MATERIALIZED (
        SELECT q.id, r.path, CASE WHEN r.owner_id IS NULL THEN members ELSE share END AS wanted
        FROM access_requests q
        JOIN resources r ON r.org_id = q.org_id AND r.id = q.asked_id
        WHERE q.org_id = org AND q.status = 'open' AND q.expires_at > now()
    ), step AS MATERIALIZED (
        SELECT DISTINCT on_the_way.id FROM waiting CROSS JOIN LATERAL unnest(waiting.path) AS on_the_way (id)
    ), mine AS MATERIALIZED (
        SELECT subject AS id
      UNION ALL
        SELECT org
      UNION ALL
        SELECT a.ancestor_id
        FROM group_members gm JOIN group_ancestry a ON a.org_id = gm.org_id AND a.descendant_id = gm.group_id
        WHERE gm.org_id = org AND gm.user_id = subject
    ), place AS MATERIALIZED (
        SELECT p.id, share AS rights FROM step JOIN resources p ON p.org_id = org AND p.id = step.id WHERE p.owner_id = subject
      UNION ALL
        SELECT g.resource_id, role.here | role.below | role.below_modules | CASE WHEN o.full_reach THEN role.added_at_full_reach ELSE 0 END
        FROM step
        CROSS JOIN mine
        JOIN grants g ON g.principal_id = mine.id AND g.resource_id = step.id
        JOIN roles role ON role.id = g.role_id
        JOIN organizations o ON o.id = org
    )
    SELECT q.*
    FROM (SELECT DISTINCT w.id, w.wanted
          FROM waiting w CROSS JOIN LATERAL unnest(w.path) AS on_the_way (id)
          JOIN place ON place.id = on_the_way.id AND place.rights & w.wanted <> 0) AS near
    JOIN access_requests q ON q.id = near.id
    JOIN memberships m ON m.org_id = q.org_id AND m.user_id = q.user_id AND m.status = 'active'
    JOIN users u ON u.id = q.user_id AND u.status = 'active'
    WHERE (SELECT COALESCE(bit_or(p.rights), 0) FROM access_paths(subject, q.asked_id) AS p) & near.wanted <> 0
$$;
-- +goose StatementEnd

ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check
    CHECK (kind IN ('invitation', 'shared', 'owner', 'ending', 'reset', 'test', 'request', 'answer'));
