// A file name of the pairs layout -> version, name and every way in which it may state a direction.
import type { Direction } from '../../model/migration.js'
import { dialectOf } from '../dialects.js'

/**
 * Where the word for the direction is: `dot` `1_x.up.sql`, `first` `1.do.x.sql`, `suffix` `1_x_up.sql`, `prefix`
 * `1_up_x.sql`, `lead` `up_1_x.sql`, `letter` `V1__x.sql` and `U1__x.sql`.
 */
export type Style = 'dot' | 'first' | 'suffix' | 'prefix' | 'lead' | 'letter'

/** One way to read a name. `certain` needs no file of the other direction to be believed. */
export type Reading = {
  readonly style: Style
  readonly direction: Direction
  readonly word: string
  readonly name: string
  /** The name of the migration as people write it: the file name without direction, flags and ending. */
  readonly id: string
  readonly certain: boolean
}

export type PairName = {
  /** Letters in front of the version (`V`), often none. */
  readonly lead: string
  readonly version: string
  /** What follows the version, without flags and ending: the name when the file states no direction. */
  readonly name: string
  readonly id: string
  readonly readings: readonly Reading[]
  /** `postgres`, another server's word, or `any`. */
  readonly dialect: string
  readonly transaction: 'wrapped' | 'none' | undefined
}

const UP_WORDS = ['up', 'do', 'deploy', 'apply', 'forward', 'forwards', 'upgrade', 'migrate', 'install', 'commit']
const DOWN_WORDS = ['down', 'undo', 'revert', 'rollback', 'unapply', 'backward', 'backwards', 'downgrade', 'uninstall']
const CERTAIN = ['up', 'down', 'do', 'undo']
const WORDS = [...UP_WORDS, ...DOWN_WORDS].join('|')

const WRAPPED = /^(?:tx|transaction)$/i
const NONE = /^(?:(?:no|non)[-_]?(?:tx|txn|transaction)|autocommit)$/i

/** A dashed date and time, numbers with dots before `__` (Flyway; with `_` behind a letter only), or digits of any length. */
const VERSION =
  '\\d{4}-\\d{2}-\\d{2}(?:[-T_]\\d{2}[-:]?\\d{2}(?:[-:]?\\d{2})?)?(?!\\d)|\\d{8}T\\d{6}|(?<=[A-Za-z])\\d+(?:[._]\\d+)*(?=__)|\\d+(?:\\.\\d+)*(?=__)|\\d+'
const HEAD = new RegExp(`^((?:[A-Za-z]+[-_.]?)?)(${VERSION})(?=[-_.]|$)(.*)$`)

/** Whether a word is one of those for a direction. */
export const statesDirection = (word: string): boolean => [...UP_WORDS, ...DOWN_WORDS].includes(word.toLowerCase())

const directionOf = (word: string): Direction => (UP_WORDS.includes(word) ? 'up' : 'down')

/** A name without a version in front is undefined; one that does not end in `.sql` too. */
export function parsePairName(fileName: string): PairName | undefined {
  if (!fileName.endsWith('.sql')) return undefined
  const head = HEAD.exec(fileName.slice(0, -'.sql'.length))
  const [, lead, version, tail] = head ?? []
  if (lead === undefined || version === undefined || tail === undefined) return undefined
  const word = lead.replace(/[-_.]$/, '').toLowerCase()
  const isDirection = statesDirection(word)
  if (isDirection && lead.length === word.length) return undefined

  const { rest, flags, stated } = endOf(tail)
  const readings: Reading[] = []
  const add = (
    reading: Omit<Reading, 'direction' | 'name' | 'id'> & { readonly rest: string; readonly front?: string },
  ): void => {
    const { rest: remaining, front = lead + version, ...known } = reading
    readings.push({ ...known, direction: directionOf(known.word), name: nameOf(remaining), id: front + remaining })
  }
  if (stated !== undefined) add({ style: 'dot', word: stated, rest, certain: CERTAIN.includes(stated) })
  else {
    const first = new RegExp(`^\\.(${WORDS})(?=\\.|$)`).exec(rest)
    if (first?.[1] !== undefined) {
      add({ style: 'first', word: first[1], rest: rest.slice(first[0].length), certain: CERTAIN.includes(first[1]) })
    }
    const suffix = new RegExp(`[-_](${WORDS})$`).exec(rest)
    if (suffix?.[1] !== undefined)
      add({ style: 'suffix', word: suffix[1], rest: rest.slice(0, suffix.index), certain: false })
    const prefix = new RegExp(`^[-_](${WORDS})(?=[-_]|$)`).exec(rest)
    if (prefix?.[1] !== undefined) {
      add({ style: 'prefix', word: prefix[1], rest: rest.slice(prefix[0].length), certain: false })
    }
    if (isDirection) add({ style: 'lead', word, rest, front: version, certain: false })
    if (/^[vu]$/i.test(lead)) {
      const letter = lead.toLowerCase() === 'v' ? 'up' : 'down'
      add({ style: 'letter', word: letter, rest, front: version, certain: false })
    }
  }
  return { lead, version, name: nameOf(rest), id: lead + version + rest, readings, ...flags }
}

/** Takes direction, flags and dialect off the end: they come after the name, separated by dots, in any order. */
function endOf(tail: string): {
  readonly rest: string
  readonly stated: string | undefined
  readonly flags: Pick<PairName, 'dialect' | 'transaction'>
} {
  const [name = '', ...parts] = tail.split('.')
  // golang-migrate's pattern is greedy: the last `.up.` or `.down.` counts, with any text after it.
  const last = parts.findLastIndex((part) => part === 'up' || part === 'down')
  const behind = parts.slice(last + 1)
  const front = last === -1 ? parts : parts.slice(0, last)
  let stated = last === -1 ? undefined : parts[last]
  // In `1.do.x.sql` (postgrator) the name comes after it.
  const leading = last === 0 || (last === -1 && CERTAIN.includes(parts[0] ?? ''))
  if (name === '' && leading && parts.slice(1).some((part) => !isFlag(part))) return plainEnd(tail)

  const flags: string[] = last === -1 ? [] : behind
  while (front.length > 0) {
    const part = front.at(-1) ?? ''
    const named = name !== '' || front.length > 1
    if (isFlag(part) && (named || stated === undefined)) flags.push(part)
    else if (stated === undefined && new RegExp(`^(?:${WORDS})$`).test(part)) stated = part
    else break
    front.pop()
  }
  return { rest: [name, ...front].join('.'), stated, flags: meaningOf(flags) }
}

function plainEnd(tail: string): ReturnType<typeof endOf> {
  const parts = tail.split('.')
  const end = parts.findLastIndex((part) => !isFlag(part))
  return { rest: parts.slice(0, end + 1).join('.'), stated: undefined, flags: meaningOf(parts.slice(end + 1)) }
}

const isFlag = (part: string): boolean => WRAPPED.test(part) || NONE.test(part) || dialectOf(part) !== undefined

function meaningOf(flags: readonly string[]): Pick<PairName, 'dialect' | 'transaction'> {
  const dialects = flags.map(dialectOf).filter((dialect) => dialect !== undefined)
  return {
    dialect: dialects.find((dialect) => dialect !== 'any') ?? 'any',
    transaction: flags.some((flag) => NONE.test(flag))
      ? 'none'
      : flags.some((flag) => WRAPPED.test(flag))
        ? 'wrapped'
        : undefined,
  }
}

const nameOf = (rest: string): string => rest.replace(/^[-_.]+/, '')
