import { describe, expect, test } from '@jest/globals'
import { parseSqlMigrate } from '../../../src/tools/sql-migrate/files.js'
import { sqlMigrate } from '../../../src/tools/sql-migrate/tool.js'
import { FOLDER, readFiles } from '../sources.js'

const UP = '-- +migrate Up\n'
const DOWN = '-- +migrate Down\n'
const BEGIN = '-- +migrate StatementBegin\n'
const END = '-- +migrate StatementEnd\n'
const texts = (parse: ReturnType<typeof parseSqlMigrate>, direction: 'up' | 'down'): readonly string[] | undefined =>
  parse[direction]?.map(({ text }) => text)

describe('statements', () => {
  test.each<readonly [string, string, readonly string[] | undefined, readonly string[] | undefined]>([
    ['both sections', `${UP}A;\n${DOWN}B;\n`, ['A'], ['B']],
    ['CRLF', `${UP}A;\n${DOWN}B;\n`.replaceAll('\n', '\r\n'), ['A'], ['B']],
    ['no down section', `${UP}A;\n`, ['A'], undefined],
    ['an empty down section', `${UP}A;\n${DOWN}-- nothing to do\n`, ['A'], []],
    ['sections in any order, more than once', `${DOWN}B;\n${UP}A;\n${DOWN}D;\n${UP}C;\n`, ['A', 'C'], ['B', 'D']],
    ['text before the first command is ignored', `X;\n${UP}A;\n`, ['A'], undefined],
    ['comments go, everywhere', `${UP}SELECT '\n-- in a string\n';\n`, ["SELECT '\n'"], undefined],
    ['comments without a space stay', `${UP}--x\nA;\n`, ['--x\nA'], undefined],
    ['other "-- +" lines go', `${UP}-- +other\nA;\n`, ['A'], undefined],
    ['a block is one statement', `${UP}${BEGIN}A;\nB;\n${END}C;\n`, ['A;\nB', 'C'], undefined],
    ['an empty block is an empty statement and swallows nothing', `${UP}${BEGIN}${END}A;\n`, ['', 'A'], undefined],
    ['blocks before a section are ignored', `${BEGIN}${UP}A;\n`, ['A'], undefined],
    ['one line end, one space, one semicolon are cut off', `${UP}A;; \n`, ['A;'], undefined],
    ['blank lines are part of a statement', `${UP}\nA\n\nB;\n`, ['\nA\n\nB'], undefined],
  ])('%s', (_, text, up, down) => {
    const parse = parseSqlMigrate(text)
    expect(parse.errors).toEqual([])
    expect(texts(parse, 'up')).toEqual(up)
    expect(texts(parse, 'down')).toEqual(down)
  })
})

describe('errors', () => {
  test.each<readonly [string, string, number, RegExp]>([
    ['no command', 'A;\n', 1, /neither/],
    ['an empty file', '', 1, /neither/],
    ['no semicolon', `${UP}A;\n\nB\n`, 4, /unfinished/],
    ['no semicolon before the other section', `${UP}A\n${DOWN}`, 2, /unfinished/],
    ['a block comment at the end', `${UP}A;\n/* x */\n`, 3, /unfinished/],
    ['an unspaced comment at the end', `${UP}A;\n--x\n`, 3, /unfinished/],
    ['a block without end', `${UP}${BEGIN}A;\n`, 2, /without StatementEnd/],
    ['no word', `${UP}A;\n-- +migrate \n`, 3, /not a command/],
    ['nothing but a command in lower case', '-- +migrate up\nA;\n', 1, /neither/],
    ['a command without its space as the last line', `${UP}A;\n--+ migrate Down\n`, 3, /unfinished/],
    ['a line of 1 MiB', `${UP}SELECT '${'x'.repeat(1024 * 1024)}';\n`, 2, /too long/],
  ])('%s', (_, text, line, message) => {
    expect(parseSqlMigrate(text).errors[0]).toMatchObject({ line, message: expect.stringMatching(message) })
  })
})

// What sql-migrate itself makes of these is in test/histories/sql-migrate.test.ts.
describe('lines that look like commands are passed over, and reported', () => {
  test.each<readonly [string, string, number, readonly string[] | undefined, readonly string[] | undefined, RegExp]>([
    ['lower case', `-- +migrate up\nA;\n${DOWN}B;\n`, 1, undefined, ['B'], /never runs.*exactly "-- \+migrate Up"/],
    ['a word that is none', `${UP}A;\n-- +migrate Undo\nB;\n`, 3, ['A', 'B'], undefined, /part of the up.*one of/],
    ['no space at the end', `${UP}A;\n-- +migrate\nB;\n`, 3, ['A', 'B'], undefined, /part of the up.*one of/],
    ['two spaces', `${UP}A;\n--  +migrate Down\nB;\n`, 3, ['A', 'B'], undefined, /"-- \+migrate Down"/],
    ['no space in front', `${UP}A;\n--+migrate Down\nB;\n`, 3, ['A', '--+migrate Down\nB'], undefined, /Down"/],
    [
      'the space behind the sign',
      `${UP}A;\n--+ migrate Down\nB;\n`,
      3,
      ['A', '--+ migrate Down\nB'],
      undefined,
      /Down"/,
    ],
    ['indented', `${UP}A;\n  -- +migrate Down\nB;\n`, 3, ['A', '  -- +migrate Down\nB'], undefined, /Down"/],
    ['in the middle of a statement', `${UP}A\n-- +migrate Foo\n;\n`, 3, ['A\n'], undefined, /one of/],
    ['a byte order mark', `\uFEFF${UP}A;\n${DOWN}B;\n`, 1, undefined, ['B'], /never runs.*byte order mark/],
  ])('%s', (_, text, line, up, down, words) => {
    const parse = parseSqlMigrate(text)
    expect(parse.errors).toEqual([])
    expect(texts(parse, 'up')).toEqual(up)
    expect(texts(parse, 'down')).toEqual(down)
    expect(parse.passedOver.map((said) => said.line)).toEqual([line])
    expect(parse.passedOver.map(({ why, fix }) => `${why} ${fix}`).join()).toMatch(words)
  })

  test('a byte order mark in front of anything else hides nothing', () => {
    expect(parseSqlMigrate(`\uFEFF-- head\n${UP}A;\n`)).toMatchObject({ errors: [], passedOver: [] })
  })
})

test('every line of a statement knows its line in the file', () => {
  const parse = parseSqlMigrate(`-- head\n${UP}A\n-- gone\nB;\n${BEGIN}C;\nD;\n${END}`)
  expect(parse.up).toEqual([
    { text: 'A\nB', lines: [3, 5], column: 1 },
    { text: 'C;\nD', lines: [7, 8], column: 1 },
  ])
})

test('notransaction counts for its direction', () => {
  const { migrations } = readFiles(sqlMigrate, { '1_a.sql': `-- +migrate Up notransaction\nA;\n${DOWN}B;\n` })
  expect(migrations[0]).toMatchObject({ up: { transaction: 'none' }, down: { transaction: 'wrapped' } })
})

test('order: numbers first and by number, then the rest by bytes; the file name is the version', () => {
  const names = ['b.sql', '10_c.sql', 'A.sql', '2_b.sql', '002_a.sql', '.hidden.sql']
  const { migrations, problems } = readFiles(sqlMigrate, Object.fromEntries(names.map((name) => [name, `${UP}A;\n`])))
  expect(migrations.map(({ version }) => version)).toEqual([
    '002_a.sql',
    '2_b.sql',
    '10_c.sql',
    '.hidden.sql',
    'A.sql',
    'b.sql',
  ])
  expect(migrations[2]).toMatchObject({ id: '10_c', name: 'c' })
  expect(problems).toEqual([])
})

test('a number that makes the tool panic is a problem', () => {
  const { problems, leftOut } = readFiles(sqlMigrate, { '20150100000001000000_a.sql': `${UP}A;\n` })
  expect(problems).toMatchObject([{ rule: 'file-name' }])
  expect(leftOut).toMatchObject([{ effect: 'refuses' }])
})

test('a file without an up is applied as nothing, as sql-migrate does, and reported', () => {
  const { migrations, problems } = readFiles(sqlMigrate, { '1_a.sql': `-- +migrate up\nA;\n${DOWN}B;\n` })
  expect(migrations[0]).toMatchObject({ up: { messages: [] }, down: { messages: [{ text: 'B' }] } })
  const place = { file: `${FOLDER}/1_a.sql`, line: 1 }
  expect(problems).toMatchObject([
    { rule: 'sql-migrate-passed-over', migration: '1_a', place },
    { rule: 'unpaired', migration: '1_a', place },
  ])
})
