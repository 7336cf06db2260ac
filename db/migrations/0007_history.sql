-- The past of every access fact. Live tables hold what is true now; a trigger copies the row that it replaces to
-- history.<table> with the period in which it was true. The schema as_of shows the tables as they stood at the
-- time in gatehouse.as_of: with `SET search_path = as_of, public` the same queries answer about that time.

-- +goose Up
CREATE SCHEMA history;
CREATE SCHEMA as_of;

-- +goose StatementBegin
CREATE FUNCTION history.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO history.%I SELECT ($1).*, $2', TG_TABLE_NAME) USING OLD, GREATEST(change_time(), OLD.valid_from);
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    NEW.valid_from := GREATEST(change_time(), OLD.valid_from);
    RETURN NEW;
END $$;
CREATE FUNCTION as_of.decision_time() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT current_setting('gatehouse.as_of')::timestamptz
$$;
DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['users', 'organizations', 'memberships', 'groups', 'group_members', 'nested_groups',
                                'roles', 'resources', 'grants'] LOOP
        EXECUTE format('CREATE TABLE history.%I (LIKE public.%I, valid_to timestamptz NOT NULL)', kept, kept);
        EXECUTE format('CREATE INDEX ON history.%I (valid_to, valid_from)', kept);
        EXECUTE format('CREATE TRIGGER keep_history_of_update BEFORE UPDATE ON public.%I
                        FOR EACH ROW EXECUTE FUNCTION history.keep()', kept);
        EXECUTE format('CREATE TRIGGER keep_history_of_delete BEFORE DELETE ON public.%I
                        FOR EACH ROW EXECUTE FUNCTION history.keep()', kept);
        EXECUTE format('CREATE VIEW as_of.%I AS
                        SELECT * FROM public.%I WHERE valid_from <= as_of.decision_time()
                      UNION ALL
                        SELECT %s FROM history.%I WHERE valid_from <= as_of.decision_time() AND valid_to > as_of.decision_time()',
            kept, kept,
            (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = format('public.%I', kept)::regclass AND attnum > 0 AND NOT attisdropped),
            kept);
    END LOOP;
    -- Between groups of the past the closure is computed when it is asked for.
    CREATE VIEW as_of.group_ancestry AS
    WITH RECURSIVE inside (org_id, ancestor_id, descendant_id) AS (
        SELECT org_id, id, id FROM as_of.groups
      UNION
        SELECT i.org_id, i.ancestor_id, n.member_group_id
        FROM inside i JOIN as_of.nested_groups n ON n.org_id = i.org_id AND n.group_id = i.descendant_id
    )
    SELECT org_id, ancestor_id, descendant_id FROM inside;
END $$;
-- +goose StatementEnd
