// npm run bench:pull: `check` on a pull request that adds a few migrations to many, against `up` of the whole chain.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { writeChains } from './layouts.mjs'
import { CLI, startClusters } from './ours.mjs'
import { execute, find, keyword, url } from './peers.mjs'
import { median, ratio, table } from './table.mjs'

const USAGE = `Usage: npm run bench:pull -- [options]

  --rounds <n>   rounds of every measurement (9)
  --old <n>      migrations that the base branch has (1000)
  --new <n>      migrations that the pull request adds (3)
  --seed <n>     seed of the random chain (1)
`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    old: { type: 'string', default: '1000' },
    new: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

const DATABASE = 'core_db'
const FOLDER = `goose/${DATABASE}`

/** A repository whose branch adds the last `added` migrations to what main has. */
async function makeRepository({ folder, old, added, seed }) {
  await writeChains({ folder, length: old + added, renames: 0, seed })
  const git = (...words) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...words], { cwd: folder })
  const [there, aside] = [path.join(folder, FOLDER), path.join(folder, 'aside')]
  const names = (await readdir(there)).sort().slice(old)
  await mkdir(aside)
  for (const name of names) await rename(path.join(there, name), path.join(aside, name))
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', FOLDER)
  git('commit', '--quiet', '--message', 'base')
  git('switch', '--quiet', '--create', 'change')
  for (const name of names) await rename(path.join(aside, name), path.join(there, name))
  git('add', FOLDER)
  git('commit', '--quiet', '--message', 'change')
}

/** The database for `up` is made and dropped outside of the time. */
async function onFreshDatabase(keeper, body) {
  try {
    await keeper.query(`CREATE DATABASE ${DATABASE} TEMPLATE template0`)
    const started = performance.now()
    await body()
    return performance.now() - started
  } finally {
    await keeper.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`)
  }
}

function contestants({ server, folder, goose }) {
  const ours = (words) =>
    execute(process.execPath, [CLI, ...words, '--quiet'], {
      cwd: folder,
      env: { ...process.env, CORE_DB_DSN: url(server, DATABASE) },
    })
  const peer = {
    name: 'goose, up',
    run: () => execute(goose, ['-dir', FOLDER, 'postgres', keyword(server, DATABASE), 'up'], { cwd: folder }),
  }
  return [
    ...(goose === undefined ? [] : [peer]),
    { name: 'ours, up', run: () => ours(['up', '--config', 'off.yml']) },
    {
      name: 'ours, check of the pull request',
      run: () => ours(['check', FOLDER, '--base', 'main', '--server', url(server, 'postgres')]),
    },
  ]
}

async function main() {
  const [rounds, old, added, seed] = ['rounds', 'old', 'new', 'seed'].map((name) => Number(options[name]))
  const folder = await mkdtemp(path.join(tmpdir(), 'migration-gate-bench-'))
  const clusters = await startClusters(undefined)
  const { host, port, user } = clusters.main.connection('postgres')
  const keeper = new pg.Client({ host, port, user, database: 'postgres' })
  await keeper.connect()
  try {
    const { version, source } = clusters.main.report
    console.log(`PostgreSQL ${version} (${source}), Node ${process.version}, ${cpus().length} cores`)
    await makeRepository({ folder, old, added, seed })
    await writeFile(
      path.join(folder, 'off.yml'),
      `databases:\n  ${DATABASE}:\n    folder: ${FOLDER}\n    journal: off\n`,
    )
    const measured = contestants({ server: { host, port, user }, folder, goose: find('goose') })
    const results = new Map(measured.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const { name, run } of measured) results.get(name).push(await onFreshDatabase(keeper, run))
    const cell = (name, other) => ratio(results.get(name), results.get(other))?.toFixed(2) ?? ''
    const rows = measured.map(({ name }) => [
      name,
      (median(results.get(name)) / 1000).toFixed(2),
      cell(name, 'goose, up'),
      cell(name, 'ours, up'),
    ])
    console.log(`\n${added} new migrations behind ${old}, median of ${rounds} rounds; ratios within a round.\n`)
    console.log(table([['', 'seconds', 'to goose', 'to our up'], ...rows]))
  } finally {
    await keeper.end()
    await clusters.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (options.help) process.stdout.write(USAGE)
else await main()
