// The migrations that get their place in the order by a change, and what is in the way of it.
import { numberOf, sameNumber, type OpenPull } from '../../model/change.js'
import { type Migration } from '../../model/migration.js'
import { versionInPath, versionKey } from '../../model/version.js'
import type { ChangeInput, RuleInput } from '../rule.js'
import { isLoneDown, once } from '../read-input.js'
import { changeIn } from './merged.js'
import { repairedIn } from './repaired.js'

/** In the order of the tool: what is new, and what has another version because it was broken on the base branch. */
export const freshIn = once((input: RuleInput): readonly Migration[] => {
  const change = changeIn(input)
  if (change === undefined) return []
  const repaired = repairedIn(input).flatMap(({ broken, edited }) => (broken === 'style' ? [] : [edited.now]))
  const isFresh = new Set([...change.added, ...repaired])
  return input.migrations.filter((migration) => isFresh.has(migration))
})

/** The base branch after the merge: the change may move a migration out of the way. */
export const stayingIn = once((input: RuleInput): readonly Migration[] => {
  const { tip = [], renamed = [], deleted = [] } = changeIn(input) ?? {}
  const gone = new Set([...renamed.map(({ before }) => before.id), ...deleted.map(({ id }) => id)])
  return tip.filter(({ id }) => !gone.has(id))
})

export type Taken = { readonly migration: Migration; readonly holder: Migration }

/** New migrations with a number that the base branch has already. */
export const takenIn = once((input: RuleInput): readonly Taken[] =>
  freshIn(input).flatMap((migration) => {
    const holder = stayingIn(input).find((other) => other.id !== migration.id && sameNumber(other, migration))
    return holder === undefined || isLoneDown(input, migration) ? [] : [{ migration, holder }]
  }),
)

export type Late = { readonly migration: Migration; readonly newest: Migration }

/** New migrations that run before the newest one of the base branch. */
export const lateIn = once((input: RuleInput): readonly Late[] => {
  const staying = stayingIn(input)
  const newest = staying.at(-1)
  if (newest === undefined) return []
  return freshIn(input)
    .filter((one) => input.tool.order.compare(one, newest) < 0 && !staying.some((other) => sameNumber(one, other)))
    .flatMap((migration) => (isLoneDown(input, migration) ? [] : [{ migration, newest }]))
})

export type Clash = { readonly migration: Migration; readonly pull: OpenPull; readonly first: 'this' | 'other' }

/** New migrations with a number that another open pull request has too. The older request goes first. */
export const clashesIn = once((input: RuleInput): readonly Clash[] => {
  const change = changeIn(input)
  if (change === undefined) return []
  return freshIn(input).flatMap((migration) => {
    const pull = change.pulls.find((one) => holds(one, input.folder, numberOf(migration)))
    if (pull === undefined) return []
    const isOlder = change.pull === undefined || pull.number < change.pull
    return [{ migration, pull, first: isOlder ? ('other' as const) : ('this' as const) }]
  })
})

const holds = (pull: OpenPull, folder: string, version: string): boolean =>
  addedVersions(pull, folder).some((theirs) => versionKey(theirs) === versionKey(version))

/** The versions of the files that a pull request adds to a folder. */
export const addedVersions = ({ files }: OpenPull, folder: string): readonly string[] =>
  files
    .filter(({ status }) => status === 'added' || status === 'renamed')
    .flatMap(({ path }) => versionInPath(path, folder) ?? [])

/** Every version in use beside those of the folder. */
export const versionsElsewhere = ({ base, tip, pulls }: ChangeInput, folder: string): readonly string[] => [
  ...[...base, ...tip].map(numberOf),
  ...pulls.flatMap((pull) => addedVersions(pull, folder)),
]
