// A report is described once: JSON, reader, JSON Schema and documentation come from the description, and the types agree with it.
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { replaceSection } from '../../src/config/documentation.js'
import type { LineEdit, Report } from '../../src/report/check-report.js'
import { checkReport } from '../../src/report/check-shape.js'
import { name, prose } from '../../src/report/common-shapes.js'
import { renderReportSchema, renderReportTables } from '../../src/report/documentation.js'
import { hideIn } from '../../src/report/redact.js'
import { readReport } from '../../src/report/read.js'
import type { AnyReport, LiveReport } from '../../src/report/run-report.js'
import { liveReport } from '../../src/report/run-shape.js'
import { renderJson } from '../../src/render/json.js'
import { mapTexts } from '../../src/schema/map-texts.js'
import { Misfit, readJson } from '../../src/schema/read-json.js'
import { choice, field, integer, maybe, object, type Shape } from '../../src/schema/shape.js'
import { badChange } from '../render/change-reports.js'
import { halfWay, planned, restored, statusOfAll, rolledBack } from '../render/live-reports.js'
import { clean, mixed } from '../render/reports.js'

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
/** Without what a formatter may do to tables. */
const plain = (text: string): string => text.replaceAll(/-{3,}/g, '---').replaceAll(/\s+/g, ' ')

const validator = (schema: string) => {
  const ajv = new Ajv2020({ strict: true })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(schema) as object)
}

describe('what is generated is fresh (npm run docs writes it)', () => {
  test('schema/report.schema.json', () => {
    expect(JSON.parse(committed('schema/report.schema.json'))).toEqual(JSON.parse(renderReportSchema()))
  })

  test('the tables of docs/report.md', () => {
    const page = committed('docs/report.md')
    expect(plain(page)).toBe(plain(replaceSection(page, 'report', renderReportTables())))
  })
})

describe('a field that is added to the description', () => {
  type Longer = Report & { readonly mood?: string }
  const fields = { ...checkReport.fields, mood: maybe(prose, 'How the run feels.') }
  const longer: Shape<Longer> = { ...checkReport, fields }
  const report: Longer = { ...clean(), mood: 'good' }

  test('is written', () => {
    expect(JSON.stringify(mapTexts(longer, report, (text) => text))).toContain('"mood":"good"')
    expect(JSON.stringify(mapTexts(checkReport, report, (text) => text))).not.toContain('mood')
  })

  test('is read', () => {
    const written: unknown = JSON.parse(JSON.stringify(report))
    expect(readJson(longer, written, 'report').mood).toBe('good')
    expect(() => readJson(longer, { ...clean(), mood: 1 }, 'report')).toThrow('report.mood')
    expect(() => readJson(checkReport, written, 'report')).toThrow('report.mood')
  })

  test('is in the JSON Schema', () => {
    expect(validator(renderReportSchema([longer]))(report)).toBe(true)
    expect(validator(renderReportSchema())(report)).toBe(false)
  })

  test('is in the documentation', () => {
    expect(renderReportTables([longer])).toContain('| `mood` | text |  | How the run feels. |')
  })

  test('has its secrets taken out', () => {
    const secret = mapTexts(longer, { ...report, mood: 'bad' }, (text, source) => (source === 'open' ? '***' : text))
    expect(secret.mood).toBe('***')
  })
})

// `tsc` judges these: each marked line has to be an error, and is one more if it is not.
describe('the compiler refuses', () => {
  type OneLine = Omit<LineEdit, 'from'>
  const file = field(name, 'The file.')
  const line = field(integer(1), 'The line.')
  const text = field(prose, 'The text.')

  test('a description that is not exactly the type', () => {
    expect(object<OneLine>({ file, line, text }).form).toBe('object')
    // @ts-expect-error the type has one field more
    object<OneLine>({ file, line })
    // @ts-expect-error the type has no such field
    object<OneLine>({ file, line, text, mood: text })
    // @ts-expect-error the field is always there
    object<OneLine>({ file, line, text: maybe(prose, 'The text.') })
    // @ts-expect-error the field may be absent
    object<Partial<OneLine>>({ file, line, text })
    // @ts-expect-error the field holds something else
    object<OneLine>({ file, line, text: line })
  })

  test('a choice that has not exactly the words of the type', () => {
    const right: Shape<'a' | 'b'> = choice('word', ['a', 'b'])
    // @ts-expect-error a word of the type is missing
    const less: Shape<'a' | 'b'> = choice('word', ['a'])
    // @ts-expect-error the type has no such word
    const more: Shape<'a' | 'b'> = choice('word', ['a', 'b', 'c'])
    expect([right, less, more]).toHaveLength(3)
  })

  test('a report with a field that no description has', () => {
    // @ts-expect-error the report has no such field
    const report: Report = { ...clean(), mood: 'good' }
    // @ts-expect-error neither has a part of it
    const edit: LineEdit = { file: 'a', line: 1, text: 'b', mood: 'good' }
    expect([report, edit]).toHaveLength(2)
  })
})

const checks: Readonly<Record<string, Report>> = { clean: clean(), mixed: mixed(), 'bad change': badChange() }
const runs: Readonly<Record<string, LiveReport>> = {
  planned: planned(),
  'half way': halfWay(),
  'rolled back': rolledBack(),
  restored: restored(),
  status: statusOfAll(),
}
const all: Readonly<Record<string, AnyReport>> = { ...checks, ...runs }

describe('the reader', () => {
  const accepts = validator(renderReportSchema())
  const reads = (value: unknown): boolean => {
    const live = typeof value === 'object' && value !== null && 'targets' in value
    try {
      if (live) readJson(liveReport, value, 'report')
      else readJson(checkReport, value, 'report')
      return true
    } catch (error) {
      if (error instanceof Misfit) return false
      throw error
    }
  }

  test.each(Object.entries(checks))('gives back what was written: %s', (_name, report) => {
    expect(readReport(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  test.each(Object.entries(all))('judges as the schema does whatever is put in any place: %s', (_name, report) => {
    const json = renderJson(report)
    expect(reads(JSON.parse(json))).toBe(true)
    const disagreed = forgeries(JSON.parse(json)).filter(({ forged }) => reads(forged) !== accepts(forged))
    expect(disagreed.map(({ place }) => place)).toEqual([])
  })

  test.each(['constructor', '__proto__', 'toString'])('refuses a member %s', (key) => {
    expect(() => readReport(renderJson(clean()).replace('{', `{ "${key}": {},`))).toThrow(`report.${key}`)
  })
})

type Forgery = { readonly place: string; readonly forged: unknown }

/** Copies of a value, each with one thing wrong or odd in one place. Of a list only the first two items are forged. */
function forgeries(value: unknown): readonly Forgery[] {
  const wrong = [null, {}, [], 'x', -1, 1.5, 1, true]
  const here = wrong.map((forged) => ({ place: `: ${JSON.stringify(forged)}`, forged }))
  if (typeof value !== 'object' || value === null) return here
  if (Array.isArray(value)) {
    const items = value.slice(0, 2).flatMap((item, i) =>
      forgeries(item).map(({ place, forged }) => ({
        place: `[${i}]${place}`,
        forged: value.with(i, forged) as unknown,
      })),
    )
    return [...here, ...items]
  }
  const members = Object.entries(value)
  const without = members.map(([key]) => ({
    place: `.${key} is missing`,
    forged: Object.fromEntries(members.filter(([other]) => other !== key)),
  }))
  const inside = members.flatMap(([key, member]) =>
    forgeries(member).map(({ place, forged }) => ({ place: `.${key}${place}`, forged: { ...value, [key]: forged } })),
  )
  return [...here, ...without, { place: ': one more', forged: { ...value, more: 1 } }, ...inside]
}

describe('secrets', () => {
  const TOKEN = `ghp_${'a1'.repeat(20)}`

  test.each(Object.entries(all))('are masked in every free text: %s', (_name, report) => {
    const add = (text: string, source: string): string => (source === 'open' ? `${text} ${TOKEN}` : text)
    const withToken = 'targets' in report ? mapTexts(liveReport, report, add) : mapTexts(checkReport, report, add)
    expect(JSON.stringify(withToken)).toContain(TOKEN)
    const shown = renderJson(withToken)
    expect(shown).toContain('***')
    expect(shown).not.toContain(TOKEN)
  })

  test('take an edit of a line with them, which would be a wrong one without', () => {
    const [database] = mixed().databases
    const [migration] = database?.migrations ?? []
    if (database === undefined || migration?.proof === undefined) throw new Error('the sample has no proof')
    const reportWith = (text: string): Report => {
      const edit = { file: 'a.sql', line: 2, text }
      const repair = { kind: 'append', sql: text, loses: [], edit } as const
      const proved = { ...migration, proof: { ...migration.proof, repair } } as typeof migration
      return { ...mixed(), databases: [{ ...database, migrations: [proved] }] }
    }
    expect(renderJson(reportWith('DROP TABLE a;'))).toContain('"edit"')
    const shown = renderJson(reportWith(`SELECT '${TOKEN}';`))
    expect(shown).toContain(`"sql": "SELECT '***';"`)
    expect(shown).not.toContain('"edit"')
  })

  test('that the run knows are taken out of everything but words, checksums and the plan', () => {
    const hidden = hideIn(planned(), () => '***')
    expect(hidden.approval).toEqual(JSON.parse(JSON.stringify(planned().approval)))
    expect(hidden.targets[0]).toMatchObject({
      name: '***',
      layout: 'pairs',
      steps: planned().targets[0]?.steps.map(() => ({ id: '***', outcome: 'planned' })),
    })
    expect(hidden).toMatchObject({ started: planned().started, verdict: 'pass' })
  })
})
