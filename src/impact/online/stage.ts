// Steps of an online way, and how they are spread over migrations.
import type { OnlineMigration } from './online-migration.js'

/**
 * Statements that stay together. `brief`: strong locks for a moment, without work. `reading`: work under a lock that clients
 * do not wait for, so no strong lock may be held before. `alone`: one statement that refuses a transaction. `author`: kept
 * as written. `apart`: kept as written, and long.
 */
export type Stage = {
  readonly kind: 'brief' | 'reading' | 'alone' | 'author' | 'apart'
  readonly title: string
  readonly statements: readonly string[]
}

export const brief = (title: string, ...statements: readonly string[]): Stage => ({ kind: 'brief', title, statements })
export const reading = (title: string, statement: string): Stage => ({
  kind: 'reading',
  title,
  statements: [statement],
})
export const alone = (title: string, statement: string): Stage => ({ kind: 'alone', title, statements: [statement] })

/** As few migrations as let clients go on. */
export function migrationsOf(stages: readonly Stage[]): readonly OnlineMigration[] {
  const groups: Stage[][] = []
  for (const stage of stages) {
    const group = groups.at(-1)
    if (group !== undefined && mayJoin(stage, group)) group.push(stage)
    else groups.push([stage])
  }
  return groups.map((group) => ({
    title: group[0]?.title ?? '',
    up: group.flatMap(({ statements }) => statements),
    transaction: group[0]?.kind === 'alone' ? 'none' : 'wrapped',
  }))
}

function mayJoin({ kind }: Stage, group: readonly Stage[]): boolean {
  if (kind === 'alone' || kind === 'apart' || group.some((one) => one.kind === 'alone' || one.kind === 'apart'))
    return false
  return kind !== 'reading' || group.every((one) => one.kind === 'reading')
}
