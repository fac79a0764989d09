// Many small scripts on one database, each in a schema of its own, and what clients notice of each.
import { openSession } from '../../../../src/adapters/postgres/session.js'
import { compareClients, rememberClients, type ClientFacts } from '../../../../src/adapters/postgres/clients/clients.js'
import type { LiveServer } from '../../../support/live.js'

/** `THIS` is the schema of the case. `facts`: what is found, as lines, without this schema. */
export type Case = {
  readonly name: string
  readonly before: string
  readonly script: string
  readonly facts: readonly string[]
}

const OLD = `SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname ~ '^c\\d+$' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY c.oid`

/** Facts by number of the case, as lines. `shared` runs first. */
export async function factsOf(
  live: LiveServer,
  shared: string,
  cases: readonly Pick<Case, 'before' | 'script'>[],
): Promise<{ readonly lines: readonly (readonly string[])[]; readonly others: readonly string[] }> {
  const at = await live.database()
  const client = await at.session()
  await client.query(shared)
  for (const [i, { before }] of cases.entries())
    await client.query(`CREATE SCHEMA c${i}; SET search_path = c${i}, public; ${before.replaceAll('THIS', `c${i}`)}`)
  const session = await openSession(live.cluster.connection(at.name))
  const tables = ((await session.send(OLD)).at(-1)?.rows ?? []).map(([oid, relation]) => ({
    oid: oid ?? '',
    relation: relation ?? '',
  }))
  const memory = await rememberClients(session, tables)
  for (const [i, { script }] of cases.entries())
    await client.query(`SET search_path = c${i}, public; ${script.replaceAll('THIS', `c${i}`)}`)
  const facts = await compareClients(session, memory)
  await session.close()
  const lines = linesOf(facts)
  const ofCase = cases.map((_, i) =>
    lines
      .filter((line) => new RegExp(`\\bc${i}\\b`).test(line))
      .map((line) => line.replaceAll(`c${i}.`, '').replaceAll(`c${i}`, 'its schema')),
  )
  return { lines: ofCase, others: lines.filter((line) => !/\bc\d+\b/.test(line)) }
}

export const linesOf = (facts: ClientFacts): readonly string[] => [
  ...facts.broken.map(
    ({ client, sqlstate, message, role }) =>
      `broken ${client}: ${sqlstate} ${message}${role === undefined ? '' : ` (${role})`}`,
  ),
  ...facts.answers.map(({ client, what }) => `answers ${client}: ${what}`),
  ...facts.access.map(({ relation, what }) => `access${relation === undefined ? '' : ` ${relation}`}: ${what}`),
  ...facts.lost.map(
    ({ relation, column, what, count, how }) =>
      `lost ${relation}${column === undefined ? '' : ` ${column}`}: ${count} ${what} ${how}`,
  ),
  ...facts.left.map(({ what, name, relation }) => `left ${relation}: ${what} ${name}`),
  ...facts.unindexed.map(
    ({ constraint, relation, columns, referenced }) =>
      `unindexed ${relation}: ${constraint} (${columns.join(', ')}) -> ${referenced}`,
  ),
  ...facts.notJudged,
]
