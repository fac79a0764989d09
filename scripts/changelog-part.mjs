// Prints the section of CHANGELOG.md about one version: node scripts/changelog-part.mjs 1.2.3
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [version = ''] = process.argv.slice(2)
const text = readFileSync(fileURLToPath(new URL('../CHANGELOG.md', import.meta.url)), 'utf8')
const parts = text.split(/^## /m).slice(1)
const part = parts.find(
  (one) => one.startsWith(`${version} `) || one.startsWith(`${version}\n`) || one.startsWith(`[${version}]`),
)
const body = part?.slice(part.indexOf('\n') + 1).trim() ?? ''
if (version === '' || body === '') {
  console.error(`CHANGELOG.md has no section about version ${version || '(none given)'}`)
  process.exitCode = 1
} else console.log(body)
