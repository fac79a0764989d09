// A server that comes back by itself after a crash and takes prepared transactions, as those of production do.
import { afterAll, beforeAll } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { serverAccount } from '../../src/adapters/postgres/server/account.js'
import { runCommand } from '../../src/adapters/postgres/server/command.js'
import { findLocal, PROGRAM_FOLDERS } from '../../src/adapters/postgres/server/local.js'
import type { LiveDatabase } from './live.js'

export type CrashingServer = {
  readonly folder: string
  /** Where its programs are. */
  readonly bin: string
  readonly database: () => Promise<LiveDatabase>
  readonly close: () => Promise<void>
}

const SURROUNDINGS = {
  environment: process.env,
  platform: process.platform,
  arch: process.arch,
  uid: process.getuid?.(),
  gid: process.getgid?.(),
}

/** Whether this machine has a PostgreSQL of its own. */
export const hasOwnServer = spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb']).status === 0

/** Such a server for the tests of a file: started before the first of them, closed after the last. */
export function crashingForTests(): () => CrashingServer | undefined {
  let running: CrashingServer | undefined
  beforeAll(async () => {
    running = await startCrashing()
  }, 120_000)
  afterAll(() => running?.close())
  return () => running
}

/** Undefined on a machine without PostgreSQL of its own. `standby`: it takes no writes, and has only the database postgres. */
export async function startCrashing(options: { readonly standby?: boolean } = {}): Promise<CrashingServer | undefined> {
  const [build] = (await findLocal(SURROUNDINGS, PROGRAM_FOLDERS)).builds
  if (build === undefined) return undefined
  const account = await serverAccount(SURROUNDINGS)
  const folder = await mkdtemp('/tmp/crashing-')
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  const data = path.join(folder, 'data')
  const run = async (program: string, ...args: readonly string[]): Promise<void> => {
    const ended = await runCommand({
      program: path.join(build.bin, program),
      args,
      machine: SURROUNDINGS,
      account,
    })
    if (ended.code !== 0) throw new Error(`${program}: ${ended.output}`)
  }
  await run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C')
  if (options.standby) await writeFile(path.join(data, 'standby.signal'), '')
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c max_connections=200 -c max_prepared_transactions=5`
  await run('pg_ctl', '-D', data, '-o', settings, '-l', path.join(folder, 'log'), '-w', 'start')
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ host: folder, user: 'postgres', database, application_name: 'test' })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  return {
    folder,
    bin: build.bin,
    database: async () => {
      const name = `live_${randomBytes(6).toString('hex')}`
      const keeper = await connect('postgres')
      await keeper.query(`CREATE DATABASE ${name}`)
      await keeper.end()
      return {
        name,
        dsn: `host='${folder}' user='postgres' dbname='${name}'`,
        session: () => connect(name),
        query: async (sql) => {
          const client = await connect(name)
          const result: unknown = await client.query(sql)
          await client.end()
          return ((Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult<Record<string, unknown>>).rows
        },
      }
    },
    close: async () => {
      await run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
