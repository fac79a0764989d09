// Proved repairs as changes that the author can take with one click.
import type { LineEdit, Report } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { code, fence, prose } from './escape.js'
import { visible } from '../words/escape.js'

/** `body` is Markdown that GitHub shows as a suggested change of the line. */
export type Suggestion = LineEdit & { readonly body: string }

/** Nobody reads more of them; the comment has them all. */
const MOST = 10

/** In the order of the report. A text that would not be shown as it is makes none: it would be taken unseen. */
export const suggestionsOf = (given: Report): readonly Suggestion[] =>
  reportWithoutSecrets(given)
    .databases.flatMap(({ name, migrations }) =>
      migrations.flatMap(({ id, proof }) => {
        const { edit, loses = [], notes = [], order } = proof?.repair ?? {}
        if (edit === undefined || visible(edit.text) !== edit.text) return []
        const told = [
          `The down of ${code(`${name} ${id}`)} does not restore the schema. These lines repair it (proved).`,
          ...loses.map((what) => `They drop ${prose(what)}.`),
          ...notes.map(prose),
          ...(order === undefined ? [] : ['Columns stand in another order afterwards.']),
        ]
        return [{ ...edit, body: [told.join(' '), '', ...fence(edit.text, 'suggestion')].join('\n') }]
      }),
    )
    .slice(0, MOST)
