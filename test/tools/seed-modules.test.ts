// Seeds that are modules, among seeds in SQL.
import { expect, test } from '@jest/globals'
import { byNumber } from '../../src/model/version.js'
import { isSeedModule, seedModules, withModules } from '../../src/tools/seed-modules.js'
import { pairs } from '../../src/tools/pairs/tool.js'
import { options, sources } from './sources.js'

const read = (files: Readonly<Record<string, string>>) => {
  const all = sources(files)
  const sql = pairs.files.read(
    all.filter((file) => !isSeedModule(file)),
    options({ kind: 'seed' }),
  )
  return withModules(sql, seedModules(all), byNumber)
}

test('modules and SQL are in the order of their versions', () => {
  const { migrations, ignored, problems } = read({
    '00012_c.mjs': '',
    '00010_a.js': 'export const up = 1',
    '00011_b.up.sql': 'SELECT 1',
    '00011_b.down.sql': 'SELECT 1',
    '9_first.ts': '',
  })
  expect(migrations.map(({ id, kind, module }) => [id, kind, module !== undefined])).toEqual([
    ['9_first', 'seed', true],
    ['00010_a', 'seed', true],
    ['00011_b', 'seed', false],
    ['00012_c', 'seed', true],
  ])
  expect(migrations[1]).toMatchObject({ version: '00010', name: 'a', up: undefined, down: undefined })
  expect(migrations[1]?.module?.checksum).not.toBe(migrations[0]?.module?.checksum)
  expect([...ignored, ...problems]).toEqual([])
})

test('declarations, tests, other code and files of subfolders are none', () => {
  const names = [
    '1_a.d.ts',
    '1_a.test.mjs',
    '1_a.spec.js',
    '1_a.go',
    '1_a.sql',
    'a.mjs',
    '1.mjs',
    'lib/1_a.mjs',
    '1_.cjs',
  ]
  const files = sources(Object.fromEntries(names.map((name) => [name, ''])))
  expect(files.filter(isSeedModule)).toEqual([])
  expect(seedModules(files)).toEqual([])
})

test('reports a version that two seeds have', () => {
  const { problems } = read({ '00010_a.mjs': '', '10_b.ts': '', '00010_c.up.sql': 'SELECT 1' })
  expect(problems.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    expect.stringMatching(/^duplicate-version: version 00010 is taken twice: .*00010_c\.up\.sql and .*00010_a\.mjs$/),
    expect.stringMatching(/^duplicate-version: version 10 is taken twice: .*00010_c\.up\.sql and .*10_b\.ts$/),
  ])
})

test('seeds are read alike whatever tool the config names for the schema', () => {
  const files = sources({
    '00001_a.sql': 'SELECT 1;',
    '00002.up.sql': 'SELECT 1;',
    '00002.down.sql': 'SELECT 1;',
    'x.sql': '',
  })
  for (const kind of [undefined, 'golang-migrate', 'sqlx', 'node-pg-migrate']) {
    const config = { ...options().config, history: { kind, table: undefined } }
    const { migrations, leftOut } = pairs.files.read(files, options({ kind: 'seed', config }))
    expect(migrations.map(({ id }) => id)).toEqual(['00002'])
    expect(leftOut.map(({ file, effect }) => [file, effect])).toEqual([
      ['migrations/core_db/00001_a.sql', 'passes over'],
    ])
  }
})
