// Many findings of one kind in one change are one: the number of them, and the first names.
import { firstFew } from '../model/list-words.js'
import { waiverLines } from '../model/waiver.js'
import type { RuleFinding, RuleInput } from './rule.js'

/** From here on they are counted. */
const MANY = 3

/**
 * One finding for many; all of them where they are few. `what` follows their number. What a file accepts by a waiver stays
 * a finding of its own.
 */
export function foldMany(
  input: RuleInput,
  findings: readonly RuleFinding[],
  words: { readonly rule: string; readonly what: string; readonly fix: string },
): readonly RuleFinding[] {
  if (findings.length <= MANY) return findings
  const waived = new Set(
    input.files.flatMap((file) =>
      waiverLines(file).some(({ said }) => !('wrong' in said) && said.rule === words.rule) ? [file.path] : [],
    ),
  )
  const own = findings.filter(({ place }) => place !== undefined && waived.has(place.file))
  const others = findings.filter((finding) => !own.includes(finding))
  const [first] = others
  if (first === undefined || others.length <= MANY) return findings
  const names = others.flatMap(({ migration, message }) => migration ?? message.split(' ', 1)[0] ?? [])
  return [
    {
      migration: undefined,
      place: first.place,
      message: `${others.length} ${words.what}: ${firstFew(names)}`,
      why: first.why,
      fix: words.fix,
      same: others.flatMap(({ same = [] }) => same),
    },
    ...own,
  ]
}

/** The first commands of many. */
export function firstLines(lines: readonly string[]): string {
  const more = lines.length - MOST_LINES
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more like these`] : [])].join('\n')
}

const MOST_LINES = 20
