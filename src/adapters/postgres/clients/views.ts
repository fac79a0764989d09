// Whether an old view with another query gives other rows.
import type { Answer } from '../../../impact/facts.js'
import { identifier } from '../../../sql/quote.js'
import { answerEach } from './sample.js'
import type { ClientSession, Relation } from './world.js'
import type { Moved } from './writes.js'

/** `digest`: of all rows, whatever their order. */
export type ViewMemory = { readonly relation: Relation; readonly rows: string; readonly digest: string }

const digestQuery = ({ sql }: Relation, columns: Relation['columns']): string =>
  `SELECT count(*), coalesce(sum(hashtextextended(ROW(${columns.map(({ name }) => `r.${identifier(name)}`).join(', ')})::text, 0)), 0) FROM ${sql} r`

/** Without those that the server refuses to run. */
export async function rememberViews(
  session: ClientSession,
  views: readonly Relation[],
): Promise<readonly ViewMemory[]> {
  const answers = await answerEach(
    session,
    views.map((view) => digestQuery(view, view.columns)),
  )
  return views.flatMap((relation, i) => {
    const [rows, digest] = answers[i]?.[0] ?? []
    return typeof rows === 'string' && typeof digest === 'string' ? [{ relation, rows, digest }] : []
  })
}

export async function compareViews(
  session: ClientSession,
  memory: readonly ViewMemory[],
  moved: Moved,
): Promise<readonly Answer[]> {
  const changed = memory.flatMap((old) => {
    const now = moved(old.relation)
    return now === undefined || now.view === null || now.view === old.relation.view ? [] : [{ old, now }]
  })
  const answers = await answerEach(
    session,
    changed.map(({ old, now }) => digestQuery(now, old.relation.columns)),
  )
  return changed.flatMap(({ old }, i) => {
    const [rows, digest] = answers[i]?.[0] ?? []
    if (typeof rows !== 'string' || (rows === old.rows && digest === old.digest)) return []
    const { name } = old.relation
    const what =
      rows === old.rows
        ? 'its query changed, and gives other values'
        : `its query changed, and gives ${rows} rows, not ${old.rows}`
    return [{ client: `select ${name}`, relation: name, what }]
  })
}
