import { describe, expect, test } from '@jest/globals'
import { parseGoose } from '../../../src/tools/goose/parser.js'

const up = (body: string, environment = {}): ReturnType<typeof parseGoose> => parseGoose(body, 'up', environment)
const texts = (body: string): readonly string[] => {
  const parse = up(`-- +goose Up\n${body}`)
  expect(parse.error).toBeUndefined()
  return parse.messages.map((message) => message.text)
}
const BEGIN = '-- +goose StatementBegin\n'
const END = '-- +goose StatementEnd\n'

describe('statements after "-- +goose Up"', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['one statement', 'SELECT 1;\n', ['SELECT 1;']],
    ['no line end at the end', 'SELECT 1;', ['SELECT 1;']],
    ['CRLF', 'SELECT 1;\r\nSELECT 2;\r\n', ['SELECT 1;', 'SELECT 2;']],
    ['an empty block swallows the next line', `${BEGIN}${END}SELECT 1;\nSELECT 2;\n`, ['', 'SELECT 2;']],
    ['so does a block of comments', `${BEGIN}-- note\n${END}SELECT 1;\nSELECT 2;\n`, ['', 'SELECT 2;']],
    [
      'a blank line after spaces keeps the comment',
      'SELECT 1;\n  \n-- trailing\nSELECT 2;\n',
      ['SELECT 1;', '-- trailing\nSELECT 2;'],
    ],
    ['a block goes on with what is open', `SELECT 0\n${BEGIN}SELECT 1;\n${END}`, ['SELECT 0\nSELECT 1;']],
    ['two on one line', 'SELECT 1; SELECT 2;\n', ['SELECT 1; SELECT 2;']],
    ['a glued comment hides the semicolon', 'SELECT 1;--c\nSELECT 2;\n', ['SELECT 1;--c\nSELECT 2;']],
    ['a comment of its own word does not', 'SELECT 1; -- c\nSELECT 2;\n', ['SELECT 1; -- c', 'SELECT 2;']],
    ['strings mean nothing', "INSERT INTO t VALUES ('a;\nb');\n", ["INSERT INTO t VALUES ('a;", "b');"]],
    ['dollar quotes mean nothing', 'DO $$\nBEGIN\nNULL;\nEND $$;\n', ['DO $$\nBEGIN\nNULL;', 'END $$;']],
    ['block comments mean nothing', '/* foo;\n*/ SELECT 1;\n', ['/* foo;', '*/ SELECT 1;']],
    ['a semicolon alone', ';\n', [';']],
    ['comments and blank lines before a statement go', '\n-- a\n\n  -- b\nSELECT 1;\n', ['SELECT 1;']],
    ['comments inside stay', 'SELECT\n-- a\n\n1;\n', ['SELECT\n-- a\n\n1;']],
    [
      'a block is one statement',
      `${BEGIN}SELECT 1;\nSELECT 2;\n${END}SELECT 3;\n`,
      ['SELECT 1;\nSELECT 2;', 'SELECT 3;'],
    ],
    ['capitals of the marker make a comment', 'SELECT 1;\n-- +GOOSE Down\nSELECT 2;\n', ['SELECT 1;', 'SELECT 2;']],
    ['a line of U+00A0 is trimmed away', 'SELECT 1;\n\u00a0\nSELECT 2;\n', ['SELECT 1;', 'SELECT 2;']],
    ['nothing at all', '', []],
    ['only a comment', '-- nothing\n', []],
    ['annotations in any case', '-- +goose statementbegin\nSELECT 1;\n-- +goose STATEMENTEND\n', ['SELECT 1;']],
    ['what is below Down is not up', 'SELECT 1;\n-- +goose Down\nSELECT 2;\n', ['SELECT 1;']],
  ])('%s', (_, body, expected) => {
    expect(texts(body)).toEqual(expected)
  })
})

describe('first lines', () => {
  test.each([
    '--+gooseup',
    '-- +goose Up --',
    '--   +goose   up',
    '-- +goose Up\u00a0',
    '\n\n  \n-- a comment\n-- +goose Up',
  ])('%j starts the up', (line) => {
    expect(up(`${line}\nSELECT 1;`).messages.map(({ text }) => text)).toEqual(['SELECT 1;'])
  })
})

describe('refused', () => {
  test.each<readonly [string, string, number, RegExp]>([
    ['an empty file', '', 1, /no "-- \+goose Up"/],
    ['only comments', '-- a\n-- b\n', 1, /no "-- \+goose Up"/],
    ['SQL first', '\nSELECT 1;\n-- +goose Up\n', 2, /before "-- \+goose Up"/],
    ['a byte order mark', '\uFEFF-- +goose Up\nSELECT 1;\n', 1, /before "-- \+goose Up"/],
    ['no semicolon', '-- +goose Up\nSELECT 1;\n\nSELECT 2\n', 4, /unfinished/],
    ['no semicolon before Down', '-- +goose Up\nSELECT 2\n-- +goose Down\n', 2, /unfinished/],
    ['a comment after spaces', '-- +goose Up\nSELECT 1;\n  \n-- trailing\n', 4, /unfinished/],
    ['a block comment alone', '-- +goose Up\n/* foo */\n', 2, /unfinished/],
    ['a block comment at the end', '-- +goose Up\nSELECT 1;\n/* foo */\n', 3, /unfinished/],
    ['a note behind Up', '-- +goose Up -- note\n', 1, /not a goose annotation/],
    ['prose that mentions it', '-- +goose Up\n-- see +goose docs\n', 2, /not a goose annotation/],
    ['two spaces', '-- +goose NO  TRANSACTION\n-- +goose Up\n', 1, /not a goose annotation/],
    ['nothing behind +goose', '-- +goose\n', 1, /empty/],
    ['two in a line', '-- +goose Up +goose Down\n', 1, /more than one/],
    ['indentation', '  -- +goose Up\n', 1, /white space/],
    ['two ups', '-- +goose Up\n-- +goose Up\n', 2, /second/],
    ['down first', '-- +goose Down\n-- +goose Up\n', 1, /before/],
    ['two downs', '-- +goose Up\n-- +goose Down\n-- +goose Down\n', 3, /is not allowed/],
    [
      'down in a block, even in a string',
      `-- +goose Up\n${BEGIN}SELECT '\n-- +goose Down\n';\n${END}`,
      4,
      /is not allowed/,
    ],
    ['a block before Up', BEGIN, 1, /outside/],
    ['a block in a block', `-- +goose Up\n${BEGIN}${BEGIN}`, 3, /outside/],
    ['an end without begin', `-- +goose Up\n${END}`, 2, /without StatementBegin/],
    ['a begin without end', `-- +goose Up\n${BEGIN}SELECT 1;\n`, 2, /without StatementEnd/],
    ['lone carriage returns', '-- +goose Up\rSELECT 1;\r', 1, /not a goose annotation/],
    ['a line of 4 MiB', `-- +goose Up\nSELECT '${'x'.repeat(4 * 1024 * 1024)}';\n`, 2, /too long/],
  ])('%s', (_, text, line, message) => {
    const { error } = up(text)
    expect(error?.message).toMatch(message)
    expect(error?.line).toBe(line)
    expect(error?.fix).not.toBe('')
  })

  test('a missing semicolon in the up is no error of the down', () => {
    const text = '-- +goose Up\nSELECT 1\n'
    expect(parseGoose(text, 'down', {}).error).toBeUndefined()
    expect(parseGoose(text, 'up', {}).error).toBeDefined()
  })
})

test('NO TRANSACTION counts anywhere and for both directions', () => {
  const text = '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n-- +goose no transaction\n'
  expect(up(text).transaction).toBe('none')
  expect(parseGoose(text, 'down', {})).toMatchObject({ transaction: 'none', messages: [{ text: 'SELECT 2;' }] })
  expect(up('-- +goose Up\n').transaction).toBe('wrapped')
})

test('sections that were met, empty ones too', () => {
  expect(parseGoose('-- +goose Up\n', 'up', {}).sections).toEqual(new Map([['up', 1]]))
  expect(parseGoose('-- +goose Up\n-- +goose Down\n', 'down', {}).sections).toEqual(
    new Map([
      ['up', 1],
      ['down', 2],
    ]),
  )
})

test('reports lines that goose loses with their place; a line of white space is no loss', () => {
  expect(up(`-- +goose Up\n${BEGIN}${END}\n-- c\nSELECT 1;\n`).lost.map(({ line }) => line)).toEqual([6])
  expect(up(`-- +goose Up\n${BEGIN}${END}  \nSELECT 1;\n`)).toMatchObject({
    lost: [],
    messages: [{ text: '' }, { text: 'SELECT 1;' }],
  })
  expect(up(`-- +goose Up\n${BEGIN}${END}-- +goose Down\nSELECT 1;\n`).lost).toEqual([])
})

test('every line of a statement knows its line in the file', () => {
  const { messages } = up(`\n-- +goose Up\n-- c\n\n   SELECT\n-- in\n 1;\n${BEGIN}A;\n\nB;\n${END}`)
  expect(messages).toEqual([
    { text: 'SELECT\n-- in\n 1;', lines: [5, 6, 7], column: 4 },
    { text: 'A;\n\nB;', lines: [9, 10, 11], column: 1 },
  ])
})

describe('ENVSUB', () => {
  const on = '-- +goose Up\n-- +goose ENVSUB ON\n'
  test('is on from its line to ENVSUB OFF', () => {
    const text = `-- +goose Up\nSELECT '$A';\n-- +goose ENVSUB ON\nSELECT '$A';\n-- +goose ENVSUB OFF\nSELECT '$A';\n`
    expect(up(text, { A: 'x' }).messages.map(({ text: sent }) => sent)).toEqual([
      "SELECT '$A';",
      "SELECT 'x';",
      "SELECT '$A';",
    ])
  })
  test('turns dollar quotes into single dollars', () => {
    expect(up(`${on}DO $$ BEGIN END $$;\n`).messages[0]?.text).toBe('DO $ BEGIN END $;')
  })
  test('the end of a statement is looked for in the line with its values', () => {
    expect(up(`${on}SELECT 1$END\nSELECT 2;\n`, { END: ';' }).messages.map(({ text }) => text)).toEqual([
      'SELECT 1;',
      'SELECT 2;',
    ])
  })
  test('a value with line ends stays on its line of the file', () => {
    expect(up(`${on}SELECT $A\n2;\n`, { A: '1,\n' }).messages[0]).toEqual({
      text: 'SELECT 1,\n\n2;',
      lines: [3, 3, 4],
      column: 1,
    })
  })
  test('an error in the down fails the up', () => {
    expect(up(`${on}SELECT 1;\n-- +goose Down\nSELECT $1;\n`).error).toMatchObject({
      line: 5,
      message: expect.stringContaining('variable substitution failed'),
    })
  })
})
