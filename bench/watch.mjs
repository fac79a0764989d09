// npm run bench:watch: the full proof with every migration watched (`--scope all`), against the full proof alone.
import path from 'node:path'
import { DATABASES, writeChains } from './layouts.mjs'
import { CLI } from './ours.mjs'
import { execute, url } from './peers.mjs'
import { onStage, readOptions, timed } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench:watch', {
  rounds: ['<n>', '3', 'rounds of every measurement'],
  sizes: ['<list>', '125,250', 'migrations in each of the four databases'],
  seed: ['<n>', '1', 'seed of the random chains'],
})

async function measure({ folder: root, server }) {
  const sizes = options.sizes.split(',').map(Number)
  const rows = []
  for (const length of sizes) {
    const folder = path.join(root, String(length))
    await writeChains({ folder, length, renames: 0, seed: Number(options.seed) })
    const check = (...words) =>
      timed(async () => {
        const given = ['--scope', 'all', '--server', url(server, 'postgres'), '--quiet', ...words]
        const code = await execute(process.execPath, [CLI, 'check', 'pairs', ...given], { cwd: folder, anyCode: true })
        // With 1 there are findings.
        if (code > 1) throw new Error(`check ended with ${code}`)
      })
    const [plain, watched] = [[], []]
    for (let round = 0; round < Number(options.rounds); round++) {
      plain.push(await check('--no-impact'))
      watched.push(await check())
    }
    const more = (median(watched) - median(plain)) / (DATABASES.length * length)
    rows.push([
      `4 x ${length}`,
      (median(plain) / 1000).toFixed(2),
      (median(watched) / 1000).toFixed(2),
      ratio(watched, plain).toFixed(2),
      more.toFixed(1),
    ])
  }
  console.log(`\nMedian of ${options.rounds} rounds; ratios within a round.\n`)
  console.log(table([['', 'seconds', 'watched', 'ratio', 'milliseconds more for each migration'], ...rows]))
}

if (options !== undefined) await onStage(measure)
