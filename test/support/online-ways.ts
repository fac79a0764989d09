// Runs a migration as its author wrote it and by its online way, and compares: catalogue, rows, who waits, and the way back.
import { compareSnapshots } from '../../src/catalog/compare-snapshots.js'
import { sameness } from '../../src/catalog/difference.js'
import { deriveDown } from '../../src/catalog/derive/down.js'
import { isWaiting } from '../../src/impact/judge/effect.js'
import { judge } from '../../src/impact/judge/judge.js'
import { onlineDown } from '../../src/impact/online/online-down.js'
import type { AuthorStatement, OnlineMigration, WrittenMigration } from '../../src/impact/online/online-migration.js'
import { isSetting, onlineWay } from '../../src/impact/online/online-way.js'
import { rowFacts, waitingStatements } from '../../src/impact/online/waiting-statements.js'
import type { Snapshot } from '../../src/catalog/snapshot.js'
import type { LayoutName, Script } from '../../src/model/migration.js'
import type { Scratch, ScratchEnvironment, ScratchServer } from '../../src/ports/scratch.js'
import { WorkingCopy } from '../../src/prove/scratch-copies.js'
import { watchSteps } from '../../src/prove/watch-scope.js'
import { splitStatements } from '../../src/sql/statements.js'
import { plainScript } from '../../src/tools/script.js'
import { filesIn } from './online-layouts.js'

/**
 * A migration, and the migrations before it. `values: 'made'`: it gives rows values that are others each time. `notOn`: a server
 * whose catalogue has no equal way.
 */
export type WayCase = { readonly base: string; readonly up: string; readonly values?: 'made'; readonly notOn?: string }

/**
 * `way` is undefined where none is known. `equal`, `rows`: the catalogue and the rows after the way are those after the migration.
 * `waits`: whom a migration of the way, or its rows, make wait or fail, as `2 blocking-scan orders`. `back`: what its derived down
 * leaves different, or why it fails. `layouts`: what goes wrong with the files of a layout.
 */
export type TriedWay = {
  readonly author: readonly string[]
  readonly way: readonly WrittenMigration[] | undefined
  readonly equal: string
  readonly rows: string
  readonly waits: readonly string[]
  readonly back: readonly string[]
  readonly layouts: readonly string[]
}

const wrapped = (file: string, text: string): Script => plainScript({ file, text, transaction: 'wrapped' })

const sqlOf = (statements: readonly string[]): string => statements.map((one) => `${one};\n`).join('')

/** As a tool sends it: what refuses a transaction is alone in its message. */
export const scriptFor = (
  file: string,
  statements: readonly string[],
  transaction: OnlineMigration['transaction'],
): Script =>
  plainScript({ file, text: sqlOf(statements), transaction: statements.length > 1 ? 'wrapped' : transaction })

/** `layouts`: those in which the way is also written, read and run. */
export async function tryWay(
  server: ScratchServer,
  { base, up }: WayCase,
  layouts: readonly LayoutName[] = [],
): Promise<TriedWay> {
  const options = { clusterWide: false, session: 'reset', setup: [], snapshots: 'guided' } as const
  const environment = await server.openEnvironment(options)
  try {
    return await tryIn(environment, wrapped('base.sql', base), { up, layouts })
  } finally {
    await environment.close()
  }
}

async function tryIn(
  environment: ScratchEnvironment,
  base: Script,
  { up, layouts }: { readonly up: string; readonly layouts: readonly LayoutName[] },
): Promise<TriedWay> {
  const [impact] = await watched(environment, base, [wrapped('up.sql', up)])
  const statements = await authorStatements(environment, base, up, impact)
  const author =
    impact === undefined
      ? []
      : judge({ up: impact.impact }, 'up')
          .filter(isWaiting)
          .map(({ rule, relations }) => `${rule} ${relations[0] ?? ''}`)
  const way = onlineWay(statements.list)
  const none = { author, way: undefined, equal: '', rows: '', waits: [], back: [], layouts: [] }
  if (way === undefined) return none
  const proof = await proveAll(environment, base, way)
  const scripts = way.map(({ up: sql, transaction }, at) => scriptFor(`${String(at + 1)}.sql`, sql, transaction))
  const impacts = await watched(environment, base, scripts)
  const waits = impacts.flatMap(({ impact: one }, at) =>
    judge({ up: one }, 'up')
      .filter((effect) => isWaiting(effect) || effect.rule === 'fails-on-rows')
      .map(({ rule, relations }) => `${String(at + 1)} ${rule} ${relations.join(', ')}`),
  )
  if (impacts.length < scripts.length) waits.push('not all of it ran')
  const differences = compareSnapshots(statements.after, proof.after)
  return {
    author,
    way: proof.migrations,
    equal: differences.length === 0 ? 'same' : `${sameness(differences)}: ${JSON.stringify(differences)}`,
    rows: JSON.stringify([...statements.rows]) === JSON.stringify([...proof.rows]) ? 'same' : 'other',
    waits,
    back: proof.back,
    layouts: await inLayouts({ environment, base, layouts, way: proof.migrations, goal: statements.after }),
  }
}

/** The way as files: up to the goal, and back to the base. */
async function inLayouts(options: {
  readonly environment: ScratchEnvironment
  readonly base: Script
  readonly layouts: readonly LayoutName[]
  readonly way: readonly WrittenMigration[]
  readonly goal: Snapshot
}): Promise<readonly string[]> {
  const { environment, base, layouts, way, goal } = options
  const wrong: string[] = []
  for (const layout of layouts) {
    const written = filesIn(layout, way, { names: ['00001_a', '00002_b', '00003_c'], name: '00003_c' })
    if (written === undefined) {
      wrong.push(`${layout}: no files`)
      continue
    }
    const place = await WorkingCopy.open(environment)
    await place.run(base, 'up')
    const start = new Map(place.tracker.now)
    const run = async (script: Script | undefined, direction: 'up' | 'down'): Promise<void> => {
      const ran = script && (await place.run(script, direction))
      if (ran?.ok !== true) wrong.push(`${layout} ${direction}: ${ran?.failure.message ?? 'no script'}`)
    }
    for (const { up } of written.migrations) await run(up, 'up')
    if (compareSnapshots(goal, place.tracker.now).length > 0) wrong.push(`${layout}: not equal`)
    for (const { down } of written.migrations.toReversed()) await run(down, 'down')
    if (compareSnapshots(start, place.tracker.now).length > 0) wrong.push(`${layout}: not back`)
    await place.main.drop()
  }
  return wrong
}

type Watched = { readonly impact: NonNullable<Awaited<ReturnType<typeof watchSteps>>[number]> }

async function watched(
  environment: ScratchEnvironment,
  base: Script,
  scripts: readonly Script[],
): Promise<readonly Watched[]> {
  const scratch = await openAfter(environment, base)
  const { signal } = new AbortController()
  const impacts = await watchSteps({ environment, base: scratch, signal, scripts, deploy: 'one by one' })
  return impacts.map((impact) => ({ impact }))
}

async function openAfter(environment: ScratchEnvironment, base: Script): Promise<Scratch> {
  const scratch = await environment.open()
  const ran = await scratch.run(base, 'up')
  if (!ran.ok) throw new Error(`the base fails: ${ran.failure.message}`)
  return scratch
}

/** The author's statements with the effects of those for which clients wait. */
async function authorStatements(
  environment: ScratchEnvironment,
  base: Script,
  up: string,
  watchedUp: Watched | undefined,
): Promise<{
  readonly list: readonly AuthorStatement[]
  readonly after: WorkingCopy['tracker']['now']
  readonly rows: ReadonlyMap<string, string>
}> {
  const impact = watchedUp?.impact
  const waits = impact && waitingStatements(impact)
  const place = await WorkingCopy.open(environment)
  await place.run(base, 'up')
  const list: AuthorStatement[] = []
  const settings: string[] = []
  for (const [at, { text }] of splitStatements(up).entries()) {
    const number = at + 1
    const before = new Map(place.tracker.now)
    const moment = place.tracker.remember()
    const ran = await place.run(wrapped(`${String(number)}.sql`, [...settings, text].join(';\n')), 'up')
    if (isSetting(text)) settings.push(text)
    if (!ran.ok) throw new Error(`the up fails: ${ran.failure.message}`)
    const fates = place.tracker.fatesSince(moment)
    place.tracker.forget(moment)
    const conditions = await place.main.read(
      `SELECT format('%I.%I', n.nspname, c.relname), pg_get_partition_constraintdef(c.oid) FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relispartition AND c.relkind IN ('r', 'p') AND pg_get_partition_constraintdef(c.oid) IS NOT NULL`,
    )
    list.push({
      text: text.trim().replace(/;$/, ''),
      apart: waits?.apart.has(number) === true ? true : undefined,
      effect:
        impact !== undefined && waits?.own.has(number) === true
          ? {
              before,
              after: new Map(place.tracker.now),
              fates,
              ...rowFacts(impact, number),
              partitionConditions: new Map(conditions.map(([name = '', condition = '']) => [name, condition])),
            }
          : undefined,
    })
  }
  const rows = await place.main.rows()
  const after = new Map(place.tracker.now)
  await place.main.drop()
  return { list, after, rows }
}

/** Each migration up, down, up, with the catalogue compared. */
async function proveAll(
  environment: ScratchEnvironment,
  base: Script,
  way: readonly OnlineMigration[],
): Promise<{
  readonly migrations: readonly WrittenMigration[]
  readonly after: WorkingCopy['tracker']['now']
  readonly rows: ReadonlyMap<string, string>
  readonly back: readonly string[]
}> {
  const place = await WorkingCopy.open(environment)
  await place.run(base, 'up')
  const back: string[] = []
  const migrations: WrittenMigration[] = []
  const run = async (what: string, script: Script, direction: 'up' | 'down'): Promise<void> => {
    const ran = await place.run(script, direction)
    if (!ran.ok) back.push(`${what}: ${ran.failure.message}`)
  }
  for (const [at, { title, up, transaction }] of way.entries()) {
    const script = scriptFor(`${String(at + 1)}.sql`, up, transaction)
    const before = new Map(place.tracker.now)
    const moment = place.tracker.remember()
    await run(`up ${String(at + 1)}`, script, 'up')
    const after = new Map(place.tracker.now)
    const fates = place.tracker.fatesSince(moment)
    place.tracker.forget(moment)
    const down = onlineDown(deriveDown(before, after, { fates }).statements, transaction)
    migrations.push({ title, up, transaction, down })
    await run(`down ${String(at + 1)}`, scriptFor('down.sql', down, transaction), 'down')
    for (const one of compareSnapshots(before, place.tracker.now))
      back.push(`down ${String(at + 1)}: ${JSON.stringify(one)}`)
    await run(`again ${String(at + 1)}`, script, 'up')
    for (const one of compareSnapshots(after, place.tracker.now))
      back.push(`again ${String(at + 1)}: ${JSON.stringify(one)}`)
  }
  await place.main.drop()
  return { migrations, back, ...(await runThrough(environment, base, migrations)) }
}

/** Once and in a row, as it is deployed. */
async function runThrough(
  environment: ScratchEnvironment,
  base: Script,
  way: readonly OnlineMigration[],
): Promise<{ readonly after: Snapshot; readonly rows: ReadonlyMap<string, string> }> {
  const place = await WorkingCopy.open(environment)
  await place.run(base, 'up')
  for (const { up, transaction } of way) await place.run(scriptFor('up.sql', up, transaction), 'up')
  const rows = await place.main.rows()
  const after = new Map(place.tracker.now)
  await place.main.drop()
  return { after, rows }
}
