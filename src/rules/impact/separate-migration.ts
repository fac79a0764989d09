// How the layout of a folder writes what a better way needs: statements outside of a transaction, in migrations of their own.
import type { Judged } from './judged.js'

/** Statements that no transaction takes, with the tool's own marker or advice. */
export function outsideTransaction({ tool, direction }: Pick<Judged, 'tool' | 'direction'>, sql: string): string {
  const advice = tool.transactions.leaveOut(direction)
  return advice.startsWith('--')
    ? `-- In a migration of its own, which no transaction surrounds:\n${advice}\n${sql}`
    : `-- ${advice}\n${sql}`
}

/** Statements in as many migrations: the lock of each ends before the next begins. */
export const oneByOne = (first: string, next: string): string => `${first}\n-- In the next migration:\n${next}`
