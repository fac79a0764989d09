// Seeds as modules, each in a real process of its own.
import { afterEach, describe, expect, test } from '@jest/globals'
import { compare, getRounds } from 'bcryptjs'
import path from 'node:path'
import { Refused } from '../../../src/state/transaction-result.js'
import { createModules } from '../../../src/adapters/host/modules.js'
import type { ModuleEnd, Query } from '../../../src/ports/modules.js'
import { makeFolder, type Folder } from './folder.js'
import { platformPackage } from '../../support/server.js'

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

const NODE = { program: process.execPath, version: process.version, stripsTypes: false }
const NODE_24 = platformPackage('node-24')

type Ran = { readonly end: ModuleEnd; readonly said: readonly string[]; readonly asked: readonly unknown[] }

async function run(
  text: string,
  options: {
    name?: string
    direction?: 'up' | 'down'
    environment?: Readonly<Record<string, string>>
    node?: typeof NODE
    query?: Query
    signal?: AbortSignal
  } = {},
): Promise<Ran> {
  const { name = '00010_x.mjs', direction = 'up', environment = {}, node = NODE } = options
  const folder = makeFolder({ [name]: text, 'package.json': '{"type":"module"}' })
  folders.push(folder)
  const said: string[] = []
  const asked: unknown[] = []
  const end = await createModules({ root: folder.path, environment, node }).call({
    file: name,
    direction,
    environment: 'test',
    cost: 4,
    query: async (sql, values) => {
      asked.push([sql, values])
      return options.query === undefined ? [{ n: '1' }] : options.query(sql, values)
    },
    log: (line) => said.push(line),
    signal: options.signal ?? new AbortController().signal,
  })
  return { end, said, asked }
}

const failure = (message: string | RegExp, line: number): unknown => ({
  end: 'failed',
  failure: expect.objectContaining({
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as unknown),
    place: expect.objectContaining({ file: '00010_x.mjs', line }) as unknown,
  }) as unknown,
})

test('up and down get a query, the environment and a log, and what they ask for', async () => {
  const text = `
    export async function up({ query, environment, log }) {
      const rows = await query('SELECT $1', [12n, new Date(0), Buffer.from('a'), null])
      log(environment + ' ' + rows[0].n)
    }
    export const down = async ({ query }) => { await query('DELETE') }`
  const { end, said, asked } = await run(text)
  expect(end).toEqual({ end: 'done' })
  expect(said).toEqual(['test 1'])
  expect(asked).toEqual([['SELECT $1', [12n, new Date(0), Buffer.from('a'), null]]])
  expect((await run(text, { direction: 'down' })).asked).toEqual([['DELETE', []]])
})

test('what is not exported is absent; CommonJS exports count', async () => {
  expect((await run('export const up = () => {}', { direction: 'down' })).end).toEqual({ end: 'absent' })
  const common = { name: 'a/00010_x.js' }
  const folder = makeFolder({ 'a/00010_x.js': 'exports.up = ({ log }) => log("old")', 'a/package.json': '{}' })
  folders.push(folder)
  expect((await run('export const up = ({ log }) => log("new")', common)).said).toEqual(['new'])
})

describe('a password', () => {
  const text = `export async function up({ query, hash, log }) {
    const password = process.env.SEED_ADMIN_PASSWORD
    const hashed = await hash(password)
    await query('INSERT', [hashed])
    log('it is ' + password + ', stored as ' + hashed)
    throw new Error('so I said ' + password)
  }`
  const environment = { SEED_ADMIN_PASSWORD: 'correct horse' }

  test('is hashed by bcrypt at the cost that was asked for', async () => {
    const { asked } = await run(text, { environment })
    const [[, [hashed]]] = asked as [[string, [string]]]
    expect(await compare('correct horse', hashed)).toBe(true)
    expect(getRounds(hashed)).toBe(4)
  })

  test('is in nothing that the seed prints', async () => {
    const { said, end } = await run(text, { environment })
    expect(said).toEqual(['it is ***, stored as ***'])
    expect(end).toEqual(failure('so I said ***', 6))
  })

  test('that bcrypt would cut, or that is none, is refused', async () => {
    const hash = (value: string): string => `export const up = ({ hash }) => hash(${value})`
    expect((await run(hash(`'é'.repeat(37)`))).end).toEqual(failure(/more than 72 bytes/, 1))
    expect((await run(hash(`'é'.repeat(36)`))).end).toEqual({ end: 'done' })
    expect((await run(hash('undefined'))).end).toEqual(failure(/no password/, 1))
  })
})

describe('a failure is reported with its place', () => {
  test.each([
    ['a syntax that Node does not know', 'export const up = () => {}\nlet let = 1\n', /reserved word|let/, 2],
    ['a package that is not there', "import 'not-there'\nexport const up = () => {}\n", /not-there/, 1],
    ['an error', 'export function up() {\n  throw new Error("no")\n}\n', 'no', 2],
    ['something thrown that is no error', 'export function up() {\n  throw "no"\n}\n', 'no', 1],
    ['an export that is no function', 'export const up = 1\n', 'its export "up" is no function', 1],
    [
      'an error outside of the awaited promise',
      'export const up = () => new Promise(() => {\n  setTimeout(() => {\n    throw new Error("late") }) })',
      'late',
      3,
    ],
    ['an end of the whole process', 'export const up = () => process.exit(4)\n', /exit code 4/, 1],
    ['a promise that never resolves', 'export const up = () => new Promise(() => {})\n', /never resolves/, 1],
    ['a query that was not awaited', 'export const up = ({ query }) => { query("SELECT 1") }\n', /await each/, 1],
    [
      'a value that cannot be sent',
      'export const up = async ({ query }) => {\n  await query("SELECT $1", [() => 1])\n}\n',
      /could not be cloned/,
      2,
    ],
  ])('%s', async (_name, text, message, line) => {
    expect((await run(text)).end).toEqual(failure(message, line))
  })

  test('a statement that the server refused, at the line that ran it', async () => {
    const text = 'export async function up({ query }) {\n  await query("good")\n  await query("bad")\n}\n'
    const { end } = await run(text, {
      query: (sql) =>
        sql === 'bad' ? Promise.reject(new Refused({ sqlstate: '23505', message: 'twice' })) : Promise.resolve([]),
    })
    expect(end).toEqual(failure('twice', 3))
    expect(end).toMatchObject({ failure: { sqlstate: '23505', detail: undefined, line: undefined } })
  })

  test('a refusal that is caught is none', async () => {
    const { end } = await run('export const up = ({ query }) => query("bad").catch(() => 0)', {
      query: () => Promise.reject(new Refused({ sqlstate: '23505', message: 'twice' })),
    })
    expect(end).toEqual({ end: 'done' })
  })
})

test('what it prints goes the way of the log, and it sees no variable but those that are meant for it', async () => {
  const text = `export const up = () => {
    console.log('out'); console.error('err'); console.log(Object.keys(process.env).sort().join()) }`
  const { said } = await run(text, { environment: { A: '1', B: '2' } })
  expect([...said].sort()).toEqual(['A,B', 'err', 'out'])
})

test('a server that is gone ends the seed and the run', async () => {
  const gone = new Error('gone')
  const text =
    'export const up = async ({ query }) => { await query("x").catch(() => {}); await new Promise(() => setInterval(() => {}, 9)) }'
  await expect(run(text, { query: () => Promise.reject(gone) })).rejects.toBe(gone)
})

test('a run that is cancelled ends a seed that would go on for ever', async () => {
  const controller = new AbortController()
  const text =
    'export const up = ({ query }) => { query("x"); setTimeout(() => { for (;;); }) ; return new Promise(() => {}) }'
  const query: Query = () => {
    controller.abort()
    return Promise.resolve([])
  }
  await expect(run(text, { query, signal: controller.signal })).rejects.toMatchObject({ kind: 'cancelled' })
})

test('hashing leaves room for other work', async () => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 5)
  const folder = makeFolder({ 'x.mjs': 'export const up = ({ hash }) => hash("password")' })
  folders.push(folder)
  const call = { file: 'x.mjs', direction: 'up', environment: 'test', cost: 12, log: () => undefined } as const
  const query: Query = () => Promise.resolve([])
  const modules = createModules({ root: folder.path, environment: {}, node: NODE })
  await modules.call({ ...call, query, signal: new AbortController().signal })
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(1)
})

describe('TypeScript', () => {
  const typed =
    'export async function up({ log }: { log: (line: string) => void }): Promise<void> {\n  log("typed")\n}\n'
  const name = '00010_x.ts'

  test('is an environment failure on a Node that cannot run it', async () => {
    const { end } = await run(typed, { name, node: { ...NODE, version: 'v20.19.0' } })
    expect(end).toMatchObject({
      end: 'failed',
      failure: {
        message: '00010_x.ts is TypeScript, which Node v20.19.0 cannot run',
        hint: 'Run with Node 22.18 or later, or write the seed as .mjs.',
        environment: 'Node v20.19.0 cannot run TypeScript',
      },
    })
  })

  const withNode24 = NODE_24 === undefined ? test.skip : test
  withNode24('runs on Node 24 as it is (needs test/platforms)', async () => {
    const node = { program: path.join(NODE_24 ?? '', 'bin/node'), version: 'v24', stripsTypes: true }
    expect(await run(typed, { name, node })).toEqual({ end: { end: 'done' }, said: ['typed'], asked: [] })
  })
})
