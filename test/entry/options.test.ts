// Text of options -> values, the same for the command line and the inputs of the action.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseArguments } from '../../src/entry/cli/arguments.js'
import { renderManifest, OUTPUTS } from '../../src/entry/action/manifest.js'
import { INPUTS, OPTIONS } from '../../src/entry/options/all.js'
import { CHECK_FORMATS } from '../../src/entry/options/option.js'
import { readOptions, type Options } from '../../src/entry/options/read-options.js'
import { readDuration, readFlag, readList } from '../../src/entry/options/read-value.js'
import { TOOL } from '../../src/entry/program.js'
import { renderOutputs } from '../../src/render/outputs.js'

const committed = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

const cli = (...words: readonly string[]): Options => {
  const parsed = parseArguments(words)
  if (parsed.kind !== 'run') throw new Error(`not a run: ${parsed.kind}`)
  return readOptions(parsed.read, (name) => `--${name}`)
}
const action = (inputs: Readonly<Record<string, string>>): Options =>
  readOptions(
    (name) => inputs[name] ?? '',
    (name) => `the input ${name}`,
  )

test('nothing given is the default on both sides', () => {
  const expected: Options = {
    request: {
      command: 'check',
      paths: [],
      config: undefined,
      databases: [],
      server: undefined,
      postgres: undefined,
      disposableServer: false,
      proof: 'guided',
      unit: undefined,
      failOn: 'error',
      against: undefined,
      scope: undefined,
      updateDebt: false,
      impact: 'measured',
      fix: false,
    },
    show: { format: 'text', outputs: [], verbosity: 'normal', colour: 'auto' },
  }
  expect(cli('check')).toEqual(expected)
  expect(action({})).toEqual(expected)
  expect(
    action(Object.fromEntries(INPUTS.map(({ name, default: text }) => [name, name === 'path' ? '' : text]))),
  ).toEqual(expected)
})

test('everything given arrives the same on both sides', () => {
  const words = [
    'check',
    'db/a',
    'db/b',
    '--config',
    'x.yml',
    '--databases',
    'a,b',
    '--server',
    'postgres://h',
    '--postgres',
    '15',
    '--disposable-server',
    '--proof',
    'none',
    '--unit',
    'chain',
    '--fail-on',
    'warning',
    '--format',
    'json',
    '--output',
    'json=r.json',
    '--output',
    'text=a=b.txt',
    '--quiet',
    '--color',
    'always',
  ]
  const inputs = {
    path: 'db/a\r\n  \r\n# no\r\ndb/b\r\n',
    config: ' x.yml ',
    databases: 'a, b\n',
    server: 'postgres://h',
    postgres: '15',
    'disposable-server': 'True',
    proof: 'none',
    unit: 'chain',
    'fail-on': 'warning',
    format: 'json',
    output: 'json=r.json\ntext=a=b.txt',
    quiet: 'TRUE',
    verbose: 'false',
    color: 'always',
  }
  expect(cli(...words)).toEqual(action(inputs))
  expect(cli(...words)).toMatchObject({
    request: { paths: ['db/a', 'db/b'], databases: ['a', 'b'], disposableServer: true, postgres: 15, unit: 'chain' },
    show: {
      outputs: [
        { format: 'json', file: 'r.json' },
        { format: 'text', file: 'a=b.txt' },
      ],
      verbosity: 'quiet',
    },
  })
})

test('the twins of options', () => {
  expect(cli('check', '--no-proof').request).toMatchObject({ proof: 'none' })
  expect(cli('check', '--no-color').show.colour).toBe('never')
})

test('the options of every command arrive', () => {
  const live = {
    paths: ['db'],
    config: undefined,
    databases: ['a'],
    server: undefined,
    postgres: undefined,
    disposableServer: false,
    environment: 'test',
    waitMs: 60_000,
    lockMs: 500,
    statementMs: 90_000,
  }
  const words = ['db', '--databases', 'a', '--environment', 'test', '--wait', '1m', '--lock-timeout', '500ms']
  const read = (command: string, ...more: readonly string[]): unknown =>
    cli(command, ...words, '--statement-timeout', '90', ...more).request
  expect(read('up', '--to', '3', '--dry-run', '--allow-late', '--allow-existing')).toEqual({
    ...live,
    command: 'up',
    to: '3',
    dryRun: true,
    late: 'allow',
    existing: 'allow',
  })
  expect(read('down', '--steps', '2')).toEqual({ ...live, command: 'down', to: undefined, steps: 2, dryRun: false })
  expect(read('redo')).toEqual({ ...live, command: 'redo', dryRun: false })
  expect(read('status', '--check', '--drift')).toEqual({ ...live, command: 'status', check: true, drift: true })
  expect(read('baseline', '--to', '0', '--accept-differences', '--clear-dirty')).toEqual({
    ...live,
    command: 'baseline',
    to: '0',
    differences: 'accept',
    clearDirty: true,
  })
})

test('reports an input that the command does not know, unless it has its default', () => {
  expect(action({ command: 'up', proof: 'guided' }).request).toMatchObject({ command: 'up', lockMs: 5000, waitMs: 0 })
  expect(() => action({ command: 'up', steps: '3' })).toThrow('the input steps does not apply to up')
})

test.each([
  ['60', 60_000],
  ['1.5s', 1500],
  ['250ms', 250],
  ['2h', 7_200_000],
  ['', undefined],
])('the time %j is %s ms', (text, value) => {
  expect(readDuration({ text, name: 'x', example: '5s' })).toBe(value)
})

describe('flags', () => {
  test.each([
    ...['true', 'True', 'TRUE'].map((text) => [text, true] as const),
    ...['false', 'False', 'FALSE'].map((text) => [text, false] as const),
    ['', false] as const,
    [' \n', false] as const,
  ])('%j is %s', (text, value) => {
    expect(readFlag({ text, default: false, name: 'x' })).toBe(value)
  })
  test('empty is the default', () => expect(readFlag({ text: '', default: true, name: 'x' })).toBe(true))
  test.each(['yes', '1', 'on', 'tRUE', 'null'])('%s is an error that names the input', (text) => {
    expect(() => readFlag({ text, default: false, name: 'the input quiet' })).toThrow(`the input quiet is "${text}"`)
  })
})

test.each([
  ['a,b , ,c', ',', ['a', 'b', 'c']],
  ['a\r\n\r\n   \n# x, y\nb,b\r', ',', ['a', 'b']],
  ['a,b\nc', undefined, ['a,b', 'c']],
  ['', ',', []],
] as const)('the list %j', (text, separator, values) => {
  expect(readList(text, separator)).toEqual(values)
})

describe('wrong use', () => {
  test.each([
    [['chekc'], "unknown command 'chekc'; did you mean check?"],
    [['migrations/x'], "unknown command 'migrations/x'"],
    [['check', '--formt', 'x'], "unknown option '--formt'; did you mean --format?"],
    [
      ['down', '--databse', 'a', '--stepps=2', '--', '--no-option'],
      "2 unknown options: '--databse' (did you mean --databases?), '--stepps' (did you mean --steps?)",
    ],
    [['check', '--server'], "option '--server <url>' argument missing"],
    [['check', '--format', 'jsn'], '--format is "jsn"; did you mean json?'],
    [['check', '--proof', 'full'], '--proof is "full"'],
    [['check', '--fail-on', 'note'], '--fail-on is "note"'],
    [['check', '--postgres', '15.2'], '--postgres is "15.2", which is not a whole number'],
    [['check', '--output', 'report.json'], '--output is "report.json", which names no file'],
    [['check', '--output', 'pdf=x'], '--output has the unknown format "pdf"'],
    [['up', '--wait', 'soon'], '--wait is "soon", which is not a time'],
    [['check', '--wait', '5s'], "unknown option '--wait'; did you mean --unit?"],
    [['check', '-q', '-v'], '--verbose and --quiet contradict each other'],
    [[], 'no command is given'],
  ])('%j', (words, message) => {
    expect(() => cli(...words)).toThrow(expect.objectContaining({ kind: 'use', message }))
  })
})

test.each([
  [['chek'], 'See all commands: `pg-migration-gate --help`'],
  [['db/migrations'], 'To check a folder, run `pg-migration-gate check db/migrations`'],
  [['up', '--digest', 'x'], 'See all options: `pg-migration-gate up --help`'],
])('%j is answered with a command that works', (words, fix) => {
  expect(() => cli(...words)).toThrow(expect.objectContaining({ kind: 'use', fix }))
})

test.each(CHECK_FORMATS)('%s is only for findings in files, and is refused before anything runs', (format) => {
  expect(() => cli('up', '--format', format)).toThrow(`up has no ${format} report`)
  expect(() => cli('deploy', '--output', `${format}=x`)).toThrow(`deploy has no ${format} report`)
  expect(() => cli('check', '--format', format)).not.toThrow()
})

test('action.yml is fresh (scripts/docs-options.mjs writes it), and node24 runs it', () => {
  const manifest: unknown = parse(committed('action.yml'))
  expect(manifest).toEqual(parse(renderManifest()))
  expect(manifest).toMatchObject({ runs: { using: 'node24', main: 'dist/index.js' } })
})

test('every input has a description and a name that GitHub takes; every output is one that is set', () => {
  for (const { name, about } of INPUTS) {
    expect(name).toMatch(/^[a-z_][a-z0-9_-]*$/)
    expect(about).not.toBe('')
  }
  const report = {
    verdict: 'pass',
    exitCode: 0,
    counts: { databases: 1, migrations: 1, proved: 1, errors: 0, warnings: 0, notes: 0 },
  }
  // Only what the outputs are made of.
  expect(Object.keys(renderOutputs(report as unknown as Parameters<typeof renderOutputs>[0], 'x')).sort()).toEqual(
    OUTPUTS.map(({ name }) => name).sort(),
  )
})

test('every option is read', () => {
  const asked = new Set<string>()
  readOptions((name) => (asked.add(name), ''), String)
  expect([...asked].sort()).toEqual([...OPTIONS.map(({ name }) => name), 'path', 'command'].sort())
})

test('the version is that of package.json', () => {
  expect(parse(committed('package.json'))).toMatchObject(TOOL)
})
