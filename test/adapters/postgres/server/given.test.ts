import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createServer, connect, type AddressInfo, type Server } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { serverAccount } from '../../../../src/adapters/postgres/server/account.js'
import { startGuardian } from '../../../../src/adapters/postgres/server/guardian.js'
import { provideServer } from '../../../../src/adapters/postgres/server/provide.js'
import { makeRunDirectory } from '../../../../src/adapters/postgres/server/run-directory.js'
import { initialise } from '../../../../src/adapters/postgres/server/data-directory.js'
import { ask, eventually, local, options, removeFolder, machine, temporaryFolder } from './support.js'

const [build] = local.builds
const onMachine = build === undefined ? test.skip : test
const cache = await temporaryFolder()
const PASSWORD = 'p@ss/w:rd#%'
let port = 0
let end = (): Promise<void> => Promise.resolve()

/** A server with passwords, on TCP, as an external one would run. */
beforeAll(async () => {
  if (build === undefined) return
  const here = machine(cache)
  const account = await serverAccount(here)
  const { path: run } = await makeRunDirectory({ machine: here, account })
  await initialise({
    build,
    directory: join(run, 'data'),
    machine: here,
    account,
    signal: new AbortController().signal,
  })
  await writeFile(join(cache, 'hba'), 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n')
  port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `hba_file=${join(cache, 'hba')}`].flatMap((one) => [
    '-c',
    one,
  ])
  const command = [join(build.bin, 'postgres'), '-D', join(run, 'data'), '-k', run, ...settings]
  end = startGuardian({ run, seed: undefined, command, machine: here, account }).release
  const makeRoles = async (): Promise<boolean> => {
    const client = new pg.Client({ host: run, port, user: 'postgres', database: 'postgres', ssl: false })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(
        `CREATE ROLE maker LOGIN CREATEDB PASSWORD '${PASSWORD}'; CREATE ROLE poor LOGIN PASSWORD '${PASSWORD}'`,
      )
      return true
    } catch {
      return false
    } finally {
      await client.end()
    }
  }
  expect(await eventually(makeRoles)).toBe(true)
})

afterAll(async () => {
  await end()
  await removeFolder(cache)
})

const url = (user: string, more = ''): string =>
  `postgres://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres${more}`
const refusal = async (server: string, major?: number): Promise<string> => {
  const error = await provideServer(options(cache, { server, major })).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'UserError', kind: 'environment' })
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(PASSWORD)
  expect(String(error)).not.toContain('postgres://')
  return String(error)
}

describe('a given server', () => {
  onMachine('is used as it is, by URL and by words (needs: PostgreSQL installed)', async () => {
    for (const server of [
      url('maker'),
      `host=127.0.0.1 port=${port} user=maker password='${PASSWORD}' dbname=postgres`,
    ]) {
      const clusters = await provideServer(options(cache, { server, disposable: true }))
      expect(clusters).toMatchObject({ disposable: true, another: undefined })
      expect(clusters.main).toMatchObject({
        kind: 'given',
        maintenance: 'postgres',
        report: { source: 'given', version: build?.version },
      })
      expect(await ask(clusters.main, 'SELECT current_user')).toEqual([{ current_user: 'maker' }])
      await clusters.close()
      expect(await ask(clusters.main, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    }
  })

  onMachine('is refused in words, without the password (needs: PostgreSQL installed)', async () => {
    expect(await refusal(url('maker').replace('rd%23', 'rd%24'))).toMatch(/refuses the password of user "maker"/)
    expect(await refusal(`postgres://maker@127.0.0.1:${port}/postgres`)).toMatch(/wants a password/)
    expect(await refusal(url('poor'))).toMatch(/"poor" may not create scratch databases/)
    expect(
      await refusal(
        url('maker')
          .replace('/postgres', '/absent')
          .replace(/\/postgres$/, '/absent'),
      ),
    ).toMatch(/has no database "absent"/)
    expect(await refusal(url('maker', '?sslmode=require'))).toMatch(/has no TLS/)
    expect(await refusal(url('maker'), 13)).toMatch(/but 13 was asked for/)
    expect(await refusal(`postgres://maker:x@127.0.0.1:${await freePort()}/postgres`)).toMatch(/refuses connections/)
    expect(await refusal('postgres://maker:x@no-such-host.invalid/postgres')).toMatch(/is not known/)
  })

  onMachine('is refused behind a pooler (needs: PostgreSQL installed)', async () => {
    const pooler = await startPooler(port)
    expect(await refusal(url('maker').replace(`:${port}/`, `:${portOf(pooler)}/`))).toMatch(/connection pooler/)
    pooler.close()
  })
})

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const free = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return free
}

/** Like a pooler it answers with a process id of its own: message K, length 12, process id, secret. */
async function startPooler(target: number): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    client.on('error', () => undefined).pipe(upstream)
    upstream
      .on('error', () => undefined)
      .on('data', (data: Buffer) => {
        const at = data.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
        if (at >= 0) data.writeUInt32BE(1, at + 5)
        client.write(data)
      })
    upstream.on('close', () => client.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
