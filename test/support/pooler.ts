// PgBouncer in front of a server, on a socket in a folder of its own.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { serverAccount } from '../../src/adapters/postgres/server/account.js'

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(existsSync)

export const hasPooler = PROGRAM !== undefined && spawnSync(PROGRAM, ['--version']).status === 0

/** The port only names the socket. */
const PORT = 6432

export type Pooler = { readonly dsn: (database: string) => string; readonly close: () => Promise<void> }

/** `host` is the folder of the server's socket. `connections`: to each database of the server. */
export async function startPooler(
  host: string,
  mode: 'statement' | 'transaction' | 'session',
  connections = 5,
): Promise<Pooler> {
  const folder = mkdtempSync('/tmp/pooler-')
  const ini = path.join(folder, 'pgbouncer.ini')
  writeFileSync(
    ini,
    [
      '[databases]',
      `* = host=${host} port=5432 user=postgres`,
      '[pgbouncer]',
      `unix_socket_dir = ${folder}`,

      `listen_port = ${PORT}`,
      'listen_addr =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      `default_pool_size = ${connections}`,
      '',
    ].join('\n'),
  )
  const account = await serverAccount({
    environment: process.env,
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  })
  if (account !== undefined) for (const file of [folder, ini]) chownSync(file, account.uid, account.gid)
  const child = spawn(PROGRAM ?? '', [ini], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(account && { uid: account.uid, gid: account.gid }),
  })
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('process up')) resolve()
    })
    child.once('close', () => reject(new Error('pgbouncer ended')))
  })
  return {
    dsn: (database) => `host='${folder}' port=${PORT} user=postgres dbname='${database}'`,
    close: async () => {
      const closed = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGTERM')
      child.kill('SIGINT')
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
