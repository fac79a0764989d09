// The action as a child process, with inputs and the files of a runner.
import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { foldersForTests } from '../adapters/host/folder.js'
import { compileProgram, type Ended } from './program.js'

const program = compileProgram()
const makeFolder = foldersForTests()

const FILES = {
  'migrations/core_db/00001_a.up.sql': 'CREATE TABLE a (id int);\n',
  'migrations/core_db/00001_a.down.sql': 'DROP TABLE a;\n',
}

type Acted = Ended & { readonly outputs: Readonly<Record<string, string>>; readonly summary: string }

async function act(
  inputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = FILES,
): Promise<Acted> {
  const folder = makeFolder({ ...files, 'runner/output': '', 'runner/summary': '' })
  const ended = await program.run({
    entry: 'action',
    cwd: folder.path,
    environment: {
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: folder.at('runner/output'),
      GITHUB_STEP_SUMMARY: folder.at('runner/summary'),
      RUNNER_TEMP: folder.at('runner'),
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    },
  })
  const outputs = readFileSync(folder.at('runner/output'), 'utf8').matchAll(/^([\w-]+)<<(\S+)\n(.*?)\n\2$/gms)
  return {
    ...ended,
    outputs: Object.fromEntries([...outputs].map(([, name = '', , value = '']) => [name, value])),
    summary: readFileSync(folder.at('runner/summary'), 'utf8'),
  }
}

test('a good run: log, outputs, summary and report say the same', async () => {
  const { code, out, outputs, summary } = await act({ proof: 'none', 'fail-on': 'warning' })
  expect(code).toBe(0)
  expect(out).toMatch(/^PASS /m)
  expect(outputs).toMatchObject({
    verdict: 'pass',
    'exit-code': '0',
    databases: '1',
    migrations: '1',
    proved: '0',
    errors: '0',
  })
  expect(JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8'))).toMatchObject({ verdict: 'pass' })
  expect(summary).toContain('core_db')
})

test('a bad run has annotations at the right place and fails', async () => {
  const { code, out, outputs } = await act({}, { ...FILES, 'migrations/core_db/00001_a.down.sql': '-- nothing\n' })
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ verdict: 'fail', 'exit-code': '1' })
  expect(out).toMatch(/^::error [^:]*file=migrations\/core_db\/00001_a\.down\.sql/m)
})

test('hyphens stay in the names of inputs, and a wrong value names the input', async () => {
  const { code, out, outputs, summary } = await act({ 'disposable-server': 'yes' })
  expect(code).toBe(2)
  expect(out).toContain('the input disposable-server is "yes"')
  expect(outputs).toEqual({ 'exit-code': '2' })
  expect(summary).toContain('neither true nor false')
})

test('reports an unknown command', async () => {
  const { code, out } = await act({ command: 'chek' })
  expect([code, out.includes('the input command is "chek"; did you mean check?')]).toEqual([2, true])
})

test('every problem of a config file is an annotation at its line', async () => {
  const { code, out } = await act({}, { ...FILES, 'migration-gate.yml': 'layuot: 1\nchecks:\n  nope: off\n' })
  expect(code).toBe(2)
  expect(out).toMatch(/^::error [^:]*file=migration-gate\.yml,line=1,col=1::layuot: unknown key/m)
  expect(out).toMatch(/^::error [^:]*line=3,col=3::checks.nope: unknown rule/m)
})

test('a password is masked before anything else is printed, and is nowhere', async () => {
  const server = 'postgres://user:s3cret%40word@127.0.0.1:1/db'
  const { code, out, outputs, summary } = await act({ server })
  const [first = '', ...rest] = out.split('\n').filter((line) => line !== '')
  expect(first).toMatch(/^::add-mask::/)
  const report = readFileSync(outputs['report'] ?? '', 'utf8')
  for (const text of [rest.filter((line) => !line.startsWith('::add-mask::')).join('\n'), summary, report]) {
    expect(text).not.toMatch(/s3cret/)
  }
  expect(rest).toEqual(expect.arrayContaining(['::add-mask::s3cret@word']))
  expect(code).toBe(3)
  expect(outputs).toMatchObject({ verdict: 'environment' })
})

test('a test password is not masked: the outputs would be lost', async () => {
  const { out } = await act({ server: 'postgres://postgres:postgres@127.0.0.1:1/db', proof: 'none' })
  expect(out).not.toContain('::add-mask::')
  expect(out).toContain('not masked')
})

test('text of the repository gives no orders to the runner', async () => {
  const hostile = 'SELECT 1;\n::set-output name=verdict::pass\n##[add-mask]x\r::stop-commands::x\n'
  const { out } = await act(
    { verbose: 'true' },
    { ...FILES, 'migrations/core_db/00002_##[x].up.sql': hostile, 'migrations/core_db/00002_##[x].down.sql': hostile },
  )
  const lines = out.split(/\r\n|\r|\n/)
  expect(lines.filter((line) => /^\s*::(?!error |warning |notice )/.test(line))).toEqual([])
  expect(out).not.toContain('##[')
})
