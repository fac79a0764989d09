// The rule `merged-repaired`.
import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../../src/model/finding.js'
import type { LayoutName } from '../../../src/model/migration.js'
import { findingsIn, folderOf, projectFor, renamed, without, type Files } from '../folders.js'

describe('merged-repaired', () => {
  const found = async (base: Files, now: Files): Promise<readonly Finding[]> =>
    findingsIn(projectFor({ base, now }), true)
  const brief = (findings: readonly Finding[]): readonly string[] =>
    findings.map(({ level, rule, message }) => `${level} ${rule} ${message}`)
  const twins = (layout: LayoutName): Files => folderOf(layout, ['00001_a', '00002_b', '00002_c'])

  test.each<readonly [LayoutName, string]>([
    [
      'goose',
      'UPDATE goose_db_version SET version_id = 3 WHERE version_id = 2; then goose -allow-missing up runs 00002_b.',
    ],
    ['dbmate', "UPDATE schema_migrations SET version = '00003' WHERE version = '00002'; then dbmate up runs 00002_b."],
    [
      'pairs',
      'golang-migrate (schema_migrations says 2): run the up of 00002_b by hand, then migrate force 3. sqlx: UPDATE _sqlx_migrations SET version = 3 WHERE version = 2;',
    ],
    [
      'directories',
      "UPDATE __diesel_schema_migrations SET version = '00003' WHERE version = '00002'; then diesel migration run runs 00002_b.",
    ],
  ])('one of two of a version gets its own, in %s', async (layout, advice) => {
    const [only, ...others] = await found(twins(layout), renamed(twins(layout), { '00002_c': '00003_c' }))
    expect(only).toMatchObject({
      level: 'note',
      message: '00002_c is 00003_c now, which is right: in main it shared version 00002 with 00002_b',
      fix: `Nothing to do where no database has applied 00002_c.\nWhere one has applied 00002_c (what it makes is there): ${advice}`,
    })
    expect(others).toEqual([])
  })

  test('with another text, as a step that may run twice gets it', async () => {
    const now = {
      ...without(twins('pairs'), '00002_c'),
      '00003_c.up.sql': 'CREATE TABLE IF NOT EXISTS c (id int);\n',
      '00003_c.down.sql': 'DROP TABLE c;\n',
    }
    expect(brief(await found(twins('pairs'), now))).toEqual([
      'note merged-repaired 00002_c is 00003_c now, and its text has changed too, which is right: in main it shared version 00002 with 00002_b',
    ])
  })

  test('what came after moves with it where the tool stopped there', async () => {
    const base = (layout: LayoutName): Files => ({ ...twins(layout), ...folderOf(layout, ['00003_d']) })
    const moves = { '00002_c': '00003_c', '00003_d': '00004_d' }
    expect(brief(await found(base('goose'), renamed(base('goose'), moves)))).toEqual([
      'note merged-repaired 00002_c is 00003_c now, which is right: in main it shared version 00002 with 00002_b; what came after it moved with it: 00003_d is 00004_d',
    ])
    // dbmate goes on where the version is recorded, so 00003_d may be applied.
    expect(brief(await found(base('dbmate'), renamed(base('dbmate'), moves)))).toEqual([
      'error merged-renamed 00003_d is merged (in main), and its version is 00004 now',
      'note merged-repaired 00002_c is 00003_c now, which is right: in main it shared version 00002 with 00002_b',
    ])
    // In another order nothing of it is a repair.
    const swapped = { '00002_c': '00005_c', '00003_d': '00004_d' }
    expect(brief(await found(base('goose'), renamed(base('goose'), swapped)))).toContain(
      'error merged-renamed 00003_d is merged (in main), and its version is 00004 now',
    )
  })

  test('its new number is judged as that of a new one', async () => {
    const base = { ...twins('goose'), ...folderOf('goose', ['00003_d']) }
    expect(brief(await found(base, renamed(base, { '00002_c': '00003_c' })))).toEqual([
      'error version-taken version 00003 of 00003_c is taken: main has 00003_d; the next free one is 00004',
    ])
    expect(brief(await found(base, renamed(base, { '00002_c': '00001_c' })))).toEqual([
      'error version-taken version 00001 of 00001_c is taken: main has 00001_a; the next free one is 00004',
    ])
  })

  test('one of two of a version that is deleted comes back under another one', async () => {
    const [only] = await found(twins('pairs'), without(twins('pairs'), '00002_c'))
    expect(only).toMatchObject({
      level: 'error',
      rule: 'merged-deleted',
      fix: [
        'Restore it under a version of its own: 00002_b has 00002 too.',
        'git checkout main -- migrations/app/00002_c.up.sql migrations/app/00002_c.down.sql',
        'git mv migrations/app/00002_c.up.sql migrations/app/00003_c.up.sql',
        'git mv migrations/app/00002_c.down.sql migrations/app/00003_c.down.sql',
      ].join('\n'),
    })
  })

  test('two files of a number are two migrations to sql-migrate, which knows names', async () => {
    expect(brief(await found(twins('sql-migrate'), renamed(twins('sql-migrate'), { '00002_c': '00003_c' })))).toEqual([
      'error merged-renamed 00002_c is merged (in main), and its version is 00003 now',
    ])
  })

  test.each(['goose', 'sql-migrate'] as const)('a name at which %s stops: it is a new migration', async (layout) => {
    const base = folderOf(layout, ['00001_a', '00002_b', '99999999999999999999_c'])
    const to = (id: string): Promise<readonly Finding[]> => found(base, renamed(base, { '99999999999999999999_c': id }))
    expect(brief(await to('00003_c'))).toEqual([])
    expect((await to('00002_c')).map(({ rule }) => rule)).toEqual(['version-taken'])
  })

  test('a name that the folder does not have, under the same version', async () => {
    const base = folderOf('pairs', ['00001_a', '2-B', '00003_c'])
    expect(brief(await found(base, renamed(base, { '2-B': '00002_b' })))).toEqual([
      'note merged-repaired 2-B is 00002_b now, which is right: in main its name did not follow the convention of the folder, and its version is the same',
    ])
    // sql-migrate would run it again.
    const named = folderOf('sql-migrate', ['00001_a', '2_B', '00003_c'])
    expect(brief(await found(named, renamed(named, { '2_B': '00002_b' })))).toEqual([
      'error merged-renamed 2_B is merged (in main), and its name is 00002_b now',
    ])
  })

  test('a down that had no up', async () => {
    const right = folderOf('pairs', ['00001_a', '00002_b', '00003_c'])
    const wrong = renamed(right, { '00003_c.down.sql': '00004_c.down.sql' })
    const [only, ...others] = await found(wrong, right)
    expect(only).toMatchObject({
      level: 'note',
      rule: 'merged-repaired',
      fix: 'golang-migrate counts such a version: where schema_migrations says 00004, migrate force 00003.',
    })
    expect(others).toEqual([])
  })

  test('halves with two names get one', async () => {
    const right = folderOf('pairs', ['00001_a', '00002_b', '00003_c'])
    expect(brief(await found(renamed(right, { '00003_c.down.sql': '00003_z.down.sql' }), right))).toEqual([])
  })

  test('a fine name stays', async () => {
    const base = folderOf('goose', ['00001_a', '00002_b', '00003_c'])
    expect(brief(await found(base, renamed(base, { '00003_c': '00004_c' })))).toEqual([
      'error merged-renamed 00003_c is merged (in main), and its version is 00004 now',
    ])
  })
})
