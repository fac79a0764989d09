// Proved repairs and online ways as suggested changes that the author can commit with one click.
import { WAITING_RULES } from '../../impact/judge/effect.js'
import type { LineEdit, OnlineWay, Repair, Report } from '../../report/check-report.js'
import { provedOn } from '../../report/proved-on.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { code, fence, prose } from './escape.js'
import { visible } from '../words/escape.js'

/** `body` is Markdown that GitHub shows as a suggested change of the lines. */
export type Suggestion = LineEdit & { readonly body: string }

/** More suggestions would flood the pull request; the comment has all repairs. */
const MOST_SUGGESTIONS = 10

/** In the order of the report. Text with invisible characters makes no suggestion: the author could not see it. */
export function suggestionsOf(given: Report): readonly Suggestion[] {
  const report = reportWithoutSecrets(given)
  const waits = new Set(
    report.findings.flatMap(({ rule, database, migration }) =>
      WAITING.has(rule) ? [JSON.stringify([database, migration])] : [],
    ),
  )
  return report.databases
    .flatMap(({ name, migrations }) =>
      migrations.flatMap(({ id, proof, online }) => {
        const way = online?.edit !== undefined && waits.has(JSON.stringify([name, id])) ? online : undefined
        const sentences = way === undefined ? ofRepair(`${name} ${id}`, proof?.repair) : ofWay(`${name} ${id}`, way)
        const edit = (way ?? proof?.repair)?.edit
        if (edit === undefined || visible(edit.text) !== edit.text) return []
        return [{ ...edit, body: [sentences.join(' '), '', ...fence(edit.text, 'suggestion')].join('\n') }]
      }),
    )
    .slice(0, MOST_SUGGESTIONS)
}

const WAITING: ReadonlySet<string> = new Set(WAITING_RULES)

const ofRepair = (migration: string, repair: Repair | undefined): readonly string[] => [
  `The down of ${code(migration)} does not restore the schema. These lines repair it (${provedOn(repair ?? {})}).`,
  ...(repair?.loses ?? []).map((what) => `They drop ${prose(what)}.`),
  ...(repair?.notes ?? []).map(prose),
  ...(repair?.order === undefined ? [] : [OTHER_ORDER]),
]

const ofWay = (migration: string, { order }: OnlineWay): readonly string[] => [
  `Clients wait for ${code(migration)}. With these lines they do not; proved: the same schema, and its way back.`,
  ...(order === undefined ? [] : [OTHER_ORDER]),
]

const OTHER_ORDER = 'Afterwards the columns are in another order.'
