// npm run bench:pull: `check` on a pull request that adds a few migrations to many, against `up` of the whole chain.
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { writeChains } from './layouts.mjs'
import { CLI } from './ours.mjs'
import { execute, find, keyword, url } from './peers.mjs'
import { onStage, readOptions, timed } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench:pull', {
  rounds: ['<n>', '9', 'rounds of every measurement'],
  old: ['<n>', '1000', 'migrations that the base branch has'],
  new: ['<n>', '3', 'migrations that the pull request adds'],
  seed: ['<n>', '1', 'seed of the random chain'],
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
    return await timed(body)
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
    {
      name: 'ours, the same without impact',
      run: () => ours(['check', FOLDER, '--base', 'main', '--no-impact', '--server', url(server, 'postgres')]),
    },
  ]
}

async function measure({ folder, server }) {
  const [rounds, old, added, seed] = ['rounds', 'old', 'new', 'seed'].map((name) => Number(options[name]))
  const keeper = new pg.Client({ ...server, database: 'postgres' })
  await keeper.connect()
  try {
    await makeRepository({ folder, old, added, seed })
    await writeFile(
      path.join(folder, 'off.yml'),
      `databases:\n  ${DATABASE}:\n    folder: ${FOLDER}\n    journal: off\n`,
    )
    const measured = contestants({ server, folder, goose: find('goose') })
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
  }
}

if (options !== undefined) await onStage(measure)
