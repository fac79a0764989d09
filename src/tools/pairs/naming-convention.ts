// The convention that the names of a folder follow, found from the names themselves.
import { compareNumbers } from '../../model/version.js'
import type { Direction, Migration } from '../../model/migration.js'
import type { NamedFolder, NameRules } from '../../model/tool.js'
import { parsePairName } from './name.js'

/**
 * A migration's file (or folder, where files have fixed names) in parts: `lead` is before the version, `gap` between
 * version and name. `tail` comes after the name; `end` too, with what the tool reads as flags. `form` says how the version is
 * written: `5 digits`, `number` (unpadded) and others; `words` how the name is.
 */
export type NameParts = {
  readonly file: string
  readonly base: string
  readonly migration: string
  readonly direction: 'up' | 'down' | 'both'
  readonly version: string
  readonly name: string
  readonly lead: string
  readonly gap: string
  readonly tail: string
  readonly end: string
  readonly form: string
  readonly words: string
}

/** What is around version and name in one direction; tails without what the tool reads as flags. */
export type Frame = Pick<NameParts, 'lead' | 'gap' | 'tail'>

export type Convention = {
  readonly form: string
  readonly words: string
  readonly frame: (direction: NameParts['direction']) => Frame
  /** The highest version of the form, or one that could be. */
  readonly last: string
  /** Whether a version is written as others of the folder are. Digits of versions with dots are never counted. */
  readonly writes: (name: Pick<NameParts, 'form' | 'version'>) => boolean
  /** Whether everything but the words is as in the rest of the folder. */
  readonly fits: (name: NameParts) => boolean
  /** `wrong` only where the folder follows the default convention, which says which letters words are made of. */
  readonly wording: (name: NameParts) => 'right' | 'other' | 'wrong'
}

/** The default convention: a folder must follow it while it shows no other style. */
const DEFAULTS = { lead: '', gap: '_', form: '5 digits', words: 'snake' } as const

const FLAGLESS =
  /^(?:sql|up|down|do|undo|deploy|revert|apply|rollback|forward|forwards|backward|backwards|upgrade|downgrade)$/i

/** From the narrowest: a name is of the first class that holds it. */
const CLASSES: readonly { readonly words: string; readonly pattern: RegExp }[] = [
  { words: 'snake', pattern: /^[a-z_]+$/ },
  { words: 'snake with digits', pattern: /^[a-z0-9_]+$/ },
  { words: 'kebab', pattern: /^[a-z0-9-]+$/ },
  { words: 'letters', pattern: /^[A-Za-z0-9_-]+$/ },
]

const known = new WeakMap<readonly Migration[], readonly NameParts[]>()

/** The names of all migrations that have a version: of each file, or of the folder where that has the name. */
export function namesOf(folder: NamedFolder, rules: NameRules): readonly NameParts[] {
  const names = known.get(folder.migrations) ?? readNames(folder, rules)
  known.set(folder.migrations, names)
  return names
}

function readNames({ migrations, files }: NamedFolder, { named }: NameRules): readonly NameParts[] {
  const names = new Map(files.map((file) => [file.path, file.name]))
  const versioned = migrations.filter(({ repeat }) => repeat === undefined)
  const padded = arePadded(versioned)
  const all = versioned.flatMap((migration): readonly (NameParts & { readonly simple: boolean })[] => {
    const scripts = named === 'files' ? [migration.up, migration.down] : [migration.up ?? migration.down]
    return scripts.flatMap((script, i): readonly (NameParts & { readonly simple: boolean })[] => {
      if (script === undefined) return []
      const path = (names.get(script.file) ?? script.file).split('/')
      const base = path.at(named === 'folder' ? -2 : -1)
      if (base === undefined) return []
      const direction = named === 'files' ? (i === 0 ? 'up' : 'down') : 'both'
      const own = direction === 'both' ? undefined : nameIn(base, direction, migration)
      const parts = partsOf(base, own === undefined ? migration : { ...migration, name: own }, padded)
      const simple = direction === 'up' && migration.down === undefined && parts?.tail === '.sql'
      return parts === undefined ? [] : [{ ...parts, file: script.file, migration: migration.id, direction, simple }]
    })
  })
  // Beside pairs, sqlx's simple migrations have names of their own.
  return all.some(({ tail }) => tail === '.up.sql') ? all.filter(({ simple }) => !simple) : all
}

/** The title that a file states itself, where it is not that of the migration: those of up and down may differ. */
function nameIn(base: string, direction: Direction, migration: Migration): string | undefined {
  const parsed = parsePairName(base)
  if (parsed === undefined) return undefined
  const names = [parsed.name, ...parsed.readings.map(({ name }) => name)]
  if (names.includes(migration.name)) return undefined
  return parsed.readings.find((reading) => reading.direction === direction)?.name
}

type Parts = Omit<NameParts, 'file' | 'migration' | 'direction'>

/** sql-migrate takes the whole file name for the version, diesel a folder's name without `_`; people order by the number in front. */
function partsOf(base: string, migration: Pick<Migration, 'name' | 'version'>, padded: boolean): Parts | undefined {
  const isWhole = migration.version === base
  const version = isWhole ? (/^\d+/.exec(base)?.[0] ?? '') : migration.version
  const name = isWhole && migration.name === '' ? base.slice(version.length).replace(/^[-_.]+/, '') : migration.name
  const at = base.indexOf(version)
  const behind = at + version.length
  const after = name === '' ? behind + (/^[-_]+/.exec(base.slice(behind))?.[0].length ?? 0) : base.indexOf(name, behind)
  if (at < 0 || after < 0) return undefined
  return {
    base,
    version,
    name,
    lead: base.slice(0, at),
    gap: base.slice(behind, after),
    tail: tailOf(base.slice(after + name.length)),
    end: base.slice(after + name.length),
    form: formOf(version, padded),
    words: CLASSES.find(({ pattern }) => pattern.test(name))?.words ?? 'other',
  }
}

/** `.autocommit.up.sql` and `.postgres.up.sql` follow the same convention as `.up.sql`. */
const tailOf = (tail: string): string => {
  const [first = '', ...parts] = tail.split('.')
  return [first, ...parts.filter((part) => FLAGLESS.test(part))].join('.')
}

/** Versions of several numbers (`1.1`, `2_10`), as Flyway has them: the number of digits means nothing. */
const DOTTED = 'dotted'

/** Whether numbers have zeros in front. */
export const arePadded = (migrations: readonly Pick<Migration, 'version'>[]): boolean =>
  migrations.some(({ version }) => /^0\d{1,6}(?!\d)/.test(version))

/** Dashes in a date mean nothing to the tools that allow them. */
export function formOf(version: string, padded: boolean): string {
  if (/^\d+(?:[._]\d+)+$/.test(version)) return DOTTED
  const digits = version.replaceAll('-', '')
  if (!/^\d+$/.test(digits)) return digits.replaceAll(/\d/g, '0')
  return digits.length < STAMP && !padded ? 'number' : `${digits.length} digits`
}

const SHARE = 0.1
const FEW = 3
const MANY = 10

/** Forms that tools write by themselves: enough evidence in a folder of one or two migrations. */
const KNOWN: readonly (readonly [keyof Habits, RegExp])[] = [
  ['lead', /^(?:[VU]|(?:up|down|do|undo)_)?$/],
  ['gap', /^(?:_|__|\.|\.(?:un)?do\.)$/],
  ['form', /^(?:number|\d+ digits|[0T-]+|dotted)$/],
  ['words', /^snake/],
  ['tail', /^/],
]

/** Tools that make time stamps may put a dash after them (Sequelize, db-migrate, TypeORM); golang-migrate and goose never read one. */
const STAMPED = /^(?:_|__|\.|-|\.(?:un)?do\.)$/

const knownFor = (key: keyof Habits, names: readonly NameParts[]): RegExp | undefined =>
  key === 'gap' && names.every(({ version }) => version.length >= LONG)
    ? STAMPED
    : KNOWN.find(([known]) => known === key)?.[1]

type Habits = {
  readonly lead: Habit
  readonly gap: Habit
  readonly tail: Habit
  readonly form: Habit
  readonly words: Habit
}

/**
 * The parts that most names have. A second style counts when ten names, or three that are a tenth of all, follow
 * it (a project that went from numbers to timestamps). A folder of fewer than three migrations must follow the default form
 * unless it has another known one.
 */
export function conventionOf(
  names: readonly NameParts[],
  { usualForm, anyGap }: Pick<NameRules, 'usualForm' | 'anyGap'>,
): Convention {
  const isNew = usualForm && new Set(names.map((name) => name.migration)).size < FEW
  const part = (key: keyof Habits, usual: string, own: readonly NameParts[] = names): Habit =>
    habit(
      own.map((name) => partOf(name, key)),
      { usual, known: isNew ? knownFor(key, own) : undefined },
    )
  // Flyway writes its numbers without zeros in front (https://documentation.red-gate.com/fd/versioned-migrations-273973333.html).
  const isFlyway = names.length > 0 && names.every(({ lead, gap }) => /^[VU]$/.test(lead) && gap === '__')
  const form = isNew && isFlyway ? habit(formsOf(names), { usual: 'number', known: /^/ }) : part('form', DEFAULTS.form)
  const words = part('words', DEFAULTS.words)
  const frames = new Map(
    (['up', 'down', 'both'] as const).map((direction) => {
      const own = names.filter((name) => name.direction === direction)
      const tail = direction === 'both' ? '.sql' : `.${direction}.sql`
      return [
        direction,
        { lead: part('lead', DEFAULTS.lead, own), gap: part('gap', DEFAULTS.gap, own), tail: part('tail', tail, own) },
      ]
    }),
  )
  const frame = (direction: NameParts['direction']): Frame => {
    const { lead, gap, tail } = frames.get(direction) ?? {}
    return { lead: lead?.most ?? '', gap: gap?.most ?? '', tail: tail?.most ?? '' }
  }
  const holds = (name: NameParts, key: keyof Frame): boolean =>
    frames.get(name.direction)?.[key].holds(partOf(name, key)) === true
  const framed = (name: NameParts): boolean =>
    holds(name, 'lead') && holds(name, 'tail') && (anyGap || holds(name, 'gap'))
  const parts = { form: form.most, words: words.most, frame }
  const writes: Convention['writes'] = (name) =>
    form.most === DOTTED ||
    name.form === DOTTED ||
    form.holds(name.form) ||
    INITIAL.test(name.version) ||
    outgrows(name.version, widthOf(form.most))
  return {
    ...parts,
    writes,
    last: names
      .filter((name) => name.form === form.most)
      .map((name) => name.version)
      .reduce((a, b) => (compareNumbers(a, b) > 0 ? a : b), '1'.padStart(widthOf(form.most), '0')),
    fits: (name) => framed(name) && writes(name),
    wording: (name) => {
      if (anyGap && !holds(name, 'gap')) return 'other'
      if (name.name === '' || words.holds(name.words)) return 'right'
      if (isDefault(parts)) return name.words === 'snake with digits' ? 'other' : 'wrong'
      return isNew || isNarrower(name, words.most) ? 'right' : 'other'
    },
  }
}

/** The step that tools write themselves before all others (`00000000000000_diesel_initial_setup`). */
const INITIAL = /^0+$/

/** After 999 comes 1000: no number of three digits is left. Days and points in time are no numbers. */
const outgrows = (version: string, width: number): boolean =>
  width > 0 && version.length > width && version.length < STAMP && /^[1-9]\d*$/.test(version)

const formsOf = (names: readonly NameParts[]): readonly string[] => names.map(({ form }) => form)

/** A migration without a name (`20240101.sql`) has no gap that could be wrong. */
const partOf = (name: NameParts, key: keyof Habits): string =>
  key === 'gap' && name.name === '' ? DEFAULTS.gap : name[key]

type Habit = { readonly most: string; readonly holds: (value: string) => boolean }

function habit(values: readonly string[], { usual, known }: { usual: string; known: RegExp | undefined }): Habit {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const ranked = [...counts].toSorted(
    ([a, countA], [b, countB]) => countB - countA || Number(b === usual) - Number(a === usual),
  )
  const most = ranked[0]?.[0] ?? usual
  if (known !== undefined) {
    const believed = counts.has(usual) || !known.test(most) ? usual : most
    return { most: believed, holds: (value) => value === believed }
  }
  return {
    most,
    holds: (value) => {
      const count = counts.get(value) ?? 0
      return value === most || count >= MANY || (count >= FEW && count >= values.length * SHARE)
    },
  }
}

/** What a wider class holds, a narrower one fits: digits and plain words are fine where dashes or capitals are the style. */
function isNarrower({ name, words }: NameParts, habitual: string): boolean {
  if (words === 'snake with digits' && habitual === 'snake') return true
  return CLASSES.find((c) => c.words === habitual)?.pattern.test(name) ?? true
}

/** Whether the folder follows the default convention: 5 digits, an underscore, words, the direction. */
const isDefault = ({ form, words, frame }: Pick<Convention, 'form' | 'words' | 'frame'>): boolean =>
  form === DEFAULTS.form &&
  words === DEFAULTS.words &&
  (['up', 'down'] as const).every((direction) => {
    const { lead, gap, tail } = frame(direction)
    return lead === DEFAULTS.lead && gap === DEFAULTS.gap && tail === `.${direction}.sql`
  })

/**
 * The name that a file should have, with its version: the same number, written as the folder writes its own. Undefined
 * where only another version would do.
 */
export function rightName(
  name: NameParts,
  convention: Convention,
): { readonly base: string; readonly version: string } | undefined {
  const version = rightVersion(name, convention)
  const { lead, gap, tail } = convention.frame(name.direction)
  // In `V1.2_add_x` the number may continue after the gap.
  if (version === undefined || (/^\d/.test(name.name) && name.gap !== gap)) return undefined
  const words = wordsFor(name.name, convention)
  // golang-migrate runs `00003_.up.sql`, and passes over `00003.up.sql`.
  return { base: `${lead}${version}${words === '' ? name.gap : gap}${words}${endFor(name, tail)}`, version }
}

/** The tail of the folder, with what the tool reads as flags in the file's own name (`.tx.up.sql`). */
export function endFor(name: NameParts, tail: string): string {
  if (name.tail === tail) return name.end
  const flags = name.end.split('.').filter((part) => part !== '' && !FLAGLESS.test(part))
  return `${flags.map((flag) => `.${flag}`).join('')}${tail}`
}

/** A name in the letters that the folder uses; unchanged where those are not a style. */
export const wordsFor = (name: string, convention: Pick<Convention, 'words'>): string =>
  convention.words.startsWith('snake') || convention.words === 'kebab' ? slug(name, convention) : name

function slug(name: string, { words }: Pick<Convention, 'words'>): string {
  const joint = words === 'kebab' ? '-' : '_'
  const parts = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, joint).toLowerCase()
  return parts.replaceAll(/[^a-z0-9]+/g, joint).replaceAll(new RegExp(`^${joint}+|${joint}+$`, 'g'), '')
}

/** Zeros in front are put there or left out: nothing else keeps the version. */
function rightVersion(name: NameParts, convention: Convention): string | undefined {
  const { version } = name
  if (convention.writes(name)) return version
  if (!/^\d+$/.test(version)) return undefined
  const width = widthOf(convention.form)
  const plain = version.replace(/^0+(?=\d)/, '')
  if (convention.form === 'number') return plain.length < STAMP ? plain : undefined
  if (plain.length === width) return plain
  // A number among points in time is not one, with any number of zeros in front.
  return width < LONG && plain.length < width ? plain.padStart(width, '0') : undefined
}

/** 0 for a form without a number of digits. */
const widthOf = (form: string): number => Number(/^(\d+) digits$/.exec(form)?.[1] ?? 0)

/** From so many digits on a version is a day or more. */
const STAMP = 8
const LONG = 10
