// How to fix a down: proved lines, or else the tasks in words.
import { nameOfObject, type Difference } from '../../catalog/difference.js'
import type { Proof } from '../../report/check-report.js'
import { provedOn } from '../../report/proved-on.js'

const LINES = 8

/** Only lines that were proved are SQL; text to paste. Undefined where there are none. */
export function repairText({ repair }: Pick<Proof, 'repair'>): string | undefined {
  if (repair === undefined) return undefined
  const where = repair.kind === 'append' ? 'at the end of the down' : 'as the down'
  return [
    `-- ${where} (${provedOn(repair)}):`,
    ...(repair.order === undefined ? [] : ['-- Columns are in another order afterwards.']),
    ...repair.loses.map((what) => `-- It drops ${what}.`),
    ...(repair.notes ?? []).map((note) => `-- ${note.replaceAll(/\s+/g, ' ')}`),
    repair.sql,
  ].join('\n')
}

/** One task for each difference. */
export function tasksFor(differences: readonly Difference[]): string {
  const real = differences.filter(({ class: kind }) => kind === 'real')
  const own = real.filter((difference) => !isPartOfConstraint(difference, real))
  const lines = own.slice(0, LINES).map(task)
  const more = own.length - lines.length
  return ['-- write at the end of the down:', ...lines, ...(more > 0 ? [`-- and ${more} more`] : [])].join('\n')
}

/** The index of a primary key or unique constraint comes and goes with it. */
const isPartOfConstraint = ({ kind, identity, parent, change }: Difference, all: readonly Difference[]): boolean =>
  kind === 'index' &&
  all.some(
    (d) => d.kind === 'constraint' && d.change === change && d.parent === parent && last(d.identity) === last(identity),
  )

const TASKS = { 'left behind': 'remove', lost: 'restore', changed: 'change back' } as const

function task({ change, kind, identity, before, was }: Difference): string {
  if (was !== undefined) return `-- rename ${kind} ${identity} back to ${was}`.replaceAll(/\s+/g, ' ').slice(0, 200)
  const words = before === undefined || change === 'left behind' ? '' : `: ${before}`
  return `-- ${TASKS[change]} ${nameOfObject({ kind, identity })}${words}`.replaceAll(/\s+/g, ' ').slice(0, 200)
}

const last = (identity: string): string => /(?:^|\.)("(?:[^"]|"")*"|[^."]+)$/.exec(identity)?.[1] ?? identity
