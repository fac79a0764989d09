// The guided snapshot held against whole ones, which cannot miss anything.
import { compareSnapshots } from '../../src/catalog/compare-snapshots.js'
import type { SnapshotChange } from '../../src/catalog/snapshot.js'
import type { MigrationReport } from '../../src/report/check-report.js'
import type { Scratch, ScratchServer } from '../../src/ports/scratch.js'
import type { ChainMigration } from './chains.js'
import { migrationsOf } from './migrations.js'
import { proveChain } from './prove.js'

/**
 * Proves the chain both ways and returns the two reports of the first migration that differ, or what is wrong with a
 * migration of which the generator says that its down is right or wrong; undefined when all is well.
 */
export async function firstDifference(server: ScratchServer, chain: readonly ChainMigration[]): Promise<unknown> {
  const migrations = migrationsOf(chain)
  const guided = await proveChain(server, migrations, 'guided')
  const full = await proveChain(server, migrations, 'full')
  if (guided.bug !== undefined) return guided.bug
  for (const [at, made] of chain.entries()) {
    const here = timeless(guided.migrations[at])
    const there = timeless(full.migrations[at])
    if (JSON.stringify(here) !== JSON.stringify(there)) return { guided: here, full: there }
    const wrong = misjudged(made, guided.migrations[at])
    if (wrong !== undefined) return wrong
  }
  const ends = [guided.chain, full.chain].map((each) => each && { ...each, milliseconds: 0 })
  return JSON.stringify(ends[0]) === JSON.stringify(ends[1]) ? undefined : ends
}

const timeless = (report: MigrationReport | undefined): unknown =>
  report && { ...report, proof: report.proof && { ...report.proof, milliseconds: 0 } }

/**
 * What the generator meant and what was found. An empty down of an up that replaces a function's comments leaves
 * \`function-layout\`. A left-over of an earlier broken down cannot get in the way: the proof
 * goes on from the right state.
 */
function misjudged(made: ChainMigration, report: MigrationReport | undefined): unknown {
  const proof = report?.proof
  const right =
    made.broken === undefined
      ? [made.down === undefined ? 'irreversible' : 'same']
      : { 'left behind': ['differs', 'failed'], fails: ['failed'], empty: ['empty', 'same', 'function-layout'] }[
          made.broken
        ]
  const well = proof?.up === 'ok' && right.includes(proof.down)
  return well ? undefined : { made, proof }
}

/** Runs each migration up, down and up on one database and names the first unreported change; undefined without one. */
export async function firstMissed(server: ScratchServer, chain: readonly ChainMigration[]): Promise<unknown> {
  const bench = await server.openEnvironment({ clusterWide: false, session: 'reset', setup: [], snapshots: 'guided' })
  try {
    const scratch = await bench.open()
    const pieced = new Map(await scratch.snapshot())
    for (const { id, up, down } of migrationsOf(chain)) {
      for (const direction of ['up', 'down', 'up'] as const) {
        const script = direction === 'up' ? up : down
        if (script === undefined) continue
        const ran = await scratch.run(script, direction)
        if (!ran.ok) return { id, direction, failure: ran.failure }
        apply(pieced, ran.change)
        const missed = await whatIsMissing(scratch, pieced)
        if (missed.length > 0) return { id, direction, missed }
      }
    }
    return undefined
  } finally {
    await bench.close()
  }
}

function apply(snapshot: Map<string, string>, change: SnapshotChange): void {
  for (const [unit, document] of change) {
    if (document === undefined) snapshot.delete(unit)
    else snapshot.set(unit, document)
  }
}

async function whatIsMissing(scratch: Scratch, pieced: ReadonlyMap<string, string>): Promise<readonly unknown[]> {
  const whole = await scratch.snapshot()
  const units = [...new Set([...whole.keys(), ...pieced.keys()])].filter((unit) => whole.get(unit) !== pieced.get(unit))
  return units.length === 0 ? [] : [units, compareSnapshots(pieced, whole)]
}
