// Reads a World, and sends statements that leave no trace.
import type { Answers } from '../simple-query.js'
import type { ClientSession, World } from './world.js'
import { worldQueries } from './world-queries.js'

type About = { readonly oids: readonly string[]; readonly names: readonly string[] }

/**
 * Reads the relations with these OIDs, those that have one of these full names, and what is not of one relation. Rejects with
 * the server's refusal, which is a lock on one of them that is held for long.
 */
export const readWorld = (session: ClientSession, about: About): Promise<World> =>
  readParts(session, about, Object.keys(worldQueries(about)) as (keyof World)[])

/** As `readWorld`, but these parts alone. */
export async function readParts<Part extends keyof World>(
  session: ClientSession,
  about: About,
  keys: readonly Part[],
): Promise<Pick<World, Part>> {
  const queries = worldQueries(about)
  const answers = await inRolledBack(session, [
    // Every name is written in full then.
    "SET LOCAL search_path = ''",
    ...keys.map((key) => queries[key]),
  ])
  const parts = keys.map((key, i) => [key, JSON.parse(answers[i + 1]?.rows[0]?.[0] ?? '[]') as unknown])
  return Object.fromEntries(parts) as Pick<World, Part>
}

/** To compile so many short expressions takes longer than to run them. */
const SETTINGS = ["SET LOCAL statement_timeout = '20s'", "SET LOCAL lock_timeout = '2s'", 'SET LOCAL jit = off']

/**
 * Sends statements as one message in a transaction that is rolled back, also after a refusal. Gives their answers. A statement
 * has 20 seconds, and waits 2 for a lock.
 */
export async function inRolledBack(session: ClientSession, statements: readonly string[]): Promise<Answers> {
  try {
    const answers = await session.send(['BEGIN', ...SETTINGS, ...statements, 'ROLLBACK'].join(';\n'))
    return answers.slice(1 + SETTINGS.length, -1)
  } catch (error) {
    await session.send('ROLLBACK').catch(() => undefined)
    throw error
  }
}
