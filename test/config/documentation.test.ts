// What is generated from the list of keys is fresh, and the schema judges as the reader does.
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { RULES } from '../../src/rules/index.js'
import { renderKeyTable, renderSchema, replaceSection } from '../../src/config/documentation.js'
import { parseConfig } from '../../src/config/parse.js'
import { renderInputTable, renderOptionTable, renderOutputTable } from '../../src/entry/action/manifest.js'

const IDS = RULES.map(({ id }) => id)
const committed = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
/** Without what a formatter may do to tables. */
const plain = (text: string): string => text.replaceAll(/-{3,}/g, '---').replaceAll(/\s+/g, ' ')

test('the schema is fresh (scripts/docs-options.mjs writes it)', () => {
  expect(JSON.parse(committed('schema/migration-gate.schema.json'))).toEqual(JSON.parse(renderSchema(IDS)))
})

test.each([
  ['keys', renderKeyTable()],
  ['options', renderOptionTable()],
  ['outputs', renderOutputTable()],
])('the table of %s in the documentation is fresh (scripts/docs-options.mjs writes it)', (name, table) => {
  const page = committed('docs/configuration.md')
  expect(plain(page)).toBe(plain(replaceSection(page, name, table)))
})

test.each([
  ['inputs', renderInputTable()],
  ['outputs', renderOutputTable()],
])('the table of %s in the README is fresh', (name, table) => {
  const page = committed('README.md')
  expect(plain(page)).toBe(plain(replaceSection(page, name, table)))
})

test('the example of the documentation is valid', () => {
  const example = /```yaml\n(databases:.*?)```/s.exec(committed('docs/configuration.md'))?.[1] ?? ''
  expect(parseConfig({ file: 'x', text: example, rules: IDS }).problems).toEqual([])
})

describe('schema and reader agree', () => {
  const accepts = new Ajv2020({ strict: false, formats: { regex: true } }).compile(JSON.parse(renderSchema(IDS)))

  test.each([
    ['databases: { a: { layout: goose, session: shared, setup: [x.sql] } }', true],
    ['databases: { a: { layuot: goose } }', false],
    ['databases: { a: { dsn: "postgres://x" } }', false],
    ['databases: { a: { setup: x.sql } }', false],
    ['checks: { unpaired: off }', true],
    ['checks: { unpaired: eror }', false],
    ['checks: { nope: off }', false],
    ['max-file-size: 500 kB', true],
    ['max-file-size: 500', true],
    ['max-file-size: lots', false],
    ['proof: { unit: chain, scope: all }', true],
    ['ignore: [a/b]', true],
  ])('%s', (text, valid) => {
    expect(accepts(parse(text))).toBe(valid)
    expect(parseConfig({ file: 'x', text, rules: IDS }).problems.length === 0).toBe(valid)
  })
})
