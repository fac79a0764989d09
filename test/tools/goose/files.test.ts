import { describe, expect, test } from '@jest/globals'
import { parseGooseName } from '../../../src/tools/goose/files.js'
import { goose } from '../../../src/tools/goose/tool.js'
import { FOLDER, readFiles, sources, options } from '../sources.js'

const UP = '-- +goose Up\nSELECT 1;\n'
const BOTH = `${UP}-- +goose Down\nSELECT 2;\n`

describe('file names', () => {
  test.each<readonly [string, string | RegExp]>([
    ['00001_x.sql', '1'],
    ['+12_x.sql', '12'],
    ['20240101000000_x_y.sql', '20240101000000'],
    ['9223372036854775807_x.sql', '9223372036854775807'],
    ['1_.sql', '1'],
    ['9223372036854775808_x.sql', /larger/],
    ['0_x.sql', /greater than zero/],
    ['-5_x.sql', /greater than zero/],
    ['notes.sql', /no "_"/],
    ['.x_y.sql', /not a number/],
    ['1a_x.sql', /not a number/],
    ['_x.sql', /not a number/],
  ])('%s', (name, expected) => {
    const parsed = parseGooseName(name)
    if (typeof expected === 'string') expect(parsed).toMatchObject({ number: BigInt(expected) })
    else expect(parsed).toEqual({ error: expect.stringMatching(expected) })
  })
})

test('a stream in the order of the numbers, with its scripts', () => {
  const { migrations, problems, ignored } = readFiles(goose, { '10_b.sql': UP, '2_a.sql': BOTH })
  expect(problems).toEqual([])
  expect(ignored).toEqual([])
  expect(migrations).toMatchObject([
    {
      id: '2_a',
      version: '2',
      name: 'a',
      kind: 'schema',
      code: undefined,
      irreversible: undefined,
      up: {
        file: `${FOLDER}/2_a.sql`,
        transaction: 'wrapped',
        messages: [{ text: 'SELECT 1;', lines: [2], column: 1 }],
      },
      down: { messages: [{ text: 'SELECT 2;', lines: [4], column: 1 }] },
    },
    { id: '10_b', up: { messages: [{ text: 'SELECT 1;' }] }, down: undefined },
  ])
})

test('19-digit versions stay distinct', () => {
  const names = ['1700000000000000002_b.sql', '1700000000000000001_a.sql']
  const { migrations, problems } = readFiles(goose, Object.fromEntries(names.map((name) => [name, BOTH])))
  expect(migrations.map(({ name }) => name)).toEqual(['a', 'b'])
  expect(problems).toEqual([])
})

test('a Down section without statements is there, and empty', () => {
  const [migration] = readFiles(goose, { '1_a.sql': `${UP}-- +goose Down\n-- nothing\n` }).migrations
  expect(migration?.down?.messages).toEqual([])
})

test('the file goes before the config: NO TRANSACTION stays none', () => {
  const config = { ...options().config, transaction: 'message' } as const
  const { migrations } = readFiles(
    goose,
    { '1_a.sql': BOTH, '2_b.sql': `-- +goose NO TRANSACTION\n${BOTH}` },
    { config },
  )
  expect(migrations.map(({ up, down }) => [up?.transaction, down?.transaction])).toEqual([
    ['message', 'message'],
    ['none', 'none'],
  ])
})

test('Go files: migrations in their place, the rest passed over and said', () => {
  const { migrations, ignored, problems } = readFiles(goose, {
    '1_a.sql': BOTH,
    '2_rehash.go': 'package migrations',
    '2_rehash_test.go': '',
    '3_c.sql': BOTH,
    'helpers.go': '',
    'README.md': '',
  })
  expect(problems).toEqual([])
  expect(migrations.map(({ id, code }) => [id, code])).toEqual([
    ['1_a', undefined],
    ['2_rehash', `${FOLDER}/2_rehash.go`],
    ['3_c', undefined],
  ])
  expect(ignored).toEqual([
    { path: `${FOLDER}/2_rehash_test.go`, reason: 'a Go test' },
    { path: `${FOLDER}/helpers.go`, reason: 'Go code without a version in its name' },
    { path: `${FOLDER}/README.md`, reason: 'not a migration: only .sql files are' },
  ])
})

test('a bad name is a problem, as the command line stops at it', () => {
  const { migrations, problems, ignored } = readFiles(goose, { '1_a.sql': BOTH, 'notes.sql': 'SELECT 1;' })
  expect(migrations).toHaveLength(1)
  expect(problems).toMatchObject([{ rule: 'file-name', place: { file: `${FOLDER}/notes.sql`, line: 1, column: 1 } }])
  expect(problems[0]?.renaming).toEqual({ rest: '_notes.sql' })
  expect(ignored.map(({ path }) => path)).toEqual([`${FOLDER}/notes.sql`])
})

test('duplicate versions, SQL against Go too, name both files and stay in the chain', () => {
  const { migrations, problems } = readFiles(goose, { '01_a.sql': BOTH, '1_b.go': '', '001_c.sql': BOTH })
  expect(migrations).toHaveLength(3)
  expect(problems.map(({ rule, message }) => [rule, message])).toEqual([
    ['duplicate-version', `version 01 is taken twice: ${FOLDER}/001_c.sql and ${FOLDER}/01_a.sql`],
    ['duplicate-version', `version 1 is taken twice: ${FOLDER}/001_c.sql and ${FOLDER}/1_b.go`],
  ])
})

test('what goose refuses is one problem with its place, and still a migration', () => {
  const { migrations, problems } = readFiles(goose, {
    '1_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Dwon\n',
    '2_b.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2\n',
  })
  expect(migrations.map(({ up, down }) => [up === undefined, down === undefined])).toEqual([
    [true, true],
    [false, true],
  ])
  expect(problems.map(({ rule, migration, place }) => [rule, migration, place?.line])).toEqual([
    ['unparsable', '1_a', 3],
    ['unparsable', '2_b', 4],
  ])
})

test('a lost statement is a problem of its own', () => {
  const text = '-- +goose Up\n-- +goose StatementBegin\n-- +goose StatementEnd\nSELECT 1;\n'
  expect(readFiles(goose, { '1_a.sql': text }).problems).toMatchObject([
    { rule: 'goose-lost-statement', migration: '1_a', place: { line: 4 } },
  ])
})

test('an unreadable file is a migration without scripts', () => {
  const files = sources({ '1_a.sql': '' }).map((file) => ({ ...file, unreadable: 'permission denied' }))
  const stream = goose.files.read(files, {
    kind: 'seed',
    config: options().config,
    environment: {},
  })
  expect(stream).toMatchObject({ migrations: [{ kind: 'seed', up: undefined, down: undefined }], problems: [] })
})
