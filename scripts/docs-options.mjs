// Writes action.yml, the JSON Schemas of the config file and of reports, and the tables of docs/configuration.md, docs/report.md and
// README.md (run `npm run build` first).
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { RULES } from '../build/rules/index.js'
import { renderKeyTable, renderSchema, replaceSection } from '../build/config/documentation.js'
import { renderReportSchema, renderReportTables } from '../build/report/documentation.js'
import {
  renderInputTable,
  renderManifest,
  renderOptionTable,
  renderOutputTable,
} from '../build/entry/action/manifest.js'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const page = 'docs/configuration.md'
const sections = { keys: renderKeyTable(), options: renderOptionTable(), outputs: renderOutputTable() }
const filled = async (name, tables) =>
  Object.entries(tables).reduce(
    (text, [part, table]) => replaceSection(text, part, table),
    await readFile(at(name), 'utf8'),
  )
const texts = {
  'action.yml': renderManifest(),
  'schema/migration-gate.schema.json': renderSchema(RULES.map(({ id }) => id)),
  'schema/report.schema.json': renderReportSchema(),
  [page]: await filled(page, sections),
  'docs/report.md': await filled('docs/report.md', { report: renderReportTables() }),
  'README.md': await filled('README.md', { inputs: renderInputTable(), outputs: renderOutputTable() }),
}
for (const [path, text] of Object.entries(texts)) {
  await writeFile(at(path), text)
}
