// Writes docs/checks from the rules in build/ (run `npm run build` first).
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { RULES } from '../build/rules/index.js'
import { rulePages } from '../build/rules/page.js'

const folder = new URL('../docs/checks/', import.meta.url)
const pages = rulePages(RULES)
await mkdir(folder, { recursive: true })
for (const name of await readdir(folder)) {
  if (name.endsWith('.md') && !pages.has(name)) await rm(new URL(name, folder))
}
for (const [name, text] of pages) await writeFile(new URL(name, folder), text)
