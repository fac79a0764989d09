// What clients notice of a script is the same on all major versions. What does not end is left alone.
import { describe, expect, test } from '@jest/globals'
import { compareClients, rememberClients } from '../../src/adapters/postgres/clients/clients.js'
import { openSession } from '../../src/adapters/postgres/session.js'
import { startLive } from '../support/live.js'
import { serverNamed } from '../support/server.js'
import { CASES, ROLES } from '../adapters/postgres/clients/cases.js'
import { factsOf, linesOf } from '../adapters/postgres/clients/run-cases.js'

describe.each(['postgres-14', 'postgres-15-oldest', 'postgres-16', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)
  it(`finds the same (${needs})`, async () => {
    const live = await startLive(folder)
    try {
      const { lines } = await factsOf(live, ROLES, CASES)
      const found = CASES.map((one, i) => ({
        name: one.name,
        facts: lines[i]?.filter((line) => one.others.test(line)),
      }))
      expect(found).toEqual(CASES.map(({ name: title, facts }) => ({ name: title, facts })))
    } finally {
      await live.close()
    }
  }, 60_000)
})

test('a trigger that does not end is not judged', async () => {
  const live = await startLive()
  try {
    const at = await live.database()
    await at.query(
      'CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1); CREATE TABLE others (LIKE orders)',
    )
    const session = await openSession(live.cluster.connection(at.name))
    const [answer] = await session.send(`SELECT oid::text, relname FROM pg_class WHERE relname IN ('orders', 'others')`)
    const tables = (answer?.rows ?? []).map(([oid, relation]) => ({ oid: oid ?? '', relation: relation ?? '' }))
    const memory = await rememberClients(session, tables)
    await at.query(`CREATE FUNCTION loop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOOP END LOOP; END $$;
      CREATE TRIGGER loop BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION loop(); ALTER TABLE others RENAME id TO key`)
    const lines = linesOf(await compareClients(session, memory))
    expect(lines).toContain('Whether clients can still use orders was not found out: it took too long.')
    expect(lines.filter((line) => line.includes('others'))).toHaveLength(3)
    await session.close()
  } finally {
    await live.close()
  }
}, 60_000)
