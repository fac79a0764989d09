import { describe, expect, test } from '@jest/globals'
import { directories } from '../../../src/tools/directories/tool.js'
import { parseMetadata } from '../../../src/tools/directories/names.js'
import { FOLDER, readFiles } from '../sources.js'

describe('metadata.toml', () => {
  test.each<readonly [string, ReturnType<typeof parseMetadata>]>([
    ['run_in_transaction = false\n', { kind: 'says', transaction: false }],
    ['# c\nrun_in_transaction=true # yes\r\n', { kind: 'says', transaction: true }],
    ['"run_in_transaction" = false', { kind: 'says', transaction: false }],
    ['', { kind: 'silent' }],
    ['# nothing\n', { kind: 'silent' }],
    ['author = "me"\n', { kind: 'silent' }],
    ['[table]\nrun_in_transaction = true\n', { kind: 'silent' }],
    ['run_in_transaction = "false"', { kind: 'unreadable' }],
    ['run_in_transaction = true\nrun_in_transaction = false', { kind: 'unreadable' }],
    ['not toml at all', { kind: 'unreadable' }],
  ])('%j', (text, expected) => {
    expect(parseMetadata(text)).toEqual(expected)
  })
})

test('a stream in the text order of the versions without dashes', () => {
  const { migrations, problems, ignored } = readFiles(directories, {
    '2020-01-01-000002_b/up.sql': 'B;\n',
    '2020-01-01-000002_b/down.sql': '',
    '20200101000001_a/up.sql': 'A;',
    '00000000000000_diesel_initial_setup/up.sql': '-- setup',
    'plain/up.sql': 'P;',
    'README.md': '',
    '.git/up.sql': '',
    'seeds/1_x/up.sql': 'S;',
    '20200101000001_a/notes.txt': '',
  })
  expect(problems).toEqual([])
  expect(migrations.map(({ id, version, name }) => [id, version, name])).toEqual([
    ['00000000000000_diesel_initial_setup', '00000000000000', 'diesel_initial_setup'],
    ['20200101000001_a', '20200101000001', 'a'],
    ['2020-01-01-000002_b', '2020-01-01-000002', 'b'],
    ['plain', 'plain', ''],
  ])
  expect(migrations[2]).toMatchObject({
    up: { file: `${FOLDER}/2020-01-01-000002_b/up.sql`, transaction: 'wrapped', messages: [{ text: 'B;\n' }] },
    down: { messages: [] },
  })
  expect(migrations[1]?.down).toBeUndefined()
  expect(ignored.map(({ path }) => path)).toEqual([`${FOLDER}/README.md`, `${FOLDER}/20200101000001_a/notes.txt`])
})

test('transactions come from metadata.toml, then the config', () => {
  const sql = { 'up.sql': 'A;', 'down.sql': 'B;' }
  const folder = (name: string, toml?: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ ...sql, ...(toml === undefined ? {} : { 'metadata.toml': toml }) }).map(([file, text]) => [
        `${name}/${file}`,
        text,
      ]),
    )
  const files = {
    ...folder('1_a'),
    ...folder('2_b', 'run_in_transaction = false'),
    ...folder('3_c', ''),
    ...folder('4_d', '???'),
  }
  const { migrations, problems } = readFiles(directories, files)
  expect(migrations.map(({ up, down }) => [up?.transaction, down?.transaction])).toEqual([
    ['wrapped', 'wrapped'],
    ['none', 'none'],
    ['none', 'none'],
    ['wrapped', 'wrapped'],
  ])
  expect(problems.map(({ rule, migration, place }) => [rule, migration, place?.file])).toEqual([
    ['unparsable', '3_c', `${FOLDER}/3_c/metadata.toml`],
    ['unparsable', '4_d', `${FOLDER}/4_d/metadata.toml`],
  ])
})

test('problems: nothing in up.sql, no up.sql, one version twice', () => {
  const { migrations, problems, ignored } = readFiles(directories, {
    '1_a/up.sql': '',
    '2_b/notes.md': '',
    '3_c/down.sql': 'C;',
    '2020-01_d/up.sql': 'D;',
    '202001_e/up.sql': 'E;',
  })
  expect(migrations.map(({ id, up, down }) => [id, up !== undefined, down !== undefined])).toEqual([
    ['1_a', false, false],
    ['2020-01_d', true, false],
    ['202001_e', true, false],
    ['3_c', false, true],
  ])
  expect(problems.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    'file-name: the folder 2_b has neither up.sql nor down.sql',
    `duplicate-version: version 202001 is taken twice: ${FOLDER}/2020-01_d/up.sql and ${FOLDER}/202001_e/up.sql`,
    'unparsable: up.sql has no content',
  ])
  expect(ignored).toEqual([{ path: `${FOLDER}/2_b`, reason: 'a folder without up.sql' }])
})
