// One difference told for people: what, its name without what the reader knows already, and the two definitions as lines.
import { structuredPatch } from 'diff'
import type { Difference } from '../../catalog/difference.js'
import { oneLine, visible } from './escape.js'

/** `-` was there before, `+` is there now, a blank is in both (or a word about lines that are left out). */
export type DiffLine = { readonly sign: '-' | '+' | ' '; readonly text: string }

/**
 * `parent` groups what belongs together. `before` and `after` are set when each fits on a line; `lines` always tell the
 * same at length. All text is visible and safe for a terminal.
 */
export type Told = {
  readonly change: Difference['change']
  readonly parent: string | undefined
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
  readonly lines: readonly DiffLine[]
}

export function tell(difference: Difference): Told {
  const { before, after } = difference
  const short = [before, after].every((text) => text === undefined || !text.includes('\n'))
  return {
    change: difference.change,
    parent: difference.parent === undefined ? undefined : oneLine(withoutPublic(difference.parent)),
    name: oneLine(`${difference.kind} ${nameOf(difference)}`),
    before: short && before !== undefined ? oneLine(before) : undefined,
    after: short && after !== undefined ? oneLine(after) : undefined,
    lines: linesOf(before, after),
  }
}

/** The name within its parent: `rate` of `public.rates.rate`, `idx` of `public.idx` when the table is in `public`. */
function nameOf({ kind, identity, parent }: Difference): string {
  if (kind === 'comment') return `on ${identity.replace(/^table (?=(column|constraint) )/, '')}`
  if (parent === undefined) return withoutSchema(identity, 'public.')
  const owner = parent.slice(parent.indexOf(' ') + 1)
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
  return patch(before, after)
}

/** More lines than this are not compared line by line: the work grows with the product of both sides. */
const EDITS = 2_000

function patch(before: string, after: string): readonly DiffLine[] {
  const found = structuredPatch('', '', `${before}\n`, `${after}\n`, '', '', { context: 2, maxEditLength: EDITS })
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

/** Differences in groups of one parent, in their order; what has no parent stands in groups of its own. */
export function byParent(
  told: readonly Told[],
): readonly { readonly parent: string | undefined; readonly items: readonly Told[] }[] {
  const groups = new Map<string | undefined, Told[]>()
  for (const item of told) groups.set(item.parent, [...(groups.get(item.parent) ?? []), item])
  return [...groups].map(([parent, items]) => ({ parent, items }))
}
