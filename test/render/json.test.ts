import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { hideIn } from '../../src/report/mask.js'
import type { Difference } from '../../src/catalog/difference.js'
import type { Level } from '../../src/model/finding.js'
import type { AnyReport, LiveReport, StepOutcome, Stopped } from '../../src/report/run-report.js'
import type {
  AgainWord,
  ChainReport,
  DatabaseReport,
  DownWord,
  Report,
  ServerReport,
  UpWord,
} from '../../src/report/check-report.js'
import { KEYS, renderJson } from '../../src/render/json.js'
import { badChange, cleanChange, otherChanges } from './change-reports.js'
import { liveSamples } from './live-reports.js'
import { clean, environment, failure, filesOnly, hostile, HOSTILE, many, mixed, oneFails } from './reports.js'

type Schema = { readonly [key: string]: unknown }
const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as Schema
const ajv = new Ajv2020({ strict: true, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)
const problems = (json: string): unknown => (validate(JSON.parse(json)) ? [] : validate.errors)

const samples: Readonly<Record<string, AnyReport>> = {
  ...liveSamples,
  clean: clean(),
  'one fails': oneFails(),
  mixed: mixed(),
  many: many(30),
  environment: environment(),
  'files only': filesOnly(),
  'clean change': cleanChange(),
  'bad change': badChange(),
  ...Object.fromEntries(otherChanges().map((one) => [one.change?.event ?? '', one])),
}

/** Every object with properties, and every enum, anywhere in the schema. */
function walk(node: unknown, visit: (node: Schema) => void): void {
  if (typeof node !== 'object' || node === null) return
  visit(node as Schema)
  for (const child of Object.values(node)) walk(child, visit)
}

describe('the JSON report', () => {
  for (const [name, sample] of Object.entries(samples)) {
    test(`follows its schema: ${name}`, () => expect(problems(renderJson(sample))).toEqual([]))
  }

  test.each(Object.entries(samples))('follows its schema where passwords are words of it: %s', (_name, sample) => {
    const words = new Set<unknown>()
    walk(schema, (node) => [node['enum'] ?? [], node['const'] ?? []].flat().forEach((word) => words.add(word)))
    const hidden = hideIn(sample, (text) => (words.has(text) ? '***' : text))
    expect(problems(renderJson(hidden))).toEqual([])
    expect(hidden).toMatchObject({
      verdict: sample.verdict,
      ...('approval' in sample && { approval: sample.approval }),
    })
  })

  test.each(Object.entries(HOSTILE))('follows its schema with hostile text: %s', (_name, text) => {
    const json = renderJson(hostile(text))
    expect(problems(json)).toEqual([])
    expect((JSON.parse(json) as Report).databases[0]?.name).toBe(text)
  })

  test('what is read back is the report', () => {
    const undefinedLess = JSON.parse(JSON.stringify(mixed())) as Report
    expect(JSON.parse(renderJson(mixed()))).toEqual(undefinedLess)
  })

  test('the order of names does not depend on the order in which the report was built', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, reversed(inner)]),
            )
          : value
    expect(renderJson(reversed(mixed()) as Report)).toBe(renderJson(mixed()))
  })

  test('starts with the version of its shape and ends with a line feed', () => {
    expect(renderJson(clean())).toMatch(/^\{\n {2}"schema": 1,\n/)
    expect(renderJson(clean())).toMatch(/\}\n$/)
  })

  test('holds no password of a script that failed', () => {
    const secret = failure({ line: "CREATE ROLE a PASSWORD 'hunter2hunter2';", message: 'syntax error' })
    const sample = oneFails()
    const [first] = sample.databases
    const failed = first?.migrations.map((m) => ({ ...m, proof: m.proof && { ...m.proof, failure: secret } })) ?? []
    const databases = sample.databases.map((d, i) => (i === 0 ? { ...d, migrations: failed } : d))
    expect(renderJson({ ...sample, databases })).not.toContain('hunter2')
  })
})

describe('the schema', () => {
  test('names exactly the keys that are written', () => {
    const names = new Set<string>()
    walk(schema, ({ properties }) => {
      if (typeof properties === 'object' && properties !== null)
        for (const key of Object.keys(properties)) names.add(key)
    })
    names.delete('properties')
    expect([...names].sort()).toEqual([...new Set(KEYS)].sort())
    expect(KEYS).toHaveLength(new Set(KEYS).size)
  })

  test('allows no key that it does not name', () => {
    walk(schema, (node) => {
      if (node['type'] === 'object') expect(node['additionalProperties']).toBe(false)
    })
    expect(problems(JSON.stringify({ ...clean(), extra: 1 }))).not.toEqual([])
  })

  test('every word is in some sample', () => {
    const written = new Set<unknown>()
    const collect = (node: unknown): void => {
      if (typeof node === 'object' && node !== null) Object.values(node).forEach(collect)
      else written.add(node)
    }
    const local = { ...clean(), server: { version: '16.4', major: 16, source: 'local' } } satisfies Report
    ;[...Object.values(samples), local].forEach((one) => collect(JSON.parse(renderJson(one))))
    const missing: unknown[] = []
    walk(schema, ({ enum: words }) => {
      if (Array.isArray(words)) missing.push(...(words as readonly unknown[]).filter((word) => !written.has(word)))
    })
    expect(missing).toEqual([])
  })

  // A word that is new in a type does not compile here until it is listed, and then the schema must have it.
  const words = {
    outcome: {
      planned: 1,
      applied: 1,
      undone: 1,
      recorded: 1,
      failed: 1,
      'not started': 1,
      unknown: 1,
    } satisfies Record<StepOutcome, 1>,
    up: { ok: 1, failed: 1, 'not run': 1 } satisfies Record<UpWord, 1>,
    down: {
      same: 1,
      'column-order': 1,
      differs: 1,
      failed: 1,
      missing: 1,
      empty: 1,
      irreversible: 1,
      'not run': 1,
    } satisfies Record<DownWord, 1>,
    again: { same: 1, 'column-order': 1, differs: 1, failed: 1, skipped: 1 } satisfies Record<AgainWord, 1>,
    upToDate: { 'nothing to do': 1, 'runs again': 1, 'not run': 1 } satisfies Record<ChainReport['upToDate'], 1>,
    unit: { each: 1, range: 1, chain: 1 } satisfies Record<DatabaseReport['unit'], 1>,
    level: { error: 1, warning: 1, note: 1 } satisfies Record<Level, 1>,
    source: { given: 1, local: 1, package: 1 } satisfies Record<ServerReport['source'], 1>,
    change: { 'left behind': 1, lost: 1, changed: 1 } satisfies Record<Difference['change'], 1>,
    class: { real: 1, 'column-order': 1 } satisfies Record<Difference['class'], 1>,
  }
  test.each(Object.entries(words))('has every word of %s', (key, expected) => {
    let seen = 0
    walk(schema, ({ properties }) => {
      const found = (properties as Readonly<Record<string, Schema>> | undefined)?.[key]?.['enum']
      if (!Array.isArray(found)) return
      seen++
      expect([...(found as readonly string[])].sort()).toEqual(Object.keys(expected).sort())
    })
    expect(seen).toBeGreaterThan(0)
  })

  const definition = (name: string): Readonly<Record<string, Schema>> =>
    (schema['$defs'] as Readonly<Record<string, Schema>>)[name]?.['properties'] as Readonly<Record<string, Schema>>
  test.each([
    ['checkReport', { pass: 1, fail: 1, environment: 1 } satisfies Record<Report['verdict'], 1>],
    [
      'liveReport',
      { pass: 1, fail: 1, environment: 1, unfinished: 1, cancelled: 1 } satisfies Record<LiveReport['verdict'], 1>,
    ],
  ])('has every verdict of %s', (name, expected) => {
    const words = definition(name)['verdict']?.['enum'] as readonly string[]
    expect([...words].sort()).toEqual(Object.keys(expected).sort())
  })

  test('has every reason for which a target is stopped', () => {
    const kinds = { refused: 1, environment: 1, 'not started': 1 } satisfies Record<Stopped['kind'], 1>
    const stopped = definition('target')['stopped']?.['properties'] as Readonly<Record<string, Schema>>
    expect([...(stopped['kind']?.['enum'] as readonly string[])].sort()).toEqual(Object.keys(kinds).sort())
  })

  test.each([
    ['verdict', 'passed'],
    ['started', 'yesterday'],
    ['exitCode', 7],
    ['schema', 2],
  ])('refuses a wrong %s', (key, value) => {
    expect(problems(JSON.stringify({ ...clean(), [key]: value }))).not.toEqual([])
  })
})
