// One schema difference for display: the kind of change, the short name of the object, and both definitions as lines.
import { structuredPatch } from 'diff'
import { nameOfObject, type Difference } from '../../catalog/difference.js'
import { oneLine, visible } from './escape.js'

/** `-`: only before. `+`: only after. A blank: in both, or `…` for lines left out. */
export type DiffLine = { readonly sign: '-' | '+' | ' '; readonly text: string }

/**
 * `parent` is the table or other object that owns this one. `before` and `after` are set when each is a single line;
 * `lines` always hold both definitions in full. `was` is set for an object with a new name: its kind with the former name,
 * and the new name. All text is safe for a terminal.
 */
export type ShownDifference = {
  readonly change: Difference['change']
  readonly parent: string | undefined
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly was: { readonly name: string; readonly now: string } | undefined
  readonly lines: readonly DiffLine[]
}

export function showDifference(difference: Difference): ShownDifference {
  const { before, after } = difference
  const short = [before, after].every((text) => text === undefined || !text.includes('\n'))
  return {
    change: difference.change,
    parent: difference.parent === undefined ? undefined : oneLine(withoutPublic(difference.parent)),
    name: oneLine(nameOfObject({ kind: difference.kind, identity: nameOf(difference) })),
    before: short && before !== undefined ? oneLine(before) : undefined,
    after: short && after !== undefined ? oneLine(after) : undefined,
    was: difference.was === undefined ? undefined : namesOf(difference, difference.was),
    lines: linesOf(before, after),
  }
}

/** The new name without the schema or table that both have. */
function namesOf(difference: Difference, was: string): NonNullable<ShownDifference['was']> {
  const now = nameOf(difference)
  const own = was.slice(0, was.lastIndexOf('.') + 1)
  const isBeside = own !== '' && difference.identity.startsWith(own)
  const then = nameOf({ ...difference, identity: was })
  return {
    name: oneLine(`${difference.kind} ${isBeside ? then : was}`),
    now: oneLine(isBeside ? now : difference.identity),
  }
}

/** The name within its parent: `rate` of `public.rates.rate`, `idx` of `public.idx` when the table is in `public`. */
function nameOf({ kind, identity, parent }: Difference): string {
  if (kind === 'comment') return `on ${identity.replace(/^table (?=(column|constraint) )/, '')}`
  if (parent === undefined) return withoutSchema(identity, 'public.')
  const owner = parent.replace(/^(?:foreign |composite )?\w+ /, '')
  if (identity.startsWith(`${owner}.`)) return identity.slice(owner.length + 1)
  const schema = owner.slice(0, owner.indexOf('.') + 1)
  return withoutSchema(identity, schema)
}

const withoutSchema = (identity: string, schema: string): string =>
  schema !== '' && identity.startsWith(schema) ? identity.slice(schema.length) : identity

const withoutPublic = (parent: string): string => parent.replace(/^((?:foreign |composite )?\w+ )public\./, '$1')

function linesOf(before: string | undefined, after: string | undefined): readonly DiffLine[] {
  const split = (text: string): readonly string[] => text.split('\n').map(visible)
  if (before === undefined) return split(after ?? '').map((text) => ({ sign: '+', text }))
  if (after === undefined) return split(before).map((text) => ({ sign: '-', text }))
  if (!before.includes('\n') && !after.includes('\n')) {
    return [
      { sign: '-', text: visible(before) },
      { sign: '+', text: visible(after) },
    ]
  }
  return diffLines(before, after)
}

/** More lines than this are not compared line by line: the work grows with the product of both sides. */
const MOST_EDITS = 2_000

function diffLines(before: string, after: string): readonly DiffLine[] {
  const found = structuredPatch('', '', `${before}\n`, `${after}\n`, '', '', { context: 2, maxEditLength: MOST_EDITS })
  if (found === undefined) return [...linesOf(before, undefined), ...linesOf(undefined, after)]
  return found.hunks.flatMap((hunk, index) => [
    ...(index > 0 || hunk.oldStart > 1 ? [{ sign: ' ', text: '…' } as const] : []),
    ...hunk.lines
      .filter((line) => !line.startsWith('\\'))
      .map(
        (line) =>
          ({
            sign: line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ',
            text: visible(line.slice(1)),
          }) as const,
      ),
  ])
}

/** How drift names the three kinds of change: a live database is compared with the migrations. */
export const DRIFT_WORDS = {
  'left behind': 'only in the database',
  lost: 'missing',
  changed: 'different',
} as const satisfies Record<Difference['change'], string>

/** `changed column rate of table rates`: a heading for one difference. */
export const differenceTitle = ({ change, name, parent }: ShownDifference): string =>
  `${change} ${name}${parent === undefined ? '' : ` of ${parent}`}`

/** Differences in groups of one parent, in their order. Those without a parent form one group. */
export function groupByParent(
  differences: readonly ShownDifference[],
): readonly { readonly parent: string | undefined; readonly items: readonly ShownDifference[] }[] {
  const groups = new Map<string | undefined, ShownDifference[]>()
  for (const item of differences) groups.set(item.parent, [...(groups.get(item.parent) ?? []), item])
  return [...groups].map(([parent, items]) => ({ parent, items }))
}
