// The next free versions of a folder, and the names that migrations have under them.
import type { Migration } from '../../model/migration.js'
import { nextVersion } from '../../model/next-version.js'
import type { Move, NamedFolder, NameRules, Naming, WantedVersions } from '../../model/tool.js'
import { filesOf } from '../../model/migration.js'
import { numberOf } from '../../model/change.js'
import { comesAfter, compareNumbers, versionKey, type Order, type Ordered } from '../../model/version.js'
import { parsePairName } from './name.js'
import {
  arePadded,
  conventionOf,
  endFor,
  formOf,
  namesOf,
  wordsFor,
  type Convention,
  type NameParts,
} from './naming-convention.js'

/** A version with what it is written like. */
type Used = { readonly version: string; readonly form: string; readonly migration: Migration | undefined }

/** As `Naming.nextVersions`. */
export function nextVersions(
  folder: NamedFolder,
  { rules, order, wanted }: { readonly rules: NameRules; readonly order: Order; readonly wanted: WantedVersions },
): ReturnType<Naming['nextVersions']> {
  const names = namesOf(folder, rules)
  const convention = conventionOf(names, rules)
  const own = versionsOf(folder)
  const padded = arePadded(folder.migrations)
  const others = wanted.others.map((version) => ({ version, form: formOf(version, padded), migration: undefined }))
  const fitting = [...own, ...others].filter((used) => names.length === 0 || convention.writes(used))
  const after =
    wanted.after ??
    newestOf(
      own.filter((used) => fitting.includes(used)),
      order,
    )
  const taken = new Set([...own, ...others].map(({ version }) => versionKey(version)))
  const inOrder = (versions: readonly string[]): readonly string[] | undefined =>
    versions.every((version) => isPossible(version) && (after === undefined || comesAfter(order, version, after)))
      ? versions
      : undefined
  const like = sampleOf(fitting, names, convention)
  const usual = like === undefined ? undefined : inOrder(series({ ...wanted, like, used: fitting, taken }))
  if (usual !== undefined || after === undefined) return usual ?? inOrder(firstOnes(wanted, taken))
  // The newest one has another form than the rest, and its successor has to run after it all the same.
  const last = numberOf(after)
  const alike = [...own, ...others].filter(({ form }) => form === formOf(last, padded))
  if (!/^\d/.test(last)) return undefined
  const from = (like: string, used: readonly Used[]): readonly string[] | undefined =>
    inOrder(series({ ...wanted, like, used, taken }))
  // As text, 8 comes after 7 also where there is 10, and 990 comes after 99.
  const asText = (): readonly string[] | undefined => from(last, []) ?? from(`${last}0`, [])
  return from(last, alike) ?? (/^\d+$/.test(last) && !comesAfter(order, '10', NINE) ? asText() : undefined)
}

const NINE: Ordered = { id: '9_', version: '9' }

/** The versions of a folder that begin with a number, without those of scripts that have none. */
const versionsOf = ({ migrations }: NamedFolder): readonly Used[] => {
  const padded = arePadded(migrations)
  return migrations.flatMap((migration) => {
    const version = numberOf(migration)
    if (migration.repeat !== undefined || !/^\+?\d/.test(version)) return []
    return [{ version, form: formOf(version, padded), migration }]
  })
}

const newestOf = (used: readonly Used[], order: Order): Ordered | undefined =>
  used
    .flatMap(({ migration }) => migration ?? [])
    .toSorted(order)
    .at(-1)

/** Most histories keep versions in 64 bits; pop's time stamps have 20 digits and are text. */
const isPossible = (version: string): boolean =>
  !/^\d{19}$/.test(version) || BigInt(version) <= 9_223_372_036_854_775_807n

/**
 * The version to continue from: the newest one in the usual form of the folder, since a folder may have changed from
 * numbers to points in time. Migrations in code have a version and no name of a form.
 */
function sampleOf(used: readonly Used[], names: readonly NameParts[], { form }: Convention): string | undefined {
  const newest = used.reduce<Used | undefined>(
    (a, b) => (a !== undefined && compareNumbers(a.version, b.version) >= 0 ? a : b),
    undefined,
  )
  if (newest === undefined) return undefined
  const isUsual = used.filter((one) => one.form === newest.form).length >= ENOUGH_FOR_HABIT || names.length === 0
  const usual = used.filter((one) => one.form === form && one.migration !== undefined)
  return isUsual
    ? newest.version
    : (usual.toSorted((a, b) => compareNumbers(a.version, b.version)).at(-1) ?? newest).version
}

/** This many files of one form are a habit and not a mistake. */
const ENOUGH_FOR_HABIT = 3

/** `taken` are keys of versions in any form: none of them is given again. */
function series(options: {
  readonly count: number
  readonly like: string
  readonly used: readonly Used[]
  readonly taken: ReadonlySet<string>
  readonly now: number
}): readonly string[] {
  const { count, like, used, taken, now } = options
  let highest = used.map(({ version }) => version).reduce((a, b) => (compareNumbers(a, b) < 0 ? b : a), like)
  const found: string[] = []
  while (found.length < count) {
    highest = nextVersion({ like, highest, now })
    if (!taken.has(versionKey(highest))) found.push(highest)
  }
  return found
}

/** The first version in an empty folder. Migrations and seeds must not share one. */
const FIRST: Readonly<Record<Migration['kind'], string>> = { schema: '00001', seed: '00010' }

function firstOnes({ kind, count, now }: WantedVersions, taken: ReadonlySet<string>): readonly string[] {
  const first = FIRST[kind]
  const rest = { count, like: first, used: [], taken, now }
  return taken.has(versionKey(first)) ? series(rest) : [first, ...series({ ...rest, count: count - 1 })]
}

/** As `Naming.renumber`. `runs` is that of `namingOf`. */
export function renumber(
  folder: NamedFolder,
  { rules, runs }: { readonly rules: NameRules; readonly runs: (name: string, before: string) => boolean },
  { migration, version }: { readonly migration: Migration; readonly version: string },
): readonly Move[] {
  const names = namesOf(folder, rules)
  const convention = conventionOf(names, rules)
  const moves = filesOf(migration).flatMap((file): readonly Move[] => {
    const path = rules.named === 'folder' ? file.slice(0, file.lastIndexOf('/')) : file
    const parts = names.find((name) => name.file === file)
    if (parts === undefined) return withoutForm(migration, path, version)
    const right = nameFor(parts, convention, version)
    const next = runs(`${right.stem}${right.end}`, parts.base) ? right : withVersion(parts, version)
    const stem = parts.base.slice(0, parts.base.length - parts.end.length)
    const folderPath = path.slice(0, path.length - parts.base.length)
    const variants = rules.named === 'folder' ? [] : variantsOf(folder, `${folderPath}${stem}`, file)
    return [
      { from: path, to: `${folderPath}${next.stem}${next.end}` },
      ...variants.map((from) => ({
        from,
        to: `${folderPath}${next.stem}${from.slice(folderPath.length + stem.length)}`,
      })),
    ]
  })
  return moves.filter(({ from, to }, at) => from !== to && moves.findIndex((other) => other.from === from) === at)
}

/** Code, and a half with words of its own: the version is in front of the name. */
function withoutForm({ version: old }: Migration, path: string, version: string): readonly Move[] {
  const cut = path.lastIndexOf('/') + 1
  const base = path.slice(cut)
  if (!base.startsWith(old)) return []
  return [{ from: path, to: `${path.slice(0, cut)}${version}${base.slice(old.length)}` }]
}

/** The name under another version. What is not in the form of the folder gets it; flags stay. */
function nameFor(
  name: NameParts,
  convention: Convention,
  version: string,
): { readonly stem: string; readonly end: string } {
  const { lead, gap, tail } = convention.frame(name.direction)
  const isJoined = name.gap !== '' || name.name === ''
  if (isJoined && convention.fits({ ...name, form: convention.form }) && convention.wording(name) !== 'wrong') {
    return withVersion(name, version)
  }
  const words = wordsFor(name.name, convention)
  return { stem: `${lead}${version}${words === '' ? name.gap : gap}${words}`, end: endFor(name, tail) }
}

/** The name with nothing but its version changed. */
function withVersion(name: NameParts, version: string): { readonly stem: string; readonly end: string } {
  const rest = name.base.slice(name.lead.length + name.version.length)
  return { stem: `${name.lead}${version}${rest.slice(0, rest.length - name.end.length)}`, end: name.end }
}

/** The same migration for other servers: it goes with this one. */
const variantsOf = ({ files }: NamedFolder, stem: string, file: string): readonly string[] =>
  files
    .filter(({ path }) => path !== file && path.startsWith(`${stem}.`) && !path.slice(stem.length).includes('/'))
    .filter(({ name }) => isForOneServer(name) || isForOneServer(file))
    .map(({ path }) => path)

const isForOneServer = (path: string): boolean =>
  (parsePairName(path.slice(path.lastIndexOf('/') + 1))?.dialect ?? 'any') !== 'any'
