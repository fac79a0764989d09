// Generates the JSON Schema of the config file and the table of its keys from their description.
import { fileShape } from './keys.js'

/** JSON Schema (draft 2020-12) as the text of schema/migration-gate.schema.json. */
export function renderSchema(rules: readonly string[]): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'migration-gate.yml',
    description: 'Settings that differ from the defaults in a repository with PostgreSQL migrations.',
    ...fileShape(rules).schema,
  }
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

/** The table of keys as Markdown. */
export function renderKeyTable(): string {
  const rows = fileShape([])
    .rows('')
    .map(({ key, values, usual, about }) => `| \`${key}\` | ${values} | ${usual} | ${about} |`)
  return ['| key | value | without it | what it is for |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
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
