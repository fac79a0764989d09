// Rows of the user, in the database that is watched.
import type { Script } from '../model/migration.js'
import type { Scratch } from '../ports/scratch.js'
import { failureWithoutData } from '../report/redact-data.js'

/** `tables` have rows of fixtures, by schema and name. `refused` are sentences about files that failed; the others ran. */
export type FixtureRows = { readonly tables: ReadonlySet<string>; readonly refused: readonly string[] }

/** Rejects only where the server is gone. */
export async function runFixtures(base: Scratch, fixtures: readonly Script[]): Promise<FixtureRows> {
  if (fixtures.length === 0) return { tables: new Set(), refused: [] }
  const before = await base.rows()
  const refused: string[] = []
  for (const script of fixtures) {
    const ran = await base.run(script, 'up')
    if (ran.ok) continue
    const { place, message, sqlstate } = failureWithoutData(ran.failure)
    const at = place === undefined ? script.file : `${place.file}:${place.line}:${place.column}`
    refused.push(`${at}: ${message} (SQLSTATE ${sqlstate})`.replaceAll(/\s*\n\s*/g, ' '))
  }
  const now = await base.rows()
  return { tables: new Set([...now].flatMap(([table, rows]) => (rows === before.get(table) ? [] : [table]))), refused }
}
