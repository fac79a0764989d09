// Everything that pg_restore alone cannot restore, in one database: deployed knowingly, proved, and restored by jobs.
import { expect } from '@jest/globals'
import path from 'node:path'
import { serverForTests } from '../support/live.js'
import { BACKUP, pairOf, productionsForTests, type Production } from '../support/production.js'
import { BEFORE, RESTORABLE, UNRESTORABLE } from '../support/restorability.js'
import { testWithDump as test } from '../support/with-dump.js'

const live = serverForTests()
const makeProduction = productionsForTests(live)

/** The hash of all rows of each table and materialized view. */
const CONTENT = `SELECT c.oid::regclass::text AS name, (xpath('/row/h/text()', query_to_xml(format('SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) AS h FROM %s t', c.oid::regclass), false, true, '')))[1]::text AS hash
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND n.nspname IN ('public', 'Other App') AND c.relname !~ 'migration' ORDER BY 1`

test.each([1, 3])('restored whole by %i jobs', async (jobs) => {
  const sql = `${BEFORE} ${UNRESTORABLE.filter(({ restore }) => restore === undefined)
    .map((one) => one.sql)
    .join('\n')} ${Object.entries(RESTORABLE)
    .filter(([name]) => name !== 'an index that is not valid')
    .map(([, text]) => text)
    .join('\n')}`
  const at: Production = await makeProduction(
    pairOf('core_db', '00001', 'CREATE TABLE later (id int);', 'DROP TABLE later;'),
  )
  const database = at.databases['core_db']
  if (database === undefined) throw new Error('core_db is one of them')
  await database.query(`ALTER DATABASE ${database.name} SET search_path = public, "Other App"`)
  await database.query(sql)
  const before = await database.query(CONTENT)
  const deployed = await at.deploy({
    proof: 'none',
    existing: 'allow',
    unrestorable: ['core_db'],
    backup: { ...BACKUP, jobs, proof: 'restored' },
  })
  expect(deployed.targets[0]?.stopped).toBeUndefined()
  if (deployed.verdict !== 'pass') expect(deployed).toMatchObject({ verdict: 'pass' })
  const backup = deployed.targets[0]?.backup
  const archive = path.relative(at.folder.path, backup?.kind === 'dump' ? backup.path : '')
  await database.query(`DELETE FROM z01; UPDATE z03 SET n = 'other'`)
  const restored = await at.restore({ archive, confirm: 'core_db restore', jobs })
  expect(restored).toMatchObject({ verdict: 'pass' })
  expect(await database.query(CONTENT)).toEqual(before)
})
