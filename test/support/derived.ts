// Downs derived for every up of a folder, and each of them proved.
import { RULES } from '../../src/rules/index.js'
import { readSettings } from '../../src/config/settings.js'
import { readDatabase } from '../../src/commands/shared/read-database.js'
import { selectDatabases } from '../../src/commands/shared/databases.js'
import type { World } from '../../src/commands/shared/context.js'
import { deriveDown, type DerivedDown } from '../../src/catalog/derive/down.js'
import type { Script } from '../../src/model/migration.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { plainScript } from '../../src/tools/script.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import { reachesCluster } from '../../src/sql/effects/cluster-wide.js'
import { proveDerived, type DerivedProof } from '../../src/prove/derived.js'
import { WorkingCopy } from '../../src/prove/scratch-copies.js'
import { NOTHING } from './nothing.js'

/** `word`: what the proof said of the derived down, in one word. `empty`: the up changed nothing that a catalogue shows. */
export type Measured = {
  readonly database: string
  readonly id: string
  readonly word: 'same' | 'column-order' | 'differs' | 'failed' | 'again differs' | 'up fails'
  readonly empty: boolean
  readonly derived: DerivedDown | undefined
  readonly proof: DerivedProof
}

const worldOf = (root: string): World => ({ ...NOTHING, files: createFiles(root) })

/** Every database found below a path of the root, each chain on a bench of its own. */
export async function measureDerived(
  server: ScratchServer,
  root: string,
  path: string,
  config?: string,
): Promise<readonly Measured[]> {
  const world = worldOf(root)
  const settings = await readSettings({ files: world.files, file: config, rules: RULES.map(({ id }) => id) })
  const { databases } = await selectDatabases({ files: world.files, settings, paths: [path], names: [] })
  const all: Measured[] = []
  for (const database of databases) {
    const read = await readDatabase(database, world)
    const ups = read.schema.migrations.flatMap(({ id, up }) => (up === undefined ? [] : [{ id, up }]))
    all.push(...(await measureChain(server, database.name, ups, read.setup)))
  }
  return all
}

export async function measureChain(
  server: ScratchServer,
  database: string,
  ups: readonly { readonly id: string; readonly up: Script }[],
  setup: readonly Script[] = [],
): Promise<readonly Measured[]> {
  const clusterWide = reachesCluster(ups.map(({ up }) => up))
  const bench = await server.openEnvironment({ clusterWide, session: 'reset', setup, snapshots: 'guided' })
  try {
    const place = await WorkingCopy.open(bench)
    const measured: Measured[] = []
    for (const { id, up } of ups) {
      let derived: DerivedDown | undefined
      const proof = await proveDerived(place, up, ({ before, after, fates }) => {
        derived = deriveDown(before, after, { fates })
        const text = derived.statements.map((statement) => `${statement};\n`).join('')
        return plainScript({ file: `${id}.down.sql`, text, transaction: 'wrapped' })
      })
      measured.push({ database, id, word: wordOf(proof), empty: derived?.statements.length === 0, derived, proof })
    }
    return measured
  } finally {
    await bench.close()
  }
}

function wordOf({ down, again, failed }: DerivedProof): Measured['word'] {
  if (failed === 'up') return 'up fails'
  if (down === 'same' || down === 'column-order')
    return again === 'same' || (down === 'column-order' && again === 'column-order') ? down : 'again differs'
  return down === 'differs' ? 'differs' : 'failed'
}
