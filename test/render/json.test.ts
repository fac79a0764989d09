import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { hideIn } from '../../src/report/redact.js'
import type { AnyReport } from '../../src/report/run-report.js'
import type { Report } from '../../src/report/check-report.js'
import { renderJson } from '../../src/render/json.js'
import { badChange, cleanChange, otherChanges } from './change-reports.js'
import { liveSamples } from './live-reports.js'
import {
  clean,
  database,
  environment,
  failure,
  filesOnly,
  hostile,
  HOSTILE,
  many,
  migration,
  mixed,
  oneFails,
  proof,
  report,
} from './reports.js'
import { everyImpact } from './impacts.js'

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
      ...('approval' in sample && { approval: JSON.parse(JSON.stringify(sample.approval)) as unknown }),
    })
  })

  test.each(Object.entries(HOSTILE))('follows its schema with hostile text: %s', (_name, text) => {
    const json = renderJson(hostile(text))
    expect(problems(json)).toEqual([])
    expect((JSON.parse(json) as Report).databases[0]?.name).toBe(text)
  })

  test.each(Object.entries(samples))('holds everything that the run learned: %s', (_name, sample) => {
    expect(JSON.parse(renderJson(sample))).toEqual(JSON.parse(JSON.stringify(sample)))
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
    const restored = migration('00001_f', { proof: proof({ down: 'function-layout' }) })
    const rewritten = migration('00002_g', { touched: 'rewritten', proof: undefined })
    const repair = { kind: 'append', sql: 'SELECT 1;', loses: [], onRows: 'not tried' } as const
    const repaired = migration('00003_h', { proof: proof({ repair }) })
    const partly = migration('00005_j', { proof: proof({ repair: { ...repair, onRows: 'fails on some' } }) })
    const watched = migration('00004_i', { impact: everyImpact })
    const rarer = report({ databases: [database('core_db', [restored, rewritten, repaired, watched, partly])] })
    ;[...Object.values(samples), local, rarer].forEach((one) => collect(JSON.parse(renderJson(one))))
    const missing: unknown[] = []
    walk(schema, ({ enum: words }) => {
      if (Array.isArray(words)) missing.push(...(words as readonly unknown[]).filter((word) => !written.has(word)))
    })
    expect(missing).toEqual([])
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
