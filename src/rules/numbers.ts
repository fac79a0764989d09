// The new versions that findings suggest: each migration that has to move gets its own, in their order.
import type { Problem } from '../model/finding.js'
import { type Migration } from '../model/migration.js'
import { sameNumber } from '../model/change.js'
import { firstFew } from '../model/list-words.js'
import { shellWord } from '../model/shell-quote.js'
import type { Move } from '../model/tool.js'
import { clashesIn, freshIn, lateIn, stayingIn, takenIn, versionsElsewhere } from './change/fresh.js'
import { changeIn } from './change/merged.js'
import { keptIn } from './kept-versions.js'
import { isLoneDown, once, twinsOf } from './read-input.js'
import type { RuleInput } from './rule.js'

/** A migration that shares its version with another one of the folder and should move. */
export type Duplicate = { readonly migration: Migration; readonly other: Migration; readonly why: string }

/** Of migrations with one version: what is new moves, else what lacks a half, else all but the first. */
export const duplicatesIn = once((input: RuleInput): readonly Duplicate[] => {
  const fresh = new Set(freshIn(input))
  return twinsOf(input).flatMap(({ migrations: group, why }) => {
    const isMoving = [(one: Migration) => fresh.has(one), (one: Migration) => isHalf(input, one)].find((test) => {
      const moving = group.filter(test)
      return moving.length > 0 && moving.length < group.length
    })
    const moving = isMoving === undefined ? group.slice(1) : group.filter(isMoving)
    const [other] = group.filter((one) => !moving.includes(one))
    if (other === undefined) return []
    return moving.map((migration) => ({ migration, other, why }))
  })
})

const isHalf = ({ tool }: RuleInput, { up, down, code }: Migration): boolean =>
  tool.directions.in === 'two files' && code === undefined && (up === undefined) !== (down === undefined)

/** Where a migration should move. `moves`: the paths that get it there. */
export type NewNumber = { readonly version: string; readonly moves: readonly Move[] }

/** Why a migration or a file needs a number, and what gets it. */
type Numbers = { readonly migrations: ReadonlyMap<Migration, NewNumber>; readonly files: ReadonlyMap<Problem, string> }

/** So many versions that are free here, on the base branch, in other pull requests and in files that only need another name. */
export function nextVersions(input: RuleInput, count: number): readonly string[] | undefined {
  const change = changeIn(input)
  return input.tool.naming.nextVersions(input, {
    count,
    others: [
      ...(change === undefined ? [] : versionsElsewhere(change, input.folder)),
      ...[...keptIn(input).values()].map(({ version }) => version),
    ],
    after: stayingIn(input).at(-1),
    kind: input.migrations[0]?.kind ?? 'schema',
    now: input.now,
  })
}

const numbersIn = once((input: RuleInput): Numbers => {
  const { tool } = input
  const wanting = new Set([
    ...[...takenIn(input), ...lateIn(input), ...duplicatesIn(input)].map(({ migration }) => migration),
    ...clashesIn(input).flatMap(({ migration, first }) => (first === 'other' ? [migration] : [])),
    ...misnumberedIn(input),
    ...replacingIn(input),
  ])
  const migrations = input.migrations.filter((migration) => wanting.has(migration))
  const files = input.problems.filter(
    (problem) => problem.renaming !== undefined && keptIn(input).get(problem)?.isLate !== false,
  )
  const versions = nextVersions(input, migrations.length + files.length)
  const numbered = migrations.flatMap((migration, at) => {
    const version = versions?.[at]
    if (version === undefined) return []
    return [[migration, { version, moves: tool.naming.renumber(input, migration, version) }] as const]
  })
  return {
    migrations: new Map(numbered),
    files: new Map(
      files.flatMap((problem, at) => {
        const version = versions?.[migrations.length + at]
        return version === undefined ? [] : [[problem, version] as const]
      }),
    ),
  }
})

/** What has the number of a merged migration and another text: the merged one has to come back. */
const replacingIn = (input: RuleInput): readonly Migration[] =>
  changeIn(input)?.renamed.flatMap(({ now, before, up, down }) =>
    sameNumber(now, before) && (up !== undefined || down !== undefined) ? [now] : [],
  ) ?? []

/** New migrations whose version is not written as those of the folder are, and cannot be. */
export const misnumberedIn = once((input: RuleInput): readonly Migration[] => {
  const pattern = input.naming === undefined ? undefined : new RegExp(input.naming)
  const judged = input.tool.naming.judge(input, pattern)
  const ids = new Set(
    judged.flatMap((one) => (one.right === undefined && one.version === 'other' ? [one.migration] : [])),
  )
  const isJudged = (migration: Migration): boolean => input.change === undefined || freshIn(input).includes(migration)
  return input.migrations.filter((migration) => ids.has(migration.id) && isJudged(migration))
})

/** The version that a migration should move to; undefined where no number comes after all others. */
export const newNumberOf = (input: RuleInput, migration: Migration): NewNumber | undefined =>
  numbersIn(input).migrations.get(migration)

/** The number for a file that its tool leaves out, where it cannot keep its own. */
export const numberForFile = (input: RuleInput, problem: Problem): string | undefined =>
  numbersIn(input).files.get(problem)

/** The next version for a migration, as the end of a sentence and as what to do. */
export function numberWords(
  input: RuleInput,
  migration: Migration,
  noun: 'version' | 'one' = 'one',
): { readonly free: string; readonly rename: string } {
  const { title, order } = input.tool
  const found = newNumberOf(input, migration)
  if (found === undefined) {
    const words = `${title} runs files ${order.words}`
    const newest = stayingIn(input).at(-1)?.id ?? 'all others'
    return {
      free: `no number comes after all existing ones: ${words}`,
      rename: `Give it a name that comes after ${newest}: ${words}.`,
    }
  }
  const { version, moves } = found
  const behind = (input.change === undefined ? input.migrations : freshIn(input)).filter(
    (one) => newNumberOf(input, one) === undefined && order.compare(migration, one) < 0 && !isLoneDown(input, one),
  )
  return {
    free: `the next free ${noun} is ${version}`,
    rename: [
      ...(moves.length === 0 ? [`Rename its files to version ${version}.`] : moveLines(moves)),
      ...(behind.length === 0
        ? []
        : [
            `It then runs after ${firstFew(behind.map(({ id }) => id))}. What needs it has to get a later version too.`,
          ]),
    ].join('\n'),
  }
}

/** Commands that can be copied, one a line. */
export const moveLines = (moves: readonly Move[]): readonly string[] =>
  moves.map(({ from, to }) => `git mv ${shellWord(from)} ${shellWord(to)}`)
