// Chains whose ups are in one folder and whose downs are in another beside it (`up/001_a.sql`, `down/001_a.sql`).
import { DIRECTION_WORDS } from '../two-files.js'

/** The names of the two folders. */
export type Halves = { readonly up: string; readonly down: string }

const PAIRS = [...DIRECTION_WORDS, ['ups', 'downs'], ['up', 'rollback'], ['migrate', 'rollback']] as const

/** `folders` are those beside each other, with the names of their files. Two belong together where they have files of one name. */
export function halvesAmong(folders: ReadonlyMap<string, readonly string[]>): Halves | undefined {
  const names = [...folders.keys()]
  const called = (word: string): string | undefined => names.find((name) => name.toLowerCase() === word)
  for (const [upWord, downWord] of PAIRS) {
    const up = called(upWord)
    const down = called(downWord)
    if (up === undefined || down === undefined) continue
    const ups = new Set((folders.get(up) ?? []).map(stem))
    if ((folders.get(down) ?? []).some((name) => name.endsWith('.sql') && ups.has(stem(name)))) return { up, down }
  }
  return undefined
}

/** `001_a.up.sql` and `001_a.down.sql` are one name. */
const stem = (name: string): string => name.replace(/(?:[._-](?:up|down|rollback|revert|undo))?\.sql$/i, '')
