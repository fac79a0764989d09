import { describe, expect, test } from '@jest/globals'
import { detectLayout, toolNamed } from '../../src/tools/tools.js'
import { named, options, sources, FOLDER } from './sources.js'

const GOOSE = '-- +goose Up\nA;\n-- +goose Down\nB;\n'
const detect = (files: Readonly<Record<string, string>>): readonly [string, string] | undefined => {
  const detected = detectLayout(sources(files))
  return detected && [detected.layout.name, detected.reason]
}

describe('the layout and the reason', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, readonly [string, string] | undefined]>([
    [
      'golang-migrate',
      named('00001_a.up.sql', '00001_a.down.sql', '00002_b.up.sql'),
      ['pairs', '3 of 3 .sql files are pairs NNNNN_name.up.sql / .down.sql'],
    ],
    [
      'timestamps',
      named('20240101000000_a.up.sql', '20240101000000_a.down.sql', 'x.sql'),
      ['pairs', '2 of 3 .sql files are pairs YYYYMMDDHHMMSS_name.up.sql / .down.sql'],
    ],
    [
      'unpadded',
      named('1_a.up.sql', '1_a.down.sql', '10_b.up.sql'),
      ['pairs', '3 of 3 .sql files are pairs N_name.up.sql / .down.sql'],
    ],
    [
      'authelia',
      named('V0001.A.up.sql', 'V0001.A.down.sql'),
      ['pairs', '2 of 2 .sql files are pairs VNNNN.name.up.sql / .down.sql'],
    ],
    [
      'postgrator',
      named('0001.do.a.sql', '0001.undo.a.sql'),
      ['pairs', '2 of 2 .sql files are pairs NNNN.do.name.sql / .undo.name.sql'],
    ],
    ['simple', named('001_a.sql', '002_b.sql'), ['pairs', '2 of 2 .sql files are ups NNN_name.sql']],
    [
      'goose',
      { '1_a.sql': GOOSE, '2_b.sql': GOOSE, '3_c.go': 'package m // goose.AddMigration' },
      ['goose', '2 of 2 .sql files have goose annotations (-- +goose Up), 1 .go files are goose migrations'],
    ],
    [
      'goose with a slip',
      { '1_a.sql': ' -- +goose up\n' },
      ['goose', '1 of 1 .sql files have goose annotations (-- +goose Up)'],
    ],
    [
      'goose with names of pairs',
      { '1_a.up.sql': GOOSE, '1_a.down.sql': GOOSE },
      ['goose', '2 of 2 .sql files have goose annotations (-- +goose Up)'],
    ],
    [
      'sql-migrate',
      { '1-a.sql': '-- +migrate Up\n', 'x.sql': '-- +migrate Up\n' },
      ['sql-migrate', '2 of 2 .sql files have sql-migrate commands (-- +migrate Up)'],
    ],
    [
      'sql-migrate with a mark',
      { '1-a.sql': '\uFEFF-- +migrate Up\n' },
      ['sql-migrate', '1 of 1 .sql files have sql-migrate commands (-- +migrate Up)'],
    ],
    [
      'dbmate',
      { '1_a.sql': '-- migrate:up\n-- migrate:down\n' },
      ['dbmate', "1 of 1 .sql files have dbmate's markers (-- migrate:up)"],
    ],
    [
      'directories',
      named('2020-01-01-000000_a/up.sql', '2020-01-01-000000_a/down.sql', 'x/y.txt'),
      ['directories', '1 of 2 folders are <version>_<name> with up.sql in them'],
    ],
    ['no migrations', named('README.md', 'schema.sql', 'docs/notes.txt'), undefined],
    ['only other dialects', named('1_a.mysql.up.sql', '1_a.mysql.down.sql'), undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, files, expected) => {
    expect(detect(files)).toEqual(expected)
  })
})

test('what most files are in decides', () => {
  const detected = detectLayout(sources({ '1_a.sql': GOOSE, '2_b.up.sql': 'A;', '2_b.down.sql': 'B;' }))
  expect(detected).toMatchObject({ layout: { name: 'pairs' } })
})

test('a layout by its name', () => {
  expect(toolNamed('dbmate').name).toBe('dbmate')
})

describe('a folder of many things', () => {
  const stray = {
    'README.md': '# x',
    '.gitkeep': '',
    'embed.go': 'package migrations',
    'seeds/00010_admin.sql': 'INSERT',
    'archive/0_old.sql': 'x',
    'archive/deep/0_old.sql': 'x',
  }
  test('pairs', () => {
    const files = sources({ ...named('00001_a.up.sql', '00001_a.down.sql', '00002_b.mysql.up.sql'), ...stray })
    const detected = detectLayout(files)
    expect(detected?.layout.name).toBe('pairs')
    const stream = detected?.layout.files.read(files, options())
    expect(stream?.migrations.map(({ id }) => id)).toEqual(['00001_a'])
    expect(stream?.problems).toEqual([])
    expect(stream?.ignored).toEqual([
      { path: `${FOLDER}/00002_b.mysql.up.sql`, reason: 'written for mysql' },
      { path: `${FOLDER}/README.md`, reason: 'not a migration: only .sql files are' },
      { path: `${FOLDER}/embed.go`, reason: 'not a migration: only .sql files are' },
      { path: `${FOLDER}/archive`, reason: 'the tool does not look into subfolders (2 files)' },
    ])
  })
  test('goose', () => {
    const files = sources({ '1_a.sql': GOOSE, '2_b.go': 'package m', ...stray })
    const stream = detectLayout(files)?.layout.files.read(files, options())
    expect(stream?.migrations.map(({ id, code }) => [id, code !== undefined])).toEqual([
      ['1_a', false],
      ['2_b', true],
    ])
    expect(stream?.problems).toEqual([])
    expect(stream?.ignored.map(({ path }) => path)).toEqual([
      `${FOLDER}/README.md`,
      `${FOLDER}/embed.go`,
      `${FOLDER}/archive`,
    ])
  })
  test('seeds are a stream of their own', () => {
    const files = sources(named('00010_admin.up.sql', '00010_admin.down.sql'), `${FOLDER}/seeds`)
    expect(detectLayout(files)?.layout.files.read(files, options({ kind: 'seed' })).migrations).toMatchObject([
      { id: '00010_admin', kind: 'seed' },
    ])
  })
})
