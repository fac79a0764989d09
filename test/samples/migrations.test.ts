// The sample migrations keep what this repository asks of others.
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { splitStatements } from '../../src/core/sql.js'
import { findSecrets } from '../../src/core/sql-secrets.js'

const ROOT = fileURLToPath(new URL('../../migrations/', import.meta.url))
const DATABASES = { core_db: 7, kyc_db: 5, rates_db: 5, audit_db: 4 }
const NAME = /^([0-9]{5})_[a-z_]+\.(up|down)\.sql$/

const sqlIn = (folder: string): readonly string[] => readdirSync(ROOT + folder).filter((name) => name.endsWith('.sql'))
const read = (folder: string, name: string): string => readFileSync(`${ROOT}${folder}/${name}`, 'utf8')
const statementsOf = (sql: string): readonly string[] => splitStatements(sql).map(({ words }) => words.join(' '))

test('there are these databases and nothing else', () => {
  expect(readdirSync(ROOT).sort()).toEqual(Object.keys(DATABASES).sort())
})

describe.each(Object.entries(DATABASES))('%s', (database, count) => {
  const folders = [database, `${database}/seeds`]
  const files = folders.flatMap((folder) => sqlIn(folder).map((name) => ({ folder, name, sql: read(folder, name) })))
  const downs = files.filter(({ name }) => name.endsWith('.down.sql'))

  test.each(files)('$folder/$name is well named', ({ name }) => {
    expect(name).toMatch(NAME)
  })

  test('versions of the schema follow each other without a hole, seeds begin at 00010', () => {
    const versions = (folder: string): readonly string[] =>
      [...new Set(sqlIn(folder).map((name) => name.slice(0, 5)))].sort()
    expect(versions(database)).toEqual(Array.from({ length: count }, (_, i) => String(i + 1).padStart(5, '0')))
    expect(versions(`${database}/seeds`)[0]).toBe('00010')
  })

  test('every up has its down', () => {
    const ups = files.filter(({ name }) => name.endsWith('.up.sql'))
    expect(downs.map(({ folder, name }) => `${folder}/${name}`).sort()).toEqual(
      ups.map(({ folder, name }) => `${folder}/${name.replace('.up.sql', '.down.sql')}`).sort(),
    )
  })

  test.each(downs)('$folder/$name does something, and neither hides nor spreads a mistake', ({ sql }) => {
    expect(statementsOf(sql)).not.toEqual([])
    expect(sql).not.toMatch(/^[^-]*\b(?:IF\s+EXISTS|CASCADE|TRUNCATE)\b/im)
  })

  test.each(files)('$folder/$name has no float, no time without a zone, no extension, no secret', ({ sql }) => {
    const code = sql.replaceAll(/--.*$/gm, '')
    expect(code).not.toMatch(/\b(?:real|float\d*|double\s+precision)\b/i)
    expect(code).not.toMatch(/\btimestamp\b(?!tz)/i)
    expect(code).not.toMatch(/\bEXTENSION\b/i)
    expect(findSecrets(sql)).toEqual([])
  })

  test('seeds add nothing twice, and their downs delete row by row', () => {
    const seeds = files.filter(({ folder }) => folder.endsWith('seeds'))
    for (const { name, sql } of seeds) {
      const allowed = name.endsWith('.up.sql') ? /^INSERT INTO / : /^DELETE FROM \S+ WHERE /
      for (const statement of statementsOf(sql)) expect(statement).toMatch(allowed)
      const inserts = sql.match(/^INSERT INTO/gm)?.length ?? 0
      expect(sql.match(/^ON CONFLICT .*DO NOTHING;$|^ON CONFLICT DO NOTHING;$/gm)?.length ?? 0).toBe(inserts)
    }
  })
})
