// What changed: the migrations of one database at the merge base and now, and what other open pull requests change.
import type { Migration, Script } from './migration.js'
import { versionInPath, versionKey } from './version.js'
import { codeOf } from '../sql/same-code.js'

/**
 * How a script differs from its earlier version. `comments` and `line ends`: the server gets the same statements, and only
 * comments, blanks or line ends differ. `line ends in text`: line ends inside a string or a body differ. `mode`: the text
 * is the same and only the way it runs differs.
 */
export type ScriptEdit = 'text' | 'comments' | 'line ends' | 'line ends in text' | 'mode' | 'added' | 'removed'

/** Whether the server gets anything else than before. */
export const isEffective = (edit: ScriptEdit | undefined): boolean =>
  edit !== undefined && edit !== 'comments' && edit !== 'line ends'

/** One migration on both sides. `up` and `down` are undefined where that direction did not change. */
export type Edited = {
  readonly now: Migration
  readonly before: Migration
  readonly up: ScriptEdit | undefined
  readonly down: ScriptEdit | undefined
}

/**
 * `base` is the starting point of the change (the merge base), `tip` the newest state of the target branch. `rewritten` are
 * migrations of which only comments, blanks or line ends differ: nothing of them has to run again. All lists are in the order in
 * which the tool runs them.
 */
export type DatabaseChange = {
  readonly added: readonly Migration[]
  readonly edited: readonly Edited[]
  readonly rewritten: readonly Edited[]
  readonly renamed: readonly Edited[]
  readonly deleted: readonly Migration[]
  readonly base: readonly Migration[]
  readonly tip: readonly Migration[]
}

/**
 * `now`, `base` and `tip` come in the order of their tool. Two migrations match if they have the same id; otherwise the
 * same text in both directions; otherwise the same version, if only one is left on each side.
 */
export function changeOf(options: {
  now: readonly Migration[]
  base: readonly Migration[]
  tip?: readonly Migration[] | undefined
}): DatabaseChange {
  const { now, base, tip = base } = options
  const pairs = pairUp(now, base)
  const compared = pairs.pairs.map(([after, before]) => compare(after, before))
  const isRenamed = ({ now: after, before }: Edited): boolean => after.id !== before.id
  const own = compared.filter((one) => !isRenamed(one))
  return {
    added: pairs.added,
    edited: own.filter(isEdited),
    rewritten: own.filter((one) => !isEdited(one) && (one.up !== undefined || one.down !== undefined)),
    renamed: compared.filter(isRenamed),
    deleted: pairs.deleted,
    base,
    tip,
  }
}

/** A declaration that the down is missing on purpose is a comment that changes what is proved. */
const isEdited = ({ now, before, up, down }: Edited): boolean =>
  isEffective(up) ||
  isEffective(down) ||
  (now.irreversible === undefined) !== (before.irreversible === undefined) ||
  (now.refused === undefined) !== (before.refused === undefined)

export const isTouched = ({ added, edited, renamed, deleted }: DatabaseChange): boolean =>
  added.length + edited.length + renamed.length + deleted.length > 0

/**
 * The number at the start of its name, even if a tool takes the whole name as the version (sql-migrate); the whole name
 * where it has none.
 */
export const numberOf = ({ version }: Pick<Migration, 'version'>): string =>
  /\.sql$/.test(version) ? (versionInPath(version, '.') ?? version) : version

/** Whether both have the same number, as people read it. */
export const sameNumber = (a: Pick<Migration, 'version'>, b: Pick<Migration, 'version'>): boolean =>
  keyOfNumber(a) === keyOfNumber(b)

const keyOfNumber = (migration: Pick<Migration, 'version'>): string =>
  versionKey(numberOf(migration)) || migration.version

type Pairs = {
  readonly pairs: readonly (readonly [Migration, Migration])[]
  readonly added: readonly Migration[]
  readonly deleted: readonly Migration[]
}

function pairUp(now: readonly Migration[], base: readonly Migration[]): Pairs {
  const pairs: (readonly [Migration, Migration])[] = []
  let after = now
  let before = base
  const ways: readonly ((migration: Migration) => string | undefined)[] = [
    ({ id }) => id,
    textOf,
    (migration) => versionKey(numberOf(migration)) || undefined,
  ]
  for (const [at, key] of ways.entries()) {
    const own = groupBy(after, key)
    const others = groupBy(before, key)
    const taken = new Set<Migration>()
    for (const [name, [one, ...more]] of own) {
      const [other, ...rest] = others.get(name) ?? []
      if (one === undefined || other === undefined || (at > 0 && more.length + rest.length > 0)) continue
      pairs.push([one, other])
      taken.add(one).add(other)
    }
    after = after.filter((migration) => !taken.has(migration))
    before = before.filter((migration) => !taken.has(migration))
  }
  const places = new Map(now.map((migration, i) => [migration, i]))
  const at = ([migration]: Pairs['pairs'][number]): number => places.get(migration) ?? 0
  return { pairs: pairs.toSorted((a, b) => at(a) - at(b)), added: after, deleted: before }
}

function groupBy(
  migrations: readonly Migration[],
  key: (migration: Migration) => string | undefined,
): ReadonlyMap<string, readonly Migration[]> {
  const groups = new Map<string, Migration[]>()
  for (const migration of migrations) {
    const name = key(migration)
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), migration])
  }
  return groups
}

const textOf = ({ up, down }: Migration): string | undefined =>
  up === undefined ? undefined : `${up.checksum} ${down?.checksum ?? ''}`

const compare = (now: Migration, before: Migration): Edited => ({
  now,
  before,
  up: compareModules(now, before) ?? compareScripts(now.up, before.up),
  down: compareScripts(now.down, before.down),
})

const compareModules = (now: Migration, before: Migration): ScriptEdit | undefined =>
  now.module?.checksum === before.module?.checksum ? undefined : 'text'

function compareScripts(now: Script | undefined, before: Script | undefined): ScriptEdit | undefined {
  if (now === undefined) return before && 'removed'
  if (before === undefined) return 'added'
  if (now.checksum === before.checksum && now.sha384 === before.sha384) {
    return now.transaction === before.transaction ? undefined : 'mode'
  }
  const same = sameMessages(now, before)
  if (!same) return lineFeeds(textIn(now)) === lineFeeds(textIn(before)) ? 'line ends in text' : 'text'
  if (now.transaction !== before.transaction) return 'mode'
  return lineFeeds(textIn(now)) === lineFeeds(textIn(before)) ? 'line ends' : 'comments'
}

/** Messages without code change nothing, wherever they are sent. */
function sameMessages(now: Script, before: Script): boolean {
  const [after, was] = [now, before].map(({ messages }) =>
    messages.map(({ text }) => `${text.startsWith(BOM) ? BOM : ''}${codeOf(text)}`).filter((code) => code !== ''),
  )
  return JSON.stringify(after) === JSON.stringify(was)
}

/** A byte order mark is code that the server refuses. */
const BOM = '\uFEFF'

const textIn = ({ messages }: Script): string => messages.map(({ text }) => text).join('\n')
const lineFeeds = (text: string): string => text.replaceAll('\r\n', '\n').replace(/\n+$/, '')

/**
 * A tool that keeps a checksum of each applied up. `words` say what it does with a file that does not match it, and follow its
 * name. `sees`: whether the checksums of two versions differ.
 */
export type ChecksumKeeper = {
  readonly title: string
  readonly words: string
  readonly sees: (now: Script, before: Script) => boolean
}

/** A file that a pull request changes. `path` is from the repository root. */
export type PullFile = {
  readonly path: string
  readonly status: 'added' | 'modified' | 'removed' | 'renamed' | 'other'
}

/**
 * An open pull request other than the one under review. `author` is the account name; it and `title` are text that
 * other people write.
 */
export type OpenPull = {
  readonly number: number
  readonly title: string
  readonly url: string
  readonly author: string
  readonly files: readonly PullFile[]
}

/** The other open pull requests. `notSeen` says in sentences what was not checked. */
export type OpenPulls = { readonly pulls: readonly OpenPull[]; readonly notSeen: readonly string[] }

/** Whether a pull request is open. `head` is its newest commit. */
export type PullState =
  | { readonly found: true; readonly head: string }
  | { readonly found: false; readonly why: string }

/** The number of an open pull request. */
export type PullNumber =
  | { readonly found: true; readonly number: number }
  | { readonly found: false; readonly why: string }
