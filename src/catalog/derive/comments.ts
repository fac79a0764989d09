// Comments.
import { literal } from '../../sql/quote.js'
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, parentOf } from './names.js'
import { find, isFresh, text, type Pair, type Work } from './model.js'
import { RANK, noted, step, type Step } from './step.js'

export function commentSteps(work: Work, pair: Pair): readonly Step[] {
  const members = (pair.goal?.objects ?? []).filter(({ kind }) => kind !== 'comment')
  const isNew = (comment: CatalogueObject): boolean =>
    pair.fate !== 'kept' || members.some((member) => isAbout(comment, member) && isFresh(work, pair, member))
  const comments = (pair.goal?.objects ?? []).filter(({ kind }) => kind === 'comment')
  const gone = (pair.fate === 'kept' ? (pair.here?.objects ?? []) : []).filter(
    (one) =>
      one.kind === 'comment' && find(pair.goal, one) === undefined && members.some((member) => isAbout(one, member)),
  )
  return [
    ...gone.filter((one) => !isNew(one)).map((one) => say(one.identity, 'NULL')),
    ...comments.flatMap((one) => {
      const now = isNew(one) ? undefined : text(find(pair.here, one), 'text')
      const wanted = text(one, 'text')
      return wanted === undefined || wanted === now ? [] : [say(one.identity, literal(wanted))]
    }),
  ]
}

/** A comment is named by its object: `table column public.t.c`, or `trigger g on public.t` for an object without a schema. */
const isAbout = (comment: CatalogueObject, { identity }: CatalogueObject): boolean =>
  comment.identity.endsWith(` ${identity}`) ||
  comment.identity.endsWith(` ${lastPart(identity)} on ${parentOf(identity)}`) ||
  // COMMENT ON names a routine by its types alone.
  (identity.endsWith(')') && !/ column | constraint /.test(comment.identity))

/** The words of pg_identify_object, and the words of COMMENT ON for the same kind. */
const TARGETS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^(?:table|view|materialized view|foreign table|composite type) column (.*)$/s, (column) => `COLUMN ${column}`],
  [/^table constraint (.*) on (.*)$/s, (name, table) => `CONSTRAINT ${name} ON ${table}`],
  [/^domain constraint (.*) on (.*)$/s, (name, domain) => `CONSTRAINT ${name} ON DOMAIN ${domain}`],
  [/^(trigger|rule|policy) (.*) on (.*)$/s, (kind, name, table) => `${kind.toUpperCase()} ${name} ON ${table}`],
  [/^composite type (.*)$/s, (type) => `TYPE ${type}`],
  [
    /^(table|view|materialized view|foreign table|sequence|index|function|procedure|aggregate|type|domain|schema|extension|statistics|collation|publication|subscription|role|tablespace|server|event trigger|language|conversion|cast|operator) (.*)$/s,
    (kind, name) => `${kind.toUpperCase()} ${name}`,
  ],
]

function say(on: string, words: string): Step {
  for (const [pattern, target] of TARGETS) {
    const found = pattern.exec(on)
    if (found !== null) return step(RANK.comment, `COMMENT ON ${target(...found.slice(1))} IS ${words}`)
  }
  return noted(`The comment on ${on} cannot be restored.`)
}
