// The rule `server-branch`: its samples are run by test/rules/samples.test.ts, further cases are here.
import { describe, expect, test } from '@jest/globals'
import { of, pair } from '../input.js'

describe('server-branch', () => {
  const said = (up: string): readonly string[] => of('server-branch', { ...pair('00001_a'), '00001_a.up.sql': up })
  const block = (body: string): string => `DO $$ ${body.includes('BEGIN') ? body : `BEGIN ${body} END`} $$;`

  test.each([
    [block(`IF current_database() = 'prod' THEN CREATE TABLE a (); END IF;`), 'current_database()'],
    [block(`IF 'prod' = pg_catalog.current_database() THEN NULL; END IF;`), 'pg_catalog.current_database()'],
    [block(`IF current_database() LIKE '%_prod' THEN NULL; ELSE NULL; END IF;`), 'current_database()'],
    [block(`IF current_database() NOT IN ('a', 'b') THEN RETURN; END IF;`), 'current_database()'],
    [block(`IF a THEN NULL; ELSIF session_user <> 'app' THEN NULL; END IF;`), 'session_user'],
    [block(`CASE current_user WHEN 'app' THEN NULL; ELSE NULL; END CASE;`), 'current_user'],
    [block(`IF inet_server_addr() IS NULL THEN NULL; END IF;`), 'inet_server_addr()'],
    [block(`IF pg_is_in_recovery() THEN NULL; END IF;`), 'pg_is_in_recovery()'],
    [block(`IF starts_with(current_database(), 'prod') THEN NULL; END IF;`), 'current_database()'],
    [block(`IF pg_has_role(current_user, 'rds_superuser', 'member') THEN NULL; END IF;`), 'current_user'],
    [block(`IF (SELECT current_database()) = 'prod' THEN NULL; END IF;`), 'current_database()'],
    [block(`IF current_setting('app.env', true) = 'prod' THEN NULL; END IF;`), `current_setting('app.env',true)`],
    [block(`IF current_setting('cluster_name') = 'main' THEN NULL; END IF;`), `current_setting('cluster_name')`],
    [
      `DO $x$ DECLARE db text := current_database(); BEGIN IF db = 'prod' THEN NULL; END IF; END $x$;`,
      'current_database()',
    ],
    [
      `DO $x$ DECLARE who name; BEGIN SELECT session_user INTO who; IF who <> 'app' THEN NULL; END IF; END $x$;`,
      'session_user',
    ],
    [`INSERT INTO flags SELECT 'on' WHERE current_database() = 'prod';`, 'current_database()'],
    [`UPDATE flags SET a = 1 WHERE current_user::text = 'app';`, 'current_user'],
    [`INSERT INTO flags VALUES (CASE WHEN current_database() ~ 'prod' THEN 1 ELSE 0 END);`, 'current_database()'],
    [`DELETE FROM flags WHERE lower(current_database()) = 'prod';`, 'current_database()'],
  ])('%s', (up, fact) => {
    expect(said(up)).toEqual([
      `note server-branch 00001_a.up.sql:1:1 ${fact} decides what this script does, and the proof took one way through it`,
    ])
  })

  test.each([
    [block(`EXECUTE format('ALTER DATABASE %I SET a.b TO %L', current_database(), 'x');`)],
    [
      block(
        `IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_catalog = current_database() AND table_name = 'a') THEN CREATE TABLE a (); END IF;`,
      ),
    ],
    [
      block(
        `EXECUTE 'GRANT CONNECT ON DATABASE ' || quote_ident(current_database()) || ' TO app'; IF a = 'b' THEN NULL; END IF;`,
      ),
    ],
    [block(`IF a THEN NULL; END IF; EXECUTE format('GRANT %I TO app', current_user);`)],
    [block(`PERFORM set_config('app.env', 'x', true); IF current_setting('app.env') = 'prod' THEN NULL; END IF;`)],
    [block(`IF current_setting('server_version_num')::int >= 150000 THEN NULL; END IF;`)],
    [block(`-- IF current_database() = 'prod' THEN\nNULL;`)],
    [`INSERT INTO audit (who, at) VALUES (current_user, now());`],
    [`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle';`],
    [
      block(
        `IF EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datname <> 'postgres') THEN NULL; END IF;`,
      ),
    ],
    [`CREATE POLICY p ON a USING (owner = current_user AND kind = 'x');`],
    [
      `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN IF current_user = 'app' THEN RETURN 1; END IF; RETURN 0; END $f$;`,
    ],
    [`ALTER TABLE a ADD CONSTRAINT c CHECK (current_user <> 'root');`],
    [`SELECT 1 WHERE 'current_database() = ''prod''' IS NOT NULL;`],
  ])('%s is fine', (up) => {
    expect(said(up)).toEqual([])
  })
})
