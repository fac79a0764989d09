// Run it with: node --test examples/library/migrations.test.mjs
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { migrateAllUp, migrateDown, migrateStatus, prove, startServer } from 'pg-migration-gate'

/** The folder with package.json and migrations/. In your project, usually the working directory. */
const root = new URL('../..', import.meta.url).pathname

test('every migration can be rolled back', () => prove({ root }))

let server
const dsns = {}
before(async () => {
  server = await startServer({ root })
  for (const name of ['core_db', 'kyc_db', 'rates_db', 'audit_db']) dsns[name] = await server.createDatabase(name)
})
after(() => server.stop())

test('the application starts on databases that are up to date', async () => {
  await migrateAllUp({ root, dsns })
  const { targets } = await migrateStatus({ root, dsns })
  for (const { standing } of targets) assert.deepEqual(standing.pending, [])
})

test('the newest migration of core_db can be rolled back and applied again', async () => {
  const { targets } = await migrateDown('core_db', { root, dsns })
  assert.equal(targets[0].steps[0].outcome, 'undone')
  await migrateAllUp({ root, dsns })
})
