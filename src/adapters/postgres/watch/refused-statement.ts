// A statement that the server refuses because of rows, and the state before it.
import type { DatabaseError } from 'pg'
import type { RowFailure } from '../../../impact/facts.js'
import type { Script } from '../../../model/migration.js'
import { isDatabaseError, type Session } from '../session.js'
import type { OldRelation } from './old-relations.js'
import { unitsOf, type ScriptStatement } from './units.js'

/** What is found out; each part is absent where it cannot be. */
export type RefusedRows = Pick<RowFailure, 'relation' | 'column' | 'constraint' | 'key' | 'where' | 'count'>

/**
 * `text` is the statement; undefined where the end of the transaction fails, for a deferred constraint. `tables`: those whose rows the
 * script may meet.
 */
export type RefusedStatement = {
  readonly error: DatabaseError
  readonly text: string | undefined
  readonly tables: readonly OldRelation[]
}

export type Asking = Pick<Session, 'send'>

/** What `body` gives, and nothing that it does; undefined where the server refuses it. */
export async function undone<T>({ send }: Asking, body: () => Promise<T>): Promise<T | undefined> {
  await send('SAVEPOINT gate_look')
  try {
    return await body()
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return undefined
  } finally {
    await send('ROLLBACK TO SAVEPOINT gate_look; RELEASE SAVEPOINT gate_look')
  }
}

/**
 * What `body` finds in the state in which a statement of the script failed: with all of its transaction before it, or, in a trial,
 * with all of the script. `first` runs at the beginning of a trial. All of it is rolled back. Undefined where the server refuses to
 * come there once more.
 */
export async function inStateBefore<T>(
  script: Script,
  { statement: { number }, atEnd }: { readonly statement: ScriptStatement; readonly atEnd: boolean },
  { open, first }: { readonly open: () => Promise<Session>; readonly first?: (session: Session) => Promise<void> },
  body: (session: Session) => Promise<T>,
): Promise<T | undefined> {
  const units = unitsOf(script).filter(
    ({ statements, alone }) => (first !== undefined && !alone) || statements.some((one) => one.number === number),
  )
  const all = units.flatMap(({ statements }) => statements)
  const before = all.filter((one) => one.number < number || (atEnd && one.number === number))
  const session = await open()
  try {
    await session.send('BEGIN')
    await first?.(session)
    for (const { text } of before) await session.send(text)
    return await body(session)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return undefined
  } finally {
    await session.send('ROLLBACK')
    await session.close()
  }
}
