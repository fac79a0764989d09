// Downs derived for every up of the samples and of other projects: most of them must prove. DERIVE_FOLDERS=<folder>:<folder> adds
// folders with migrations that lie elsewhere, DERIVE_SHOW=1 tells each one that does not prove.
import { describe, expect, test } from '@jest/globals'
import path from 'node:path'
import { makeChain } from '../support/chains.js'
import { measureChain, measureDerived, type Measured } from '../support/derived.js'
import { inLanes } from '../support/lanes.js'
import { migrationsOf } from '../support/migrations.js'
import { openServer, OWN_SERVER, serverNamed } from '../support/server.js'
import { planted } from '../prove/planted/cases.js'
import { measurePlanted, ROWS, UNDERIVABLE } from '../prove/planted/derived.js'
import { concerns } from '../prove/planted/judge.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const own = ['migrations', 'examples/goose', 'examples/sql-migrate', 'examples/dbmate', 'examples/directories'].map(
  (name) => path.join(ROOT, name),
)
const others = (process.env['DERIVE_FOLDERS'] ?? '').split(':').filter((folder) => folder !== '')

const BROKEN = 'examples/broken'

test.each([...own, path.join(ROOT, BROKEN), ...others])('%s: nine of ten derived downs prove', async (folder) => {
  const server = await openServer()
  try {
    const measured = folder.endsWith(BROKEN)
      ? await measureDerived(server, ROOT, BROKEN, `${BROKEN}/migration-gate.yml`)
      : await measureDerived(server, path.dirname(folder), path.basename(folder))
    const judged = measured.filter(({ word }) => word !== 'up fails')
    process.stdout.write(`${path.basename(folder)}: ${countsOf(measured)}\n`)
    if (process.env['DERIVE_SHOW'] !== undefined) process.stdout.write(tell(judged))
    expect(shareOf(judged)).toBeGreaterThanOrEqual(0.9)
  } finally {
    await server.close()
  }
})

/** Those that prove `same` among all that could: a column that is added back cannot get its old position. */
function shareOf(measured: readonly Measured[]): number {
  const could = measured.filter(({ word }) => word !== 'column-order')
  return could.filter(({ word }) => word === 'same').length / could.length
}

function countsOf(measured: readonly Measured[]): string {
  const words = [...new Set(measured.map(({ word }) => word))].sort()
  const counts = words.map((word) => `${measured.filter((one) => one.word === word).length} ${word}`)
  const empty = measured.filter((one) => one.empty && one.word === 'same').length
  return `${measured.length} ups: ${counts.join(', ')} (${empty} of the same without any change of schema)`
}

const tell = (measured: readonly Measured[]): string =>
  measured
    .filter(({ word }) => word !== 'same' && word !== 'column-order')
    .map(({ id, word, proof, derived }) =>
      [
        `== ${id}: ${word} ${proof.failure?.message ?? ''} ${JSON.stringify(proof.failure?.place ?? '')}`,
        ...proof.differences.map(
          (one) => `   ${one.change} ${one.kind} ${one.identity}: ${one.before ?? ''} => ${one.after ?? ''}`,
        ),
        ...(derived?.statements ?? []).map((line) => `   > ${line}`),
        '',
      ].join('\n'),
    )
    .join('')

/** DERIVE_CHAINS=<number> chains from the seed DERIVE_SEED=<number> on. */
const SEED = Number(process.env['DERIVE_SEED'] ?? 4000)
const CHAINS = Number(process.env['DERIVE_CHAINS'] ?? 40)

test(`${CHAINS} random chains from seed ${SEED} on: nine of ten derived downs prove`, async () => {
  const server = await openServer()
  try {
    const seeds = Array.from({ length: CHAINS }, (_, at) => SEED + at)
    const chains = await inLanes(2, seeds, async (seed) => {
      const ups = migrationsOf(makeChain({ seed, length: 20 })).flatMap(({ id, up }) =>
        up === undefined ? [] : [{ id, up }],
      )
      return (await measureChain(server, `chain ${seed}`, ups)).map((one) => ({ ...one, id: `${seed} ${one.id}` }))
    })
    const measured = chains.flat()
    process.stdout.write(`random chains: ${countsOf(measured)}\n`)
    if (process.env['DERIVE_SHOW'] !== undefined) process.stdout.write(tell(measured))
    expect(shareOf(measured)).toBeGreaterThanOrEqual(0.9)
  } finally {
    await server.close()
  }
})

describe.each([OWN_SERVER, 'postgres-14', 'postgres-15-oldest', 'postgres-16', 'postgres-18'])('%s', (name) => {
  const { folder, it, needs } = serverNamed(name)

  it(`planted cases (${needs})`, async () => {
    const server = await openServer(folder)
    try {
      const here = planted.filter((each) => concerns(each, server.report.major) && each.name !== ROWS)
      const measured = await inLanes(2, here, async (each) => ({ each, one: await measurePlanted(server, each) }))
      const wrong = measured.filter(({ each, one }) => proves(one) === UNDERIVABLE.includes(each.name))
      expect(wrong.map(({ each, one }) => [each.name, one?.word, one?.proof, one?.derived])).toEqual([])
    } finally {
      await server.close()
    }
  })
})

/** A column that comes last in its table is said in a note. */
function proves(one: Measured | undefined): boolean {
  if (one?.word === 'column-order') return one.derived?.notes.join(' ').includes('comes last in its table') === true
  return one?.word === 'same' && one.proof.failure === undefined && one.proof.differences.length === 0
}
