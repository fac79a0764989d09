// The JSON Schema of the reports and the tables of their fields, from the one description of them.
import { jsonSchema, type Definitions } from '../schema/json-schema.js'
import { valuesOf, type Field, type Form } from '../schema/shape.js'
import { checkReport } from './check-shape.js'
import { liveReport } from './run-shape.js'

const REPORTS: readonly Form[] = [checkReport, liveReport]

/** JSON Schema (draft 2020-12) of any report, as the text of schema/report.schema.json. */
export function renderReportSchema(reports: readonly Form[] = REPORTS): string {
  const definitions: Definitions = new Map()
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Report of pg-migration-gate',
    description: 'Everything that a run learned. Keys that do not apply are absent.',
    oneOf: reports.map((one) => jsonSchema(one, definitions)),
    $defs: Object.fromEntries(definitions),
  }
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

/** A part with a table for every object that has a title, as Markdown; an object comes after the one that names it first. */
export function renderReportTables(reports: readonly Form[] = REPORTS): string {
  const found = new Map<string, Form>()
  reports.forEach((one) => collect(one, found))
  return [...found].map(([title, form]) => part(title, form)).join('\n')
}

/** Every object with a title, once. */
function collect(form: Form, found: Map<string, Form>): void {
  if (form.form === 'object' || form.form === 'either') {
    if (form.title !== undefined && found.has(form.title)) return
    if (form.title !== undefined) found.set(form.title, form)
  }
  for (const one of below(form)) collect(one, found)
}

function below(form: Form): readonly Form[] {
  if (form.form === 'object') return Object.values(form.fields).map(({ shape }) => shape)
  if (form.form === 'either') return Object.values(form.of)
  if (form.form === 'list') return [form.item]
  return form.form === 'record' ? [form.value] : []
}

function part(title: string, form: Form): string {
  const about = 'about' in form ? form.about : undefined
  const tables =
    form.form === 'either'
      ? Object.entries(form.of).map(([word, one]) => `With \`${form.by}\` \`${word}\`:\n\n${table(one)}`)
      : [table(form)]
  return [`### ${title}`, ...(about === undefined ? [] : [about]), ...tables, ''].join('\n\n')
}

const table = (form: Form): string =>
  ['| field | value | always | meaning |', '| --- | --- | --- | --- |', ...rowsOf(form, '').map(row)].join('\n')

type Row = { readonly path: string; readonly field: Field }

const row = ({ path, field: { shape, optional, about } }: Row): string =>
  `| \`${path}\` | ${valueOf(shape)} | ${optional ? '' : 'yes'} | ${about} |`

/** The fields of an object, and those of objects without a title below it (`edit.file`, `ignored[].path`). */
function rowsOf(form: Form, prefix: string): readonly Row[] {
  if (form.form !== 'object') return []
  return Object.entries(form.fields).flatMap(([name, field]) => {
    const { shape } = field
    const path = `${prefix}${name}`
    const item = shape.form === 'list' ? shape.item : shape
    const untitled = item.form === 'object' && item.title === undefined
    const inner = untitled ? rowsOf(item, `${path}${shape.form === 'list' ? '[]' : ''}.`) : []
    return [{ path, field }, ...inner]
  })
}

function valueOf(form: Form): string {
  if (form.form === 'list') return `list of ${valueOf(form.item)}`
  if (form.form !== 'object' && form.form !== 'either') return valuesOf(form)
  return form.title === undefined ? 'object' : `[${form.title}](#${form.title.toLowerCase()})`
}
