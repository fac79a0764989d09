// The tools that the bench compares with: each does up, down to empty, up, for one database after the other.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

const PLACES = [path.join(homedir(), 'go/bin'), '/usr/local/bin', '/usr/bin', ...(process.env.PATH ?? '').split(':')]

/** Where a program is, undefined when it is not installed. */
export const find = (program) => PLACES.map((folder) => path.join(folder, program)).find((file) => existsSync(file))

/** Runs a program to its end, without a shell; rejects with what it said when it fails. */
export function execute(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    options.started?.(child)
    let said = ''
    const keep = (text) => (said = (said + text).slice(-4000))
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 || options.anyCode
        ? resolve(code)
        : reject(new Error(`${path.basename(file)} ended with ${code}: ${said}`)),
    )
  })
}

export const keyword = ({ host, port, user }, database) =>
  `host=${host} port=${port} user=${user} dbname=${database} sslmode=disable`
export const url = ({ host, port, user }, database) =>
  `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}&sslmode=disable`

const goose = (file) => ({
  name: 'goose',
  version: () => spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.trim(),
  run: async ({ server, folder, database }) => {
    for (const words of [['up'], ['down-to', '0'], ['up']])
      await execute(file, [
        '-dir',
        path.join(folder, 'goose', database),
        'postgres',
        keyword(server, database),
        ...words,
      ])
  },
})

const golangMigrate = (file) => ({
  name: 'golang-migrate',
  version: () => spawnSync(file, ['-version'], { encoding: 'utf8' }).stderr.trim(),
  run: async ({ server, folder, database }) => {
    const source = ['-path', path.join(folder, 'pairs', database), '-database', url(server, database)]
    for (const words of [['up'], ['down', '-all'], ['up']]) await execute(file, [...source, ...words])
  },
})

const psql = (file) => ({
  name: 'psql, one session',
  version: () => spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout.trim(),
  run: ({ server, folder, database }) =>
    execute(
      file,
      [
        '-X',
        '-q',
        '-v',
        'ON_ERROR_STOP=1',
        '-d',
        keyword(server, database),
        '-f',
        path.join(folder, 'psql', `${database}.sql`),
      ],
      {
        env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' },
      },
    ),
})

const KNOWN = [
  ['goose', goose],
  ['migrate', golangMigrate],
  ['psql', psql],
]

/** The peers that are installed, and the names of those that are not. */
export function findPeers() {
  const found = KNOWN.map(([program, make]) => ({ program, file: find(program), make }))
  return {
    peers: found.filter(({ file }) => file !== undefined).map(({ file, make }) => make(file)),
    absent: found.filter(({ file }) => file === undefined).map(({ program }) => program),
  }
}
