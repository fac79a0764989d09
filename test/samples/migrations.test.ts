// The sample migrations keep what this repository asks of others.
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { splitStatements } from '../../src/sql/statements.js'
import { findSecrets } from '../../src/sql/secrets.js'

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
  const seeds = readdirSync(`${ROOT}${database}/seeds`)
  const files = sqlIn(database).map((name) => ({ folder: database, name, sql: read(database, name) }))
  const downs = files.filter(({ name }) => name.endsWith('.down.sql'))

  test.each(files)('$folder/$name is well named', ({ name }) => {
    expect(name).toMatch(NAME)
  })

  test('versions of the schema follow each other without a hole, seeds begin at 00010', () => {
    const versionsOf = (names: readonly string[]): readonly string[] =>
      [...new Set(names.map((name) => name.slice(0, 5)))].sort()
    expect(versionsOf(sqlIn(database))).toEqual(Array.from({ length: count }, (_, i) => String(i + 1).padStart(5, '0')))
    expect(versionsOf(seeds)[0]).toBe('00010')
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

  test.each(seeds)('seeds/%s is a module that adds nothing twice, and deletes row by row', (name) => {
    expect(name).toMatch(/^[0-9]{5}_seed_[a-z_]+\.mjs$/)
    const text = read(`${database}/seeds`, name)
    expect(text).toMatch(/^export async function up\(/m)
    expect(text).toMatch(/^export async function down\(/m)
    for (const deletion of text.match(/DELETE FROM [^'"`]*/g) ?? []) expect(deletion).toContain(' WHERE ')
    expect(text).toMatch(/ON CONFLICT|is there already/)
    expect(text).not.toMatch(/\b(?:TRUNCATE|CASCADE)\b|parseFloat|Number\(|\$2[aby]\$/)
    // Amounts are text: no number in the code has a point.
    expect(text.replaceAll(/'[^']*'|`[^`]*`|"[^"]*"|\/\/.*/g, '')).not.toMatch(/\d\.\d/)
  })
})
