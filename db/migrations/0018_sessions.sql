-- What an organization asks of its members' signing in. Defaults stand for no row: what the server itself asks.

-- +goose Up
CREATE TABLE sign_in_policies (
    org_id         uuid PRIMARY KEY REFERENCES organizations ON DELETE CASCADE,
    idle_hours     integer NOT NULL CHECK (idle_hours BETWEEN 1 AND 12),
    absolute_hours integer NOT NULL CHECK (absolute_hours BETWEEN 1 AND 168),
    second_factor  boolean NOT NULL DEFAULT false
);
CREATE CONSTRAINT TRIGGER audit_guard AFTER INSERT OR UPDATE OR DELETE ON sign_in_policies
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_guard();

-- Whether a session still counts: the strictest of the person's organizations decides, now and not when they signed in.
CREATE FUNCTION session_lives(person uuid, began timestamptz, seen timestamptz, until timestamptz, idle interval) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT until > now() AND seen > now() - LEAST(idle, min(p.idle_hours) * interval '1 hour')
       AND began > now() - COALESCE(min(p.absolute_hours) * interval '1 hour', interval '100 years')
    FROM memberships m JOIN sign_in_policies p ON p.org_id = m.org_id
    WHERE m.user_id = person AND m.status = 'active'
$$;
