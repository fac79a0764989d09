// Awkward rows of before a change, carried through all of its ups and back through its downs, in one transaction that is rolled back.
import type { RowFailure } from '../../../impact/facts.js'
import { isOfRows, needsOf } from '../../../impact/failing-rows.js'
import type { Script } from '../../../model/migration.js'
import { fillTables } from '../fill/fill.js'
import { togetherOf } from '../scratch/together.js'
import { planSending } from '../scratch/send-plan.js'
import { isDatabaseError, type Session } from '../session.js'
import type { OldRelation } from './old-relations.js'
import { refusedRows } from './refused-rows.js'
import { refusalOf, rowFailure } from './row-failure.js'
import { unitsOf, type ScriptStatement } from './units.js'

/** By script: it took the rows, or what it says of them. A script behind the first that does not take them is not in it. */
export type Carried = ReadonlyMap<Script, 'held' | RowFailure>

/** Whether a script finds other rows than those that were there before the change. */
export const writesRows = (scripts: readonly Script[]): boolean => scripts.some((one) => planSending(one).writesRows)

/** Natural ones in each table, beside the awkward ones. */
const ROWS = 3

/** `tables` are old, and have no rows. `scripts` in the order in which they run. */
export async function carryRows(
  session: Session,
  { tables, scripts }: { readonly tables: readonly OldRelation[]; readonly scripts: readonly Script[] },
): Promise<Carried> {
  const carried = new Map<Script, 'held' | RowFailure>()
  await session.send('BEGIN')
  try {
    await fillTables(session, { tables: tables.map(({ oid }) => oid), rows: ROWS, kind: 'awkward' })
    const defers = await hasDeferrable(session)
    for (const script of scripts) {
      const together = togetherOf(script)
      const result = together && (await run(session, together.script, tables))
      // Constraints are checked at once from the first script on, which a later one may not expect.
      const isSure = carried.size === 0 || !defers || result === 'held' || !OF_DEFERRABLE.has(result?.sqlstate ?? '')
      if (result === undefined || !isSure) break
      carried.set(script, result)
      if (result !== 'held') break
    }
  } catch (error) {
    if (!isDatabaseError(error)) throw error
  } finally {
    await session.send('ROLLBACK')
  }
  return carried
}

/** Violations of foreign keys, unique keys and exclusion constraints. */
const OF_DEFERRABLE = new Set(['23503', '23505', '23P01'])

async function hasDeferrable({ send }: Session): Promise<boolean> {
  const answer = await send('SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE condeferrable)')
  return answer.at(-1)?.rows[0]?.[0] === 't'
}

/** Undefined where it fails for another reason, so that nothing is known of those behind it. */
async function run(
  session: Session,
  script: Script,
  tables: readonly OldRelation[],
): Promise<'held' | RowFailure | undefined> {
  const statements = unitsOf(script).flatMap((unit) => (unit.alone ? [] : unit.statements))
  for (const one of statements) {
    const refused = await refusal(session, one.text)
    if (refused !== undefined) return failureOf(session, refused, { statement: one, text: one.text, tables })
  }
  const refused = await refusal(session, 'SET CONSTRAINTS ALL IMMEDIATE')
  if (refused === undefined) return 'held'
  return failureOf(session, refused, { statement: statements.at(-1), text: undefined, tables })
}

/** The transaction goes on as if it had never been sent. */
async function refusal({ send }: Session, text: string): Promise<Refusal | undefined> {
  await send('SAVEPOINT gate_carry')
  try {
    await send(text)
    await send('RELEASE SAVEPOINT gate_carry')
    return undefined
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await send('ROLLBACK TO SAVEPOINT gate_carry; RELEASE SAVEPOINT gate_carry')
    return error
  }
}

type Refusal = Parameters<typeof refusalOf>[0]

async function failureOf(
  session: Session,
  error: Refusal,
  at: {
    readonly statement: ScriptStatement | undefined
    readonly text: string | undefined
    readonly tables: readonly OldRelation[]
  },
): Promise<RowFailure | undefined> {
  if (!isOfRows(refusalOf(error))) return undefined
  const refused = await refusedRows(session, { error, text: at.text, tables: at.tables })
  return rowFailure({ error, statement: at.statement }, refused, {
    source: 'made up',
    needs: needsOf(refusalOf(error)),
  })
}
