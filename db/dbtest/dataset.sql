-- Statements of Dataset.Load. Everything is a function of the seed, the organization and a number.

SET LOCAL session_replication_role = replica; -- no triggers: the keys are checked at the end, all rows at once
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '256MB';

-- An index is made faster than it is kept while a million rows come.
CREATE TEMP TABLE index_for_later ON COMMIT DROP AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid IN ('resources'::regclass, 'grants'::regclass, 'group_members'::regclass, 'people'::regclass)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid);
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM index_for_later LOOP
        EXECUTE 'DROP INDEX ' || one.name;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION pg_temp.org() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.slug') $$;
CREATE OR REPLACE FUNCTION pg_temp.size() RETURNS int LANGUAGE sql STABLE AS $$ SELECT current_setting('bench.members')::int $$;
-- A number that looks random, from 0 up to under a bound.
CREATE OR REPLACE FUNCTION pg_temp.roll(what text, n int, bound int) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT ((hashtextextended(what || n, current_setting('bench.seed')::bigint) & x'7fffffffffffffff'::bigint) % bound)::int
$$;
CREATE OR REPLACE FUNCTION pg_temp.made(what text, n int) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT md5(current_setting('bench.seed') || current_setting('bench.slug') || what || n)::uuid
$$;
CREATE OR REPLACE FUNCTION pg_temp.word(list text[], what text, n int) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT list[1 + pg_temp.roll(what, n, cardinality(list))]
$$;

INSERT INTO organizations (id, slug) SELECT pg_temp.made('resource', 0), pg_temp.org();

CREATE TEMP TABLE member ON COMMIT DROP AS
SELECT n, pg_temp.made('user', n) AS id,
       pg_temp.word('{Ana,Bo,Cyra,Dev,Elif,Femi,Greta,Hiro,Ines,Jonas,Kemal,Lena,Mirza,Noor,Oskar,Priya,Quinn,Rosa,Sven,Tariq,Uma,Viktor,Wanda,Ximena,Yusuf,Zora}', 'first', n) AS first,
       pg_temp.word('{Abbott,Bauer,Castro,Dahl,Eriksen,Ferrari,Gupta,Haddad,Ito,Jansen,Kovacs,Lindqvist,Moreau,Nyberg,Okafor,Petrov,Quist,Rossi,Silva,Tanaka,Ueda,Varga,Weber,Xu,Yilmaz,Zhang}', 'last', n) AS last
FROM generate_series(0, pg_temp.size() - 1) AS n;
CREATE UNIQUE INDEX ON member (n) INCLUDE (id);

INSERT INTO users (id, email, name)
SELECT id, lower(first || '.' || last) || '.' || n || '@' || pg_temp.org() || '.test', first || ' ' || last FROM member;
INSERT INTO accounts (user_id, last_seen_at)
SELECT id, now() - n * interval '1 minute' FROM member WHERE n % 3 <> 0;
INSERT INTO memberships (org_id, user_id, status)
SELECT pg_temp.made('resource', 0), id, CASE WHEN n % 50 = 49 THEN 'deactivated' ELSE 'active' END FROM member;

-- Trees of 341 groups: 1, 4, 16, 64 and 256 on five levels.
CREATE TEMP TABLE team ON COMMIT DROP AS
SELECT n, pg_temp.made('group', n) AS id,
       CASE WHEN n >= roots THEN pg_temp.made('group', (n - roots) / 4) END AS parent_id
FROM (SELECT ceil(pg_temp.size() / 10 / 341.0)::int AS roots) AS shape, generate_series(0, pg_temp.size() / 10 - 1) AS n;
INSERT INTO groups (org_id, id, name, description)
SELECT pg_temp.made('resource', 0), id,
       pg_temp.word('{Alpine,Baltic,Coastal,Delta,Eastern,Fjord,Global,Harbour,Inland,Lunar,Metro,Nordic,Orbit,Polar,River,Solar}', 'adjective', n) || ' '
       || pg_temp.word('{Analysts,Builders,Credit,Data,Energy,Finance,Growth,Hedging,Insights,Legal,Models,Operations,Pricing,Quants,Risk,Trading}', 'noun', n) || ' ' || n,
       'Number ' || n
FROM team;
INSERT INTO nested_groups (org_id, group_id, member_group_id) SELECT pg_temp.made('resource', 0), parent_id, id FROM team WHERE parent_id IS NOT NULL;
INSERT INTO group_ancestry (org_id, ancestor_id, descendant_id)
WITH RECURSIVE inside (ancestor_id, descendant_id) AS (
    SELECT id, id FROM team
  UNION
    SELECT i.ancestor_id, t.id FROM inside i JOIN team t ON t.parent_id = i.descendant_id
)
SELECT pg_temp.made('resource', 0), ancestor_id, descendant_id FROM inside;
INSERT INTO group_members (org_id, group_id, user_id, role)
SELECT DISTINCT ON (t.id, m.id) pg_temp.made('resource', 0), t.id, m.id, CASE WHEN m.n % 100 = 0 THEN 'admin' ELSE 'member' END
FROM member m
CROSS JOIN generate_series(0, 3) AS turn
JOIN team t ON t.n = pg_temp.roll('group of ' || turn, m.n, pg_temp.size() / 10);

-- The organization is number 0, then come modules, projects, packages and datasets.
CREATE TEMP TABLE thing ON COMMIT DROP AS
SELECT n, pg_temp.made('resource', n) AS id, kind,
       CASE kind WHEN 'module' THEN 0
                 WHEN 'project' THEN 1 + pg_temp.roll('module of', n, modules)
                 WHEN 'organization' THEN NULL
                 ELSE 1 + modules + pg_temp.roll('project of', n, projects) END AS parent
FROM (SELECT greatest(pg_temp.size() / 1000, 1) AS modules, pg_temp.size() / 2 AS projects) AS shape,
     generate_series(0, pg_temp.size() * 6 - 1) AS n,
     LATERAL (SELECT CASE WHEN n = 0 THEN 'organization' WHEN n <= modules THEN 'module' WHEN n <= modules + projects THEN 'project'
                          WHEN n % 5 < 2 THEN 'package' ELSE 'dataset' END AS kind) AS what;
CREATE UNIQUE INDEX ON thing (n) INCLUDE (id, parent, kind);
ANALYZE member, team, thing;

INSERT INTO resources (org_id, id, kind, key, name, parent_id, path, owner_id, access_mode, org_role)
SELECT pg_temp.made('resource', 0), t.id, t.kind, CASE WHEN t.n = 0 THEN pg_temp.org() ELSE t.kind || '-' || t.n END,
       CASE WHEN t.n = 0 THEN pg_temp.org()
            ELSE pg_temp.word('{Amber,Basalt,Copper,Dune,Ember,Flint,Garnet,Heath,Iris,Jade,Kelp,Larch,Moss,Nickel,Opal,Pine}', 'stone', t.n) || ' ' || t.kind || ' ' || t.n END,
       p.id,
       array_remove(ARRAY[CASE WHEN t.kind IN ('package', 'dataset') THEN pg_temp.made('resource', 0) END, pp.id, p.id, t.id], NULL),
       m.id,
       CASE WHEN t.kind = 'project' AND (t.n % 5 = 0 OR t.n = greatest(pg_temp.size() / 1000, 1) + 1) OR t.kind IN ('package', 'dataset') AND t.n % 100 = 0 THEN 'organization'
            WHEN t.kind = 'project' AND t.n % 100 = 1 THEN 'public' ELSE 'restricted' END,
       CASE WHEN t.n % 2 = 0 THEN 'viewer' ELSE 'editor' END
FROM thing t
LEFT JOIN thing p ON p.n = t.parent
LEFT JOIN thing pp ON pp.n = p.parent
LEFT JOIN member m ON t.kind NOT IN ('organization', 'module')
    AND m.n = CASE WHEN t.n = greatest(pg_temp.size() / 1000, 1) + 1 THEN 0 ELSE pg_temp.roll('owner of', t.n, pg_temp.size()) END; -- an Admin owns one

-- The members' roles, roles on modules, then six grants on each project, two of them to groups, and the rest below.
INSERT INTO grants (org_id, id, resource_id, resource_kind, role_id, user_id)
SELECT org, pg_temp.made('role of', n), org, 'organization',
       'organization/' || CASE WHEN n % 1000 = 0 THEN 'admin' WHEN n % 20 = 1 THEN 'modeler' ELSE 'member' END, id
FROM member, (SELECT pg_temp.made('resource', 0) AS org) AS it;

INSERT INTO grants (org_id, id, resource_id, resource_kind, role_id, user_id, group_id, expires_at)
SELECT org, pg_temp.made('grant', g.n), t.id, t.kind,
       CASE WHEN t.kind = 'module' THEN 'module/user'
            ELSE t.kind || '/' || (ARRAY['viewer', 'viewer', 'editor', 'admin'])[1 + pg_temp.roll('role of', g.n, 4)] END,
       m.id, team.id, CASE WHEN g.n % 50 = 7 THEN now() + interval '30 days' END
FROM (SELECT n, pg_temp.size() AS size, greatest(pg_temp.size() / 1000, 1) AS modules,
             CASE WHEN n < pg_temp.size() THEN 'group' WHEN n >= 3 * pg_temp.size() AND n % 5 = 0 THEN 'group' ELSE 'user' END AS principal
      FROM generate_series(0, pg_temp.size() * 9 - 1) AS n) AS g
CROSS JOIN (SELECT pg_temp.made('resource', 0) AS org) AS it
JOIN thing t ON t.n = CASE WHEN g.n < 5 * modules THEN 1 + g.n % modules
                           WHEN g.n < 3 * size THEN 1 + modules + g.n % (size / 2)
                           ELSE 1 + modules + size / 2 + g.n % (size * 6 - 1 - modules - size / 2) END
LEFT JOIN member m ON g.principal = 'user' AND m.n = pg_temp.roll('user of', g.n, g.size)
LEFT JOIN team ON g.principal = 'group' AND team.n = pg_temp.roll('group of', g.n, g.size / 10)
ON CONFLICT DO NOTHING;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM index_for_later LOOP
        EXECUTE one.definition;
    END LOOP;
END $$;

ANALYZE users, accounts, memberships, invitations, grants, resources, groups, group_members, group_ancestry, nested_groups;

-- What triggers would have followed, each person looked up by index.
INSERT INTO people SELECT * FROM people_now WHERE org_id = pg_temp.made('resource', 0);
INSERT INTO people_counts SELECT org_id, status, role_id, count(*) FROM people WHERE org_id = pg_temp.made('resource', 0) AND sort = 'name' GROUP BY 1, 2, 3;

INSERT INTO group_sizes SELECT * FROM group_sizes_now WHERE org_id = pg_temp.made('resource', 0);

-- Nothing changes without an event.
INSERT INTO audit_events (org_id, seq, at, actor_name, via, action, target_type, target_name, hash)
VALUES (pg_temp.made('resource', 0), 1, now(), 'The generator', 'job', 'dataset.loaded', 'organization', pg_temp.org(), sha256(''));
INSERT INTO audit_heads (org_id, seq, hash) VALUES (pg_temp.made('resource', 0), 1, sha256(''));

-- Each foreign key anew, which checks every row.
SET LOCAL session_replication_role = origin;

DO $$
DECLARE
    key record;
BEGIN
    FOR key IN SELECT conrelid::regclass AS of_table, conname, pg_get_constraintdef(oid) AS definition
               FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid IN
                    ('users'::regclass, 'accounts'::regclass, 'memberships'::regclass, 'groups'::regclass, 'group_members'::regclass, 'nested_groups'::regclass,
                     'group_ancestry'::regclass, 'resources'::regclass, 'grants'::regclass) LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.of_table, key.conname);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', key.of_table, key.conname, key.definition);
    END LOOP;
END $$;
