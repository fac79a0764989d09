// npm run bench:restore: a backup put in the place of a live database, against plain pg_restore of the same archive.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { CLI } from './ours.mjs'
import { execute, url } from './peers.mjs'
import { onStage, readOptions, timed } from './stage.mjs'
import { median, ratio, table } from './table.mjs'

const options = readOptions('bench:restore', {
  rounds: ['<n>', '4', 'rounds of every measurement'],
  scale: ['<n>', '70', "pgbench's scale: 70 is about 1 GB"],
  jobs: ['<n>', '2', 'tables restored at a time'],
})

/** Where pg_restore and pgbench of the server's own major are. */
const programsOf = (major) =>
  ['/usr/lib/postgresql', '/opt/homebrew/opt/postgresql@']
    .flatMap((folder) => [`${folder}/${major}/bin`, `${folder}${major}/bin`])
    .find((folder) => existsSync(path.join(folder, 'pgbench')))

/** How long an application that connects again and again finds no database, in milliseconds. */
function watchApplication(config) {
  let [running, longest, last] = [true, 0, performance.now()]
  const done = (async () => {
    while (running) {
      const client = new pg.Client(config)
      client.on('error', () => undefined)
      try {
        await client.connect()
        await client.query('SELECT 1 FROM pgbench_branches LIMIT 1')
        longest = Math.max(longest, performance.now() - last)
        last = performance.now()
      } catch {
        // It tries again.
      }
      await client.end().catch(() => undefined)
      // Not so often that it takes the processor from what is measured.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return async () => {
    running = false
    await done
    return longest
  }
}

async function measure({ folder: root, clusters, server }) {
  const [rounds, scale, jobs] = ['rounds', 'scale', 'jobs'].map((name) => Number(options[name]))
  const { host, port, user } = server
  const bin = programsOf(clusters.main.report.major)
  if (bin === undefined) throw new Error('pgbench of the same version is not installed')
  const program = (name, ...words) =>
    execute(path.join(bin, name), words, { env: { ...process.env, PGHOST: host, PGPORT: `${port}`, PGUSER: user } })
  const environment = { ...process.env, CORE_DB_DSN: url(server, 'core_db'), CI: '1' }
  const ours = (...words) => execute(process.execPath, [CLI, ...words, '--quiet'], { cwd: root, env: environment })
  await program('createdb', 'core_db')
  await program('pgbench', '-i', '-s', `${scale}`, '-q', 'core_db')
  await mkdir(path.join(root, 'migrations/core_db'), { recursive: true })
  const file = (name, text) => writeFile(path.join(root, 'migrations/core_db', name), text)
  await file('00001_note.up.sql', 'CREATE TABLE note (id int);\n')
  await file('00001_note.down.sql', 'DROP TABLE note;\n')
  const plan = path.join(root, 'plan.json')
  await ours('plan', '--environment', 'production', '--allow-existing', '--output', `json=${plan}`)
  const { approval } = JSON.parse(await readFile(plan, 'utf8'))
  const backup = await timed(() =>
    ours(
      'deploy',
      '--environment',
      'production',
      '--plan',
      'plan.json',
      '--digest',
      approval.digest,
      '--prove-backup',
      'restore',
      '--allow-existing',
    ),
  )
  const archive = readdirSync(path.join(root, 'migration-gate-backups')).find((name) => name.endsWith('.dump'))
  const results = { plain: [], ours: [], away: [] }
  const from = path.join(root, 'migration-gate-backups', archive)
  const plain = async () => {
    await program('createdb', 'plain')
    const milliseconds = await timed(() => program('pg_restore', `--jobs=${jobs}`, '-d', 'plain', from))
    await program('dropdb', 'plain')
    return milliseconds
  }
  const restore = () =>
    timed(() =>
      ours(
        ...['restore', '--environment', 'production', '--databases', 'core_db', '--confirm', 'core_db restore'],
        ...['--from', `migration-gate-backups/${archive}`, '--backup-jobs', `${jobs}`],
      ),
    )
  const dropFormer = async () => {
    const keeper = new pg.Client({ ...server, database: 'postgres' })
    await keeper.connect()
    const { rows } = await keeper.query(`SELECT datname FROM pg_database WHERE datname LIKE 'core\\_db\\_before\\_%'`)
    for (const { datname } of rows) await keeper.query(`DROP DATABASE "${datname}" WITH (FORCE)`)
    await keeper.end()
  }
  // The application works beside both, and each is first in turn: neither has the quieter server.
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['plain', 'ours'] : ['ours', 'plain']
    for (const which of order) {
      const stop = watchApplication({ ...server, database: 'core_db' })
      results[which].push(await (which === 'plain' ? plain() : restore()))
      const away = await stop()
      if (which === 'ours') results.away.push(away)
      await dropFormer()
    }
  }
  const seconds = (values) => (median(values) / 1000).toFixed(2)
  console.log(`\nSeconds, median of ${rounds} rounds; in brackets the ratio to plain pg_restore in the same round.\n`)
  console.log(
    table([
      ['', 'seconds'],
      ['plain pg_restore', seconds(results.plain)],
      ['restore: compared and swapped', `${seconds(results.ours)} (${ratio(results.ours, results.plain).toFixed(2)})`],
    ]),
  )
  console.log(`\nan application was without the database for ${Math.max(...results.away).toFixed(0)} ms at most`)
  console.log(`a deploy with a backup proved by restoring took ${(backup / 1000).toFixed(1)} s`)
}

if (options !== undefined) await onStage(measure, { note: `, scale ${options.scale}` })
