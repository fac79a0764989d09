// What clients read: a SELECT of the named columns, also one that a connected client prepared before the script.
import type { Answer, Broken } from '../../../impact/facts.js'
import { identifier, quoted } from '../../../sql/quote.js'
import { tryAll, type Attempt } from './attempts.js'
import { columnNow, identifierShown, type Moved } from './writes.js'
import { inRolledBack } from './read-world.js'
import type { ClientSession, Relation } from './world.js'

const PREFIX = 'migration_gate_'

/** `statement`: the prepared statement of the session; undefined where it was refused. */
type Read = { readonly relation: Relation; readonly statement: string | undefined }

export type ReadMemory = readonly Read[]

const selectOf = (relation: Relation, columns = relation.columns.map(({ name }) => name)): string =>
  `SELECT ${columns.map(identifier).join(', ')} FROM ${relation.sql} LIMIT 0`

/** Prepares one SELECT for each relation in this session. Prepared statements outlive a rollback. */
export async function rememberReads(session: ClientSession, relations: readonly Relation[]): Promise<ReadMemory> {
  await forgetReads(session)
  const outcomes = await tryAll(
    session,
    relations.map((relation, i) => ({ text: `PREPARE ${PREFIX}${i} AS ${selectOf(relation)}` })),
  )
  return relations.map((relation, i) => {
    const outcome = outcomes[i]
    return { relation, statement: outcome === undefined || outcome.refusal ? undefined : `${PREFIX}${i}` }
  })
}

/** Without what an earlier comparison left. */
const forgetReads = (session: ClientSession): Promise<unknown> =>
  inRolledBack(session, [
    `DO $$ DECLARE one text; BEGIN
      FOR one IN SELECT name FROM pg_prepared_statements WHERE starts_with(name, ${quoted(PREFIX)}) LOOP EXECUTE 'DEALLOCATE ' || one; END LOOP;
    END $$`,
  ])

export async function compareReads(
  session: ClientSession,
  memory: ReadMemory,
  moved: Moved,
): Promise<{
  readonly broken: readonly Broken[]
  readonly answers: readonly Answer[]
  readonly notTried: readonly string[]
}> {
  const reads = memory.filter(({ statement }) => statement !== undefined)
  const outcomes = await tryAll(
    session,
    reads.flatMap(({ relation, statement }) => [parse(relation), { text: `EXECUTE ${statement}` }]),
  )
  const notTried: string[] = []
  const whole: Broken[] = []
  const partly: Relation[] = []
  const answers = reads.flatMap(({ relation }, i): readonly Answer[] => {
    const [parsed, executed] = outcomes.slice(2 * i, 2 * i + 2)
    if (parsed === undefined) notTried.push(relation.name)
    if (parsed?.refusal?.sqlstate === UNDEFINED_COLUMN) partly.push(relation)
    else if (parsed?.refusal !== undefined) whole.push(brokenRead(relation, parsed.refusal))
    if (parsed?.refusal !== undefined || executed?.refusal?.sqlstate !== CHANGED_RESULT) return []
    return [
      { client: `select ${relation.name}`, relation: relation.name, what: changedTypes(relation, moved(relation)) },
    ]
  })
  const columns = partly.flatMap((relation) => relation.columns.map(({ name }) => ({ relation, name })))
  const each = await tryAll(
    session,
    columns.map(({ relation, name }) => parse(relation, [name])),
  )
  const missing = columns.flatMap(({ relation }, i) => {
    const refusal = each[i]?.refusal
    return refusal === undefined ? [] : [brokenRead(relation, refusal)]
  })
  await forgetReads(session)
  return { broken: [...whole, ...missing], answers, notTried }
}

/** PREPARE looks up names and types, and runs nothing. */
const parse = (relation: Relation, columns?: readonly string[]): Attempt => ({
  text: `PREPARE ${PREFIX}now AS ${selectOf(relation, columns === undefined ? undefined : [...columns])}; DEALLOCATE ${PREFIX}now`,
})

const brokenRead = (relation: Relation, refusal: Pick<Broken, 'sqlstate' | 'message'>): Broken => ({
  client: `select ${relation.name}`,
  relation: relation.name,
  ...refusal,
})

const UNDEFINED_COLUMN = '42703'
/** feature_not_supported: "cached plan must not change result type" (PostgreSQL, plancache.c). */
const CHANGED_RESULT = '0A000'

function changedTypes(before: Relation, now: Relation | undefined): string {
  const changed = before.columns.flatMap((column) => {
    const later = now === undefined ? undefined : columnNow(before, now, column)
    return later === undefined || later.type === column.type ? [] : [`${identifierShown(column.name)} is ${later.type}`]
  })
  const why = changed.length === 0 ? '' : `, because ${changed.join(', ')} now`
  return `a statement that a connected client has prepared fails (${CHANGED_RESULT})${why}`
}
