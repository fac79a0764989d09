// npm run bench:up: our `up` and `status` on live databases against goose, on the same files and the same history table.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { DATABASES, writeChains } from './layouts.mjs'
import { CLI } from './ours.mjs'
import { execute, find, keyword, url } from './peers.mjs'
import { onStage, readOptions, timed } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench:up', {
  rounds: ['<n>', '5', 'rounds of every measurement'],
  size: ['<n>', '250', 'migrations in each of the four databases'],
  applied: ['<n>', '1000', 'migrations that status finds applied'],
  seed: ['<n>', '1', 'seed of the random chains'],
})

/** The config of a run: the folders as goose has them, our own record on or off. */
const config = (journal) =>
  ['databases:', ...DATABASES.flatMap((name) => [`  ${name}:`, `    folder: goose/${name}`, `    journal: ${journal}`])]
    .join('\n')
    .concat('\n')

const dsns = (server) => Object.fromEntries(DATABASES.map((name) => [`${name.toUpperCase()}_DSN`, url(server, name)]))

const ours = ({ server, folder, words }) =>
  execute(process.execPath, [CLI, ...words, '--quiet'], { cwd: folder, env: { ...process.env, ...dsns(server) } })

/** goose is started for one database after the other; we are started once for all of them. */
function contestants({ server, folder, goose }) {
  const up = (journal) => ({
    name: `ours, journal ${journal}`,
    run: () => ours({ server, folder, words: ['up', '--config', `${journal}.yml`] }),
  })
  const peer = {
    name: 'goose',
    run: async () => {
      for (const name of DATABASES)
        await execute(goose, ['-dir', path.join(folder, 'goose', name), 'postgres', keyword(server, name), 'up'])
    },
  }
  return [...(goose === undefined ? [] : [peer]), up('off'), up('on')]
}

/** Databases are made and dropped outside of the time; what was applied is counted. */
async function onFreshDatabases({ keeper, server, length, body }) {
  try {
    for (const name of DATABASES) await keeper.query(`CREATE DATABASE ${name} TEMPLATE template0`)
    const milliseconds = await timed(body)
    for (const name of DATABASES) {
      const client = new pg.Client({ ...server, database: name })
      await client.connect()
      const { rows } = await client.query('SELECT count(*)::int AS n FROM goose_db_version WHERE version_id > 0')
      await client.end()
      if (rows[0].n !== length) throw new Error(`${name}: ${rows[0].n} of ${length} migrations were applied`)
    }
    return milliseconds
  } finally {
    for (const name of DATABASES) await keeper.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
}

async function measure({ folder: root, server }) {
  const [rounds, length, applied, seed] = ['rounds', 'size', 'applied', 'seed'].map((name) => Number(options[name]))
  const goose = find('goose')
  const keeper = new pg.Client({ ...server, database: 'postgres' })
  await keeper.connect()
  try {
    const [folder, large] = [path.join(root, 'up'), path.join(root, 'status')]
    await writeChains({ folder, length, renames: 0, seed })
    await writeChains({ folder: large, length: applied, renames: 0, seed })
    for (const journal of ['on', 'off'])
      for (const place of [folder, large]) await writeFile(path.join(place, `${journal}.yml`), config(journal))
    const measured = contestants({ server, folder, goose })
    const results = new Map(measured.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const { name, run } of measured)
        results.get(name).push(await onFreshDatabases({ keeper, server, length, body: run }))
    const rows = measured.map(({ name }) => {
      const seconds = (median(results.get(name)) / 1000).toFixed(2)
      const times = ratio(results.get(name), results.get('goose'))
      return [name, times === undefined ? seconds : `${seconds} (${times.toFixed(2)})`]
    })
    console.log(`\nSeconds, median of ${rounds} rounds; in brackets the ratio to goose in the same round.\n`)
    console.log(table([['', `up of 4 x ${length}`], ...rows]))
    if (goose === undefined) console.log('\ngoose is not installed and was not measured.')

    const status = []
    await onFreshDatabases({
      ...{ keeper, server, length: applied },
      body: async () => {
        await ours({ server, folder: large, words: ['up', '--config', 'on.yml'] })
        const words = ['status', '--config', 'on.yml', '--databases', 'core_db']
        for (let round = 0; round < rounds; round++)
          status.push(await timed(() => ours({ server, folder: large, words })))
      },
    })
    console.log(`\nstatus of one database with ${applied} applied: ${median(status).toFixed(0)} ms`)
  } finally {
    await keeper.end()
  }
}

if (options !== undefined) await onStage(measure)
