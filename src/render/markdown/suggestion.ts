// Proved repairs as suggested changes that the author can commit with one click.
import type { LineEdit, Report } from '../../report/check-report.js'
import { provedOn } from '../../report/proved-on.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { code, fence, prose } from './escape.js'
import { visible } from '../words/escape.js'

/** `body` is Markdown that GitHub shows as a suggested change of the line. */
export type Suggestion = LineEdit & { readonly body: string }

/** More suggestions would flood the pull request; the comment has all repairs. */
const MOST_SUGGESTIONS = 10

/** In the order of the report. Text with invisible characters makes no suggestion: the author could not see it. */
export const suggestionsOf = (given: Report): readonly Suggestion[] =>
  reportWithoutSecrets(given)
    .databases.flatMap(({ name, migrations }) =>
      migrations.flatMap(({ id, proof }) => {
        const { edit, loses = [], notes = [], order } = proof?.repair ?? {}
        if (edit === undefined || visible(edit.text) !== edit.text) return []
        const sentences = [
          `The down of ${code(`${name} ${id}`)} does not restore the schema. These lines repair it (${provedOn(proof?.repair ?? {})}).`,
          ...loses.map((what) => `They drop ${prose(what)}.`),
          ...notes.map(prose),
          ...(order === undefined ? [] : ['Afterwards the columns are in another order.']),
        ]
        return [{ ...edit, body: [sentences.join(' '), '', ...fence(edit.text, 'suggestion')].join('\n') }]
      }),
    )
    .slice(0, MOST_SUGGESTIONS)
