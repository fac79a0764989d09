// What keeps a dump of a database from being restored, and what follows from it before a deploy. Pure.
import { firstFew } from '../model/list-words.js'
import { shellWord } from '../model/shell-quote.js'
import type { DumpObstacle } from './backup.js'
import type { Refused } from './gate.js'
import type { Condition } from './preview.js'

/** `accepted`: the user goes on although the dump cannot be restored. */
export type DumpJudgement = { readonly name: string; readonly production: boolean; readonly accepted: boolean }

const WORDS = {
  fails: 'pg_restore cannot restore a dump',
  later: 'pg_restore cannot restore a dump as soon as there are rows',
  unknown: 'not judged whether pg_restore can restore a dump',
} as const

const sentence = ({ kind, what }: DumpObstacle): string => `${WORDS[kind]}: ${what}`

/** The reason, and the SQL that ends it. */
export const whyWithRepair = ({ what, repair }: DumpObstacle): string =>
  repair.length === 0 ? what : `${what}. Repair: ${repair.join(' ')}`

/** In production an accepted obstacle and one that is not certain only warn. */
export const dumpConditions = (
  obstacles: readonly DumpObstacle[],
  { production, accepted }: Pick<DumpJudgement, 'production' | 'accepted'>,
): readonly Condition[] =>
  obstacles.map((one) => ({
    kind: one.kind === 'fails' && production && !accepted ? 'blocks' : 'warns',
    what: `${WORDS[one.kind]}: ${whyWithRepair(one)}`,
    fix: one.repair.length === 0 ? LOOK : 'Write a migration with it.',
  }))

const LOOK = 'docs/restore.md says what a dump cannot restore.'

/** One refusal for each obstacle, each with its repair and the way to go on without it. */
export function refusedDump(
  obstacles: readonly DumpObstacle[],
  { name, production, accepted }: DumpJudgement,
): readonly Refused[] {
  if (!production || accepted) return []
  return obstacles
    .filter(({ kind }) => kind === 'fails')
    .map((one) => ({ rule: 'backup', what: `${name}: ${sentence(one)}`, fix: `${repairFix(one)} ${goOn(name)}` }))
}

const repairFix = ({ repair }: DumpObstacle): string =>
  repair.length === 0
    ? 'Change what is named here, or use your own backup (--backup external --backup-id ID).'
    : `Write a migration with this SQL: ${repair.join(' ')}`

const goOn = (name: string): string =>
  `To go on before that, for example with this migration: --accept-unrestorable ${shellWord(name)}. Then only pg-migration-gate restore can bring back the backup, because it works around this; check that with --prove-backup restore.`

/** What the backup itself is reported with; empty for one that pg_restore can restore. */
export function dumpNotes(obstacles: readonly DumpObstacle[]): readonly string[] {
  const of = (word: DumpObstacle['kind']): readonly string[] =>
    obstacles.filter(({ kind }) => kind === word).map(({ what }) => what)
  const [failing, unknown] = [of('fails'), of('unknown')]
  return [
    ...(failing.length === 0 ? [] : [`pg_restore alone cannot restore it: ${firstFew(failing, '; ')}`]),
    ...(unknown.length === 0 ? [] : [`not judged whether pg_restore can restore it: ${firstFew(unknown, '; ')}`]),
  ]
}
