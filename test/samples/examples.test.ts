// The sample and example folders are read as what they are, and the broken ones have the findings of their list.
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { check } from '../../src/commands/check/check.js'
import { CHANGE_RULES, FILE_RULES, IMPACT_RULES, RULES, WAIVER_RULES } from '../../src/rules/index.js'
import { compareBytes } from '../../src/model/version.js'
import type { Report } from '../../src/report/check-report.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { NOTHING } from '../support/nothing.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BROKEN = 'examples/broken'

const readFiles = (path: string, config?: string): Promise<Report> =>
  check(
    {
      command: 'check',
      paths: [path],
      config,
      databases: [],
      server: undefined,
      postgres: undefined,
      disposableServer: false,
      proof: 'none',
      unit: undefined,
      failOn: 'warning',
      against: { event: 'nothing' },
      scope: 'changed',
      updateDebt: false,
      impact: 'measured',
      fix: false,
    },
    { ...NOTHING, files: createFiles(ROOT) },
  )

test.each([
  ['migrations', 'pairs', 4],
  ['examples/goose', 'goose', 2],
  ['examples/sql-migrate', 'sql-migrate', 2],
  ['examples/dbmate', 'dbmate', 2],
  ['examples/directories', 'directories', 2],
] as const)('%s: %s, without a finding', async (path, layout, databases) => {
  const report = await readFiles(path)
  expect(report.findings).toEqual([])
  expect(report.verdict).toBe('pass')
  expect(report.databases.map((database) => database.layout)).toEqual(Array.from({ length: databases }, () => layout))
  for (const { migrations } of report.databases) expect(migrations.length).toBeGreaterThan(0)
})

type Expected = {
  readonly database: string
  readonly migration: string | null
  readonly file: string
  readonly rule: string
  readonly level: string
  readonly line: number
}
const expected = JSON.parse(readFileSync(`${ROOT}${BROKEN}/expected.json`, 'utf8')) as readonly Expected[]
const key = ({ file, line, rule, level }: Pick<Expected, 'file' | 'line' | 'rule' | 'level'>): string =>
  `${file}:${String(line)} ${level} ${rule}`

describe('examples/broken', () => {
  test('the list is in order, says nothing twice, and names lines that are there', () => {
    const keys = expected.map(key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(expected.map(({ file }) => file)).toEqual(expected.map(({ file }) => file).toSorted(compareBytes))
    for (const { database, file, line } of expected) {
      expect(file.startsWith(`${BROKEN}/${database}/`)).toBe(true)
      const entry = readdirSync(`${ROOT}${BROKEN}`, { recursive: true, encoding: 'utf8' })
      expect(entry).toContain(file.slice(BROKEN.length + 1))
      expect(line).toBeGreaterThan(0)
    }
  })

  test('every rule is shown', () => {
    // Up on an up-to-date database: reported as seed-idempotent, where the seed is.
    // Rules about a change need something to compare with: test/app/change.test.ts; about waivers: waivers.test.ts. What a change
    // does to a database in use is shown in the samples of the rules.
    const shown = new Set([
      ...expected.map(({ rule }) => rule),
      'up-to-date',
      ...[...IMPACT_RULES, ...CHANGE_RULES, ...WAIVER_RULES].map(({ id }) => id),
    ])
    expect(RULES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
  })

  test('each file in each folder shows its own kind: most names say which', () => {
    const databases = readdirSync(`${ROOT}${BROKEN}`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect([...new Set(expected.map(({ database }) => database))].sort()).toEqual(
      databases.map(({ name }) => name).sort(),
    )
  })

  test('the bytes are what they are meant to be, whatever git or an editor did', () => {
    const bytes = (name: string): Buffer => readFileSync(`${ROOT}${BROKEN}/${name}`)
    expect([...bytes('files/00001_byte_order_mark.up.sql').subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect([...bytes('goose/00007_byte_order_mark.sql').subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(bytes('files/00002_not_utf_eight.up.sql').includes(0xfc)).toBe(true)
    expect(bytes('files/00003_nul_byte.up.sql').includes(0)).toBe(true)
    expect(bytes('files/00004_mixed_line_ends.up.sql').toString().match(/\r?\n/g)).toEqual(['\n', '\n', '\r\n', '\n'])
    expect(bytes('downs/00008_down_is_an_empty_file.down.sql')).toHaveLength(0)
  })

  test('without a proof it says what the files alone show', async () => {
    const report = await readFiles(BROKEN, `${BROKEN}/migration-gate.yml`)
    const said = report.findings.map(({ place, rule, level }) =>
      key({ file: place?.file ?? '', line: place?.line ?? 0, rule, level }),
    )
    const files = new Set(FILE_RULES.map(({ id }) => id))
    expect(said).toEqual(expect.arrayContaining(expected.filter(({ rule }) => files.has(rule)).map(key)))
    for (const finding of report.findings) {
      expect(finding.place).toBeDefined()
      expect(finding.fix).not.toBe('')
    }
  })
})
