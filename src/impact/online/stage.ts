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

/**
 * The stages of one statement, in their order. `table`: the one that is changed, where it is one. `settings`: the author's
 * statements that set the session up to then.
 */
export type Lane = {
  readonly table: string | undefined
  readonly stages: readonly Stage[]
  readonly settings?: readonly string[]
}

/** As few migrations as let clients go on. */
export function migrationsOf(lanes: readonly Lane[]): readonly OnlineMigration[] {
  const groups: Placed[][] = []
  const placed = runsOf(lanes).flatMap((run) =>
    joined(run).map((stage) => ({ stage, table: run[0]?.table, settings: run[0]?.settings ?? [] })),
  )
  for (const one of placed) {
    const group = groups.at(-1)
    if (group !== undefined && mayJoin(one, group)) group.push(one)
    else groups.push([one])
  }
  return groups.map((group) => ({
    title: group[0]?.stage.title ?? '',
    up: group.flatMap(({ stage, settings }, at) =>
      stage.kind === 'alone'
        ? stage.statements
        : [...settings.slice(group[at - 1]?.settings.length ?? 0), ...stage.statements],
    ),
    transaction: group[0]?.stage.kind === 'alone' ? 'none' : 'wrapped',
  }))
}

type Placed = {
  readonly stage: Stage
  readonly table: string | undefined
  readonly settings: readonly string[]
}

/** Two tables are not locked one after the other where the first one is let go in between. */
function mayJoin({ stage: { kind }, table }: Placed, group: readonly Placed[]): boolean {
  const has = (...kinds: readonly Stage['kind'][]): boolean => group.some(({ stage }) => kinds.includes(stage.kind))
  if (kind === 'alone' || kind === 'apart' || has('alone', 'apart')) return false
  if (kind === 'reading') return !has('brief', 'author')
  const isElsewhere = group.some((one) => one.table !== undefined && table !== undefined && one.table !== table)
  return !isElsewhere || !has('reading')
}

/** Neighbours that change one table, each by locks for a moment around work that lets clients go on. */
function runsOf(lanes: readonly Lane[]): readonly (readonly Lane[])[] {
  const runs: Lane[][] = []
  for (const lane of lanes) {
    const run = runs.at(-1)
    const [first] = run ?? []
    const isAlike =
      first?.table !== undefined && first.table === lane.table && first.settings?.length === lane.settings?.length
    if (isAlike && first.stages.some(isReading) && isMixed(first) && isMixed(lane) && lane.stages.some(isReading))
      run?.push(lane)
    else runs.push([lane])
  }
  return runs
}

const isReading = ({ kind }: Stage): boolean => kind === 'reading'

const isMixed = ({ stages }: Lane): boolean => stages.every(({ kind }) => kind === 'brief' || kind === 'reading')

/** What is added first, then all that is read, then what trusts it. */
function joined(run: readonly Lane[]): readonly Stage[] {
  const at = ({ stages }: Lane): readonly [number, number] => [
    stages.findIndex(isReading),
    stages.findLastIndex(isReading),
  ]
  return run.length < 2
    ? run.flatMap(({ stages }) => stages)
    : [
        ...run.flatMap((lane) => lane.stages.slice(0, at(lane)[0])),
        ...run.flatMap((lane) => lane.stages.slice(at(lane)[0], at(lane)[1] + 1)),
        ...run.flatMap((lane) => lane.stages.slice(at(lane)[1] + 1)),
      ]
}
