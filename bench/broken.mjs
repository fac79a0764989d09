// npm run bench:broken: the proof of chains whose downs are wrong, against psql that replays their ups alone.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { makeChain } from './chains.mjs'
import { CLI } from './ours.mjs'
import { execute, findPeers, url } from './peers.mjs'
import { onStage, readOptions, timed } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench:broken', {
  rounds: ['<n>', '3', 'rounds of every measurement'],
  size: ['<n>', '300', 'migrations of a chain'],
})

const versionOf = (at) => String(at + 1).padStart(5, '0')

/** Each down forgets the column that its up adds to the table before, so every second up fails. */
const wrongDowns = (length) =>
  Array.from({ length }, (_, at) => ({
    version: versionOf(at),
    name: 't',
    up: `CREATE TABLE t${at} (id int PRIMARY KEY, a text);\n${at === 0 ? '' : `ALTER TABLE t${at - 1} ADD COLUMN c${at} int;\n`}`,
    down: `DROP TABLE t${at};\n`,
    alone: false,
  }))

/** Each third makes an index concurrently, and every second down of those does nothing. */
const concurrent = (length) =>
  Array.from({ length }, (_, at) => {
    const alone = at % 3 === 2
    const [up, down] = alone
      ? [
          `CREATE INDEX CONCURRENTLY i${at} ON t${at - 1} (a);\n`,
          at % 2 === 0 ? `DROP INDEX CONCURRENTLY i${at};\n` : 'SELECT 1;\n',
        ]
      : [
          `CREATE TABLE t${at} (id serial PRIMARY KEY, a text);\nINSERT INTO t${at} (a) VALUES ('x');\n`,
          `DROP TABLE t${at};\n`,
        ]
    return { version: versionOf(at), name: 't', up, down, alone }
  })

const someBroken = (length) =>
  makeChain({ seed: 1, length, mix: 'bench', broken: 0.2 }).map((one) => ({ ...one, alone: false }))

const CHAINS = [
  ['every down is wrong', wrongDowns],
  ['a third without a transaction', concurrent],
  ['a fifth of the downs is wrong', someBroken],
]

/** goose's files, and the same ups as one script of psql. */
async function writeChain(folder, chain) {
  await mkdir(path.join(folder, 'migrations'), { recursive: true })
  for (const { version, name, up, down, alone } of chain) {
    const block = (text) => `-- +goose StatementBegin\n${text}-- +goose StatementEnd\n`
    const body = (text) => (alone ? text : block(text))
    const head = alone ? '-- +goose NO TRANSACTION\n' : ''
    const text = `${head}-- +goose Up\n${body(up)}-- +goose Down\n${body(down)}`
    await writeFile(path.join(folder, 'migrations', `${version}_${name}.sql`), text)
  }
  await mkdir(path.join(folder, 'psql'), { recursive: true })
  const ups = chain.map(({ up, alone }) => (alone ? up : `BEGIN;\n${up}COMMIT;\n`)).join('')
  await writeFile(path.join(folder, 'psql', 'core_db.sql'), ups)
}

async function replay({ clusters, server, folder, psql }) {
  const keeper = new pg.Client(clusters.main.connection('postgres'))
  await keeper.connect()
  try {
    return await timed(async () => {
      await keeper.query('CREATE DATABASE core_db TEMPLATE template0')
      await psql.run({ server, folder, database: 'core_db' })
    })
  } finally {
    await keeper.query('DROP DATABASE IF EXISTS core_db WITH (FORCE)')
    await keeper.end()
  }
}

const check = (folder, ...words) =>
  timed(() => execute(process.execPath, [CLI, 'check', '--quiet', ...words], { cwd: folder, anyCode: true }))

async function measure({ folder: root, clusters, server }) {
  const psql = findPeers().peers.find(({ name }) => name.startsWith('psql'))
  if (psql === undefined) throw new Error('psql is not installed')
  const rows = []
  for (const [at, [name, make]] of CHAINS.entries()) {
    const folder = path.join(root, String(at))
    await writeChain(folder, make(Number(options.size)))
    const times = { psql: [], own: [], given: [] }
    for (let round = 0; round < Number(options.rounds); round++) {
      times.psql.push(await replay({ clusters, server, folder, psql }))
      times.own.push(await check(folder))
      times.given.push(await check(folder, '--server', url(server, 'postgres')))
    }
    const seconds = (values) => (median(values) / 1000).toFixed(2)
    const own = `${seconds(times.own)} (${ratio(times.own, times.psql).toFixed(1)})`
    const given = `${seconds(times.given)} (${ratio(times.given, times.own).toFixed(2)} of own)`
    rows.push([name, seconds(times.psql), own, given])
  }
  console.log(
    `\nSeconds for ${options.size} migrations, median of ${options.rounds} rounds; in brackets the ratio in the same round.\n`,
  )
  console.log(table([['chain', 'psql, ups alone', 'ours, own server (to psql)', 'ours, given server'], ...rows]))
}

if (options !== undefined) await onStage(measure)
