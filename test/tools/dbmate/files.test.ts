import { describe, expect, test } from '@jest/globals'
import { parseDbmate } from '../../../src/tools/dbmate/files.js'
import { dbmate } from '../../../src/tools/dbmate/tool.js'
import { FOLDER, named, readFiles } from '../sources.js'

describe('blocks, with their marker lines', () => {
  test.each<readonly [string, string, string, string]>([
    ['both', '-- migrate:up\nA;\n-- migrate:down\nB;\n', '-- migrate:up\nA;\n', '-- migrate:down\nB;\n'],
    ['CRLF', '-- migrate:up\r\nA;\r\n-- migrate:down\r\n', '-- migrate:up\r\nA;\r\n', '-- migrate:down\r\n'],
    ['comments first', '-- note\n\n  -- more\n-- migrate:up\n-- migrate:down', '-- migrate:up\n', '-- migrate:down'],
    ['no space', '--migrate:up\n--migrate:down', '--migrate:up\n', '--migrate:down'],
    ['options', '-- migrate:up  x:y\n-- migrate:down z', '-- migrate:up  x:y\n', '-- migrate:down z'],
    ['white space over lines', '--\nmigrate:up\nA;\n-- migrate:down', '--\nmigrate:up\nA;\n', '-- migrate:down'],
    [
      'an earlier down is a comment',
      '-- migrate:down\n-- migrate:up\nA;\n-- migrate:down\n',
      '-- migrate:up\nA;\n',
      '-- migrate:down\n',
    ],
    [
      'not at the start of a line',
      '-- migrate:up\n -- migrate:up\n-- migrate:down',
      '-- migrate:up\n -- migrate:up\n',
      '-- migrate:down',
    ],
    [
      'a longer word',
      '-- migrate:up\n-- migrate:upgrade\n-- migrate:down',
      '-- migrate:up\n-- migrate:upgrade\n',
      '-- migrate:down',
    ],
  ])('%s', (_, text, up, down) => {
    const parse = parseDbmate(text)
    expect([parse.up?.message.text, parse.down?.message.text]).toEqual([up, down])
  })
})

describe('errors', () => {
  test.each<readonly [string, string, number, RegExp]>([
    ['no markers', 'A;\n', 1, /no "-- migrate:up"/],
    ['a byte order mark', '\uFEFF-- migrate:up\n-- migrate:down\n', 1, /byte order mark/],
    ['indented', 'A\n -- migrate:up\n-- migrate:down\n', 2, /start of its line/],
    ['capitals', '-- Migrate:Up\n-- migrate:down\n', 1, /lower case/],
    ['no down', '-- note\n-- migrate:up\nA;\n', 2, /no "-- migrate:down"/],
    ['a down with capitals', '-- migrate:up\nA;\n-- migrate:Down\n', 3, /no "-- migrate:down"/],
    ['down before up', '-- migrate:down\nB;\n-- migrate:up\nA;\n', 2, /before/],
    ['down before up, comments only', '-- migrate:down\n-- migrate:up\nA;\n', 1, /before/],
    ['a statement first', '\nA;\n-- migrate:up\n-- migrate:down\n', 2, /statement before/],
    ['a block comment first', '/* c */\n-- migrate:up\n-- migrate:down\n', 1, /statement before/],
    ['two downs', '-- migrate:up\n-- migrate:down\n-- migrate:down\n', 3, /second "-- migrate:down"/],
    ['two sections', '-- migrate:up\n-- migrate:down\n-- migrate:up\n-- migrate:down\n', 3, /second "-- migrate:up"/],
  ])('%s', (_, text, line, message) => {
    expect(parseDbmate(text).error).toMatchObject({ line, message: expect.stringMatching(message) })
  })
})

describe('transaction', () => {
  test.each([
    ['transaction:false', 'none'],
    [' a:b  transaction:false', 'none'],
    ['transaction:true transaction:false', 'none'],
    ['transaction:false transaction:true', 'wrapped'],
    ['transaction:False', 'wrapped'],
    ['transaction:false:x', 'wrapped'],
    ['transaction: false', 'wrapped'],
    ['', 'wrapped'],
  ])('%j: %s', (words, expected) => {
    const parse = parseDbmate(`-- migrate:up ${words}\nA;\n-- migrate:down\nB;\n`)
    expect([parse.up?.transaction, parse.down?.transaction]).toEqual([expected, 'wrapped'])
  })
})

test('the lines of both blocks', () => {
  const parse = parseDbmate('-- c\n-- migrate:up\nA;\n-- migrate:down\nB;')
  expect(parse.up?.message.lines).toEqual([2, 3, 4])
  expect(parse.down?.message).toEqual({ text: '-- migrate:down\nB;', lines: [4, 5], column: 1 })
})

const TEXT = '-- migrate:up\nA;\n-- migrate:down transaction:false\nB;\n'

test('a stream in the order of the names; versions are text', () => {
  const names = ['7_c.sql', '007_b.sql', '10_d.sql', '20240101.sql', 'x.sql', 'README.md']
  const { migrations, ignored, problems } = readFiles(dbmate, Object.fromEntries(names.map((name) => [name, TEXT])))
  expect(migrations.map(({ id, version, name }) => [id, version, name])).toEqual([
    ['007_b', '007', 'b'],
    ['10_d', '10', 'd'],
    ['20240101', '20240101', ''],
    ['7_c', '7', 'c'],
  ])
  expect(migrations[0]).toMatchObject({ up: { transaction: 'wrapped' }, down: { transaction: 'none' } })
  expect(problems).toMatchObject([
    { rule: 'file-name', message: 'x.sql does not begin with a number, so dbmate passes over it' },
  ])
  expect(ignored.map(({ path }) => path)).toEqual([`${FOLDER}/x.sql`, `${FOLDER}/README.md`])
})

test('the same version twice, and a file that is refused', () => {
  const { migrations, problems } = readFiles(dbmate, { '1_a.sql': TEXT, '1_b.sql': TEXT, ...named('2_c.sql') })
  expect(migrations).toHaveLength(3)
  expect(problems.map(({ rule, migration }) => [rule, migration])).toEqual([
    ['duplicate-version', '1_b'],
    ['unparsable', '2_c'],
  ])
})
