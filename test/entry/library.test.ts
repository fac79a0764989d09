// The library as a user's process has it: results and errors as values, nothing printed, and an end by itself. The
// example is run by test/long/example.test.ts.
import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { foldersForTests } from '../adapters/host/folder.js'
import { serverForTests } from '../support/live.js'
import { compileProgram } from './program.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const PASSWORD = 'correct-horse-battery'
const execute = promisify(execFile)

const program = compileProgram()
const live = serverForTests()
const makeFolder = foldersForTests()

const FILES = {
  'migrations/app/00001_a.up.sql': 'CREATE TABLE a (id int);\n',
  'migrations/app/00001_a.down.sql': 'DROP TABLE a;\n',
  'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\n',
  'migrations/app/00002_b.down.sql': 'DROP TABLE b;\n',
}

/** Runs a body in a process of its own, in which `library`, `dsns` and `seen` are there; gives what it returns. */
async function inProcess(body: string, files: Readonly<Record<string, string>> = FILES): Promise<unknown> {
  const folder = makeFolder(files)
  const database = await live.database()
  const library = pathToFileURL(program.file('entry/library')).href
  const dsns = { app: `${database.dsn} password='${PASSWORD}'` }
  const script = `
    import { writeFileSync } from 'node:fs'
    const library = await import(${JSON.stringify(library)})
    const dsns = ${JSON.stringify(dsns)}
    const seen = (error) => ({ name: error.name, kind: error.kind, message: error.message, fix: error.fix,
      steps: error.report?.targets?.[0]?.steps.map(({ id, outcome }) => id + ' ' + outcome) })
    const result = await (async () => { ${body} })()
    writeFileSync('result.json', JSON.stringify(result))`
  const { stdout, stderr } = await execute(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  const text = readFileSync(folder.at('result.json'), 'utf8')
  expect(text).not.toContain(PASSWORD)
  return JSON.parse(text)
}

describe('live databases', () => {
  test('up, all up, status and down give their reports', async () => {
    const result = await inProcess(`
      const first = await library.migrateUp('app', { dsns, to: '1' })
      const all = await library.migrateAllUp({ dsns })
      const again = await library.migrateAllUp({ dsns })
      const down = await library.migrateDown('app', { dsns })
      const { targets } = await library.migrateStatus({ dsns })
      const steps = ({ targets }) => targets[0].steps.map(({ id, outcome }) => id + ' ' + outcome)
      return [steps(first), steps(all), steps(again), steps(down), targets[0].standing.pending]`)
    expect(result).toEqual([['00001_a applied'], ['00002_b applied'], [], ['00002_b undone'], ['00002_b']])
  })

  test('a migration that fails rejects with what happened, where, and the report', async () => {
    const files = { ...FILES, 'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\nCREATE TABLE a (id int);\n' }
    const result = await inProcess(`return library.migrateAllUp({ dsns }).catch(seen)`, files)
    expect(result).toMatchObject({
      name: 'MigrationError',
      kind: 'unfinished',
      steps: ['00001_a applied', '00002_b failed'],
      message: expect.stringContaining('migrations/app/00002_b.up.sql:2'),
    })
  })

  test('distinguishes wrong use from a missing server', async () => {
    const result = await inProcess(`
      const wrong = await library.migrateUp('nope', { dsns }).catch(seen)
      const gone = await library.migrateUp('app', { dsns: { app: 'postgres://u:${PASSWORD}@127.0.0.1:1/x' } }).catch(seen)
      const cancelled = await library.prove({ signal: AbortSignal.abort() }).catch(seen)
      return [wrong, gone, cancelled]`)
    expect(result).toMatchObject([{ kind: 'use' }, { kind: 'environment' }, { kind: 'cancelled' }])
  })
})

describe('prove', () => {
  test('a chain that holds gives its report', async () => {
    expect(await inProcess(`return (await library.prove()).counts`)).toMatchObject({ migrations: 2, proved: 2 })
  })

  test('one that does not rejects with the text of the report', async () => {
    const files = { ...FILES, 'migrations/app/00002_b.down.sql': 'DROP TABLE IF EXISTS c;\n' }
    const result = await inProcess(`return library.prove({ path: 'migrations/app' }).catch(seen)`, files)
    expect(result).toMatchObject({ kind: 'fail', message: expect.stringContaining('00002_b.down.sql') })
  })
})

test('a server for a test suite is there, takes databases, and is gone', async () => {
  const result = await inProcess(`
    const server = await library.startServer({ root: ${JSON.stringify(ROOT)} })
    const dsn = await server.createDatabase('an app')
    const { verdict } = await library.migrateUp('app', { dsns: { app: dsn } })
    await server.stop()
    const after = await library.migrateUp('app', { dsns: { app: dsn } }).catch(seen)
    return [verdict, after.kind]`)
  expect(result).toEqual(['pass', 'environment'])
})

test('its types are enough for a strict compiler that looks into them', async () => {
  const folder = makeFolder({
    'main.ts': `import { MigrationError, migrateUp, prove, type LiveReport } from './library.js'
      const report: LiveReport = await migrateUp('core_db', { dsns: { core_db: 'x' }, wait: 1_000 })
      const words: readonly string[] = report.targets.flatMap(({ steps }) => steps.map(({ outcome }) => outcome))
      // @ts-expect-error: a number is no database
      await migrateUp(1)
      try { await prove() } catch (error) { if (error instanceof MigrationError) console.log(error.kind, words) }`,
  })
  // As a source: only a declaration file of others may be skipped, and those of Node take most of the time.
  writeFileSync(folder.at('library.ts'), readFileSync(path.join(ROOT, 'dist/library.d.ts'), 'utf8'))
  writeFileSync(folder.at('package.json'), '{"type":"module"}\n')
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023']
  const types = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules/@types')]
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
  const output = await execute(process.execPath, [compiler, ...options, ...types, 'main.ts'], {
    cwd: folder.path,
  }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  )
  expect(output).toBe('')
})
