// A backup that pg_restore alone cannot restore: refused in production, or taken knowingly, and restored all the same.
import { expect } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { LiveReport } from '../../../src/report/run-report.js'
import { serverForTests } from '../../support/live.js'
import { BACKUP, pairOf, productionsForTests, rules, type Production } from '../../support/production.js'
import { testWithDump as test } from '../../support/with-dump.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

const NEXT = pairOf('core_db', '00002', 'CREATE TABLE later (id int);', 'DROP TABLE later;')

/** Of all six kinds, on one database: a check and a generated column also read tables that are loaded later. */
const UP = `CREATE TABLE kinds (name text PRIMARY KEY); INSERT INTO kinds VALUES ('x');
  CREATE FUNCTION kind_ok(k text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM kinds WHERE name = k); END $$;
  CREATE FUNCTION inner_f(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
  CREATE FUNCTION outer_f(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN inner_f(t); END $$;
  CREATE FUNCTION expanded_f(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT inner_f(t) $$;
  CREATE FUNCTION low(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN (SELECT name FROM kinds LIMIT 1) || lower(t); END $$;
  CREATE DOMAIN nonempty AS text CHECK (outer_f(VALUE) <> '');
  CREATE TABLE items (kind text CHECK (kind_ok(kind)), n nonempty, low text GENERATED ALWAYS AS (low(n)) STORED, expanded text GENERATED ALWAYS AS (expanded_f(n)) STORED);
  CREATE INDEX items_n ON items (outer_f(n));
  CREATE MATERIALIZED VIEW mv AS SELECT outer_f(n) AS o FROM items;`
const DOWN = `DROP MATERIALIZED VIEW mv; DROP TABLE items; DROP DOMAIN nonempty; DROP FUNCTION low(text), expanded_f(text), outer_f(text), inner_f(text), kind_ok(text); DROP TABLE kinds;`

const CHAIN = { ...pairOf('core_db', '00001', UP, DOWN), ...NEXT }

async function withRow(): Promise<Production> {
  const at = await makeProduction(CHAIN)
  await at.upTo('00001')
  await query(at, `INSERT INTO items (kind, n) VALUES ('x', 'Y'); REFRESH MATERIALIZED VIEW mv`)
  return at
}

const query = (at: Production, sql: string) => at.databases['core_db']?.query(sql)
const content = (at: Production) =>
  query(at, `SELECT i.*, mv.o, (SELECT count(*)::int FROM kinds) AS kinds FROM items i, mv`)

test('production refuses before anything is applied, with the repairs; other environments are warned', async () => {
  const at = await withRow()
  const approved = await at.approve()
  const planned = JSON.parse(readFileSync(at.folder.at(approved.plan), 'utf8')) as LiveReport
  const blocking = planned.targets[0]?.ahead?.conditions.filter(({ what }) => what.startsWith('pg_restore cannot'))
  expect(blocking?.map(({ kind }) => kind)).toEqual(['blocks', 'blocks', 'blocks', 'blocks', 'blocks', 'blocks'])
  const refused = await at.deploy(approved)
  expect(refused).toMatchObject({ verdict: 'fail', exitCode: 1 })
  expect(rules(refused)).toEqual(['backup', 'backup', 'backup', 'backup', 'backup', 'backup'])
  expect(refused.approval?.refused.map(({ what }) => what)).toEqual([
    expect.stringMatching(
      /check constraint items_kind_check of table public\.items calls public\.kind_ok\(text\), which names kinds /,
    ),
    expect.stringMatching(
      /check constraint nonempty_check of domain public\.nonempty, index public\.items_n, materialized view public\.mv call public\.outer_f\(text\), which names inner_f /,
    ),
    expect.stringMatching(
      /generated column expanded of table public\.items calls public\.expanded_f\(text\), which names inner_f /,
    ),
    expect.stringMatching(/generated column low of table public\.items calls public\.low\(text\), which names kinds /),
    expect.stringMatching(
      /items_kind_check of table public\.items reads public\.kinds, which pg_restore loads after public\.items/,
    ),
    expect.stringMatching(
      /generated column low of table public\.items reads public\.kinds, which pg_restore loads after/,
    ),
  ])
  expect(refused.approval?.refused[0]?.fix).toMatch(
    /ALTER FUNCTION public\.kind_ok\(text\) SET search_path = public, pg_temp; To go on .* --accept-unrestorable core_db/,
  )
  const warned = await at.deploy({ environment: 'staging', digest: undefined })
  expect(rules(warned)).not.toContain('backup')
  const external = await at.deploy({ ...approved, backup: { ...BACKUP, kind: 'external', id: 'snap-1' } })
  expect(external).toMatchObject({ verdict: 'pass' })
})

test('accepted, it is not called verified; restore brings it back whole, and names the repair', async () => {
  const at = await withRow()
  const before = await content(at)
  const deployed = await at.deploy({ unrestorable: ['core_db'], backup: { ...BACKUP, proof: 'restored' } })
  expect(deployed).toMatchObject({ verdict: 'pass' })
  expect(deployed.checklist?.find(({ what }) => what.startsWith('backup completed'))).toEqual({
    what: 'backup completed and verified',
    result: 'open',
    seen: 'pg_restore alone cannot restore that of core_db',
  })
  const backup = deployed.targets[0]?.backup
  if (backup?.kind !== 'dump') throw new Error('a dump was asked for')
  expect(backup.notes.join()).toMatch(/^pg_restore alone cannot restore it: check constraint items_kind_check/)
  await query(at, `UPDATE items SET n = 'Z'; DELETE FROM kinds WHERE name <> 'x'`)
  const archive = path.relative(at.folder.path, backup.path)
  const restored = await at.restore({ archive, confirm: 'core_db restore', jobs: 2 })
  expect(restored).toMatchObject({ verdict: 'pass' })
  const alone = restored.targets[0]?.seen?.filter(({ what }) => what.startsWith('pg_restore alone fails'))
  expect(alone?.map(({ seen }) => seen).join()).toMatch(
    /public\.outer_f\(text\).*ALTER FUNCTION public\.outer_f\(text\) SET search_path = public, pg_temp;/,
  )
  expect(await content(at)).toEqual(before)
  expect(
    await query(
      at,
      `SELECT proname FROM pg_proc WHERE proconfig IS NOT NULL AND pronamespace = 'public'::regnamespace`,
    ),
  ).toEqual([])
})

test('repaired as printed, it is verified', async () => {
  const at = await withRow()
  const { refused = [] } = (await at.deploy()).approval ?? {}
  for (const { fix } of refused)
    for (const [sql] of fix.matchAll(/ALTER (?:FUNCTION|TABLE) .*?;/g)) await query(at, sql)
  // Nothing repairs a generated column that reads another table.
  await query(at, 'ALTER TABLE items ALTER COLUMN low DROP EXPRESSION')
  const deployed = await at.deploy({ backup: { ...BACKUP, proof: 'restored' } })
  expect(deployed).toMatchObject({ verdict: 'pass' })
  expect(deployed.checklist?.find(({ what }) => what.startsWith('backup completed'))?.result).toBe('held')
})
