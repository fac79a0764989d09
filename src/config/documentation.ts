// Generates the JSON Schema of the config file and the table of its keys from their description.
import { jsonSchema } from '../schema/json-schema.js'
import { valuesOf, type Form } from '../schema/shape.js'
import { fileShape } from './keys.js'

/** JSON Schema (draft 2020-12) as the text of schema/migration-gate.schema.json. */
export function renderSchema(rules: readonly string[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'migration-gate.yml',
    description: 'Settings that differ from the defaults in a repository with PostgreSQL migrations.',
    ...jsonSchema(fileShape(rules), new Map()),
  }
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

/** The table of keys as Markdown. */
export function renderKeyTable(): string {
  const rows = keysOf(fileShape([]), '').map(
    ({ key, values, usual, about }) => `| \`${key}\` | ${values} | ${usual} | ${about} |`,
  )
  return ['| key | value | without it | what it is for |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

type KeyRow = { readonly key: string; readonly values: string; readonly usual: string; readonly about: string }

/** A row for every key below; none for a plain value. */
function keysOf(form: Form, prefix: string): readonly KeyRow[] {
  if (form.form === 'record') return keysOf(form.value, `${prefix}.<${form.name}>`)
  if (form.form !== 'object') return []
  return Object.entries(form.fields).flatMap(([name, { shape, about, usual = '' }]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`
    const below = keysOf(shape, key)
    return below.length > 0 ? below : [{ key, values: valuesOf(shape), usual, about }]
  })
}

/** A document with a new text between `<!-- name -->` and `<!-- /name -->`. */
export function replaceSection(document: string, name: string, section: string): string {
  const start = `<!-- ${name} -->\n`
  const end = `<!-- /${name} -->`
  const from = document.indexOf(start)
  const to = document.indexOf(end)
  if (from < 0 || to < from) throw new Error(`the document has no section ${name}`)
  return `${document.slice(0, from + start.length)}\n${section}\n${document.slice(to)}`
}
