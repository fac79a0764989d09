// npm run expected: writes examples/broken/expected.json from a real check of the examples, and shows what changed.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const BROKEN = 'examples/broken'

/** One line for each finding, in the order of file, line and rule. */
export function expectedText(findings) {
  const rows = findings
    .map(({ database, migration, place, rule, level }) => ({
      database,
      migration: migration ?? null,
      file: place?.file ?? '',
      rule,
      level,
      line: place?.line ?? 0,
    }))
    .toSorted(
      (a, b) => Buffer.compare(Buffer.from(a.file), Buffer.from(b.file)) || a.line - b.line || compare(a.rule, b.rule),
    )
  const line = (row) =>
    `  {${Object.entries(row)
      .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`)
      .join(', ')}}`
  return `[\n${rows.map(line).join(',\n')}\n]\n`
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** The lines that only one of two lists has, `-` for the old one and `+` for the new one. */
export function changedLines(before, after) {
  const lines = (text) => text.split('\n').map((line) => line.replace(/,$/, ''))
  const [old, now] = [lines(before), lines(after)]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ].toSorted((a, b) => compare(a.slice(1), b.slice(1)))
}

async function findingsOfExamples() {
  const folder = await mkdtemp(path.join(tmpdir(), 'gate-expected-'))
  try {
    const report = path.join(folder, 'report.json')
    const words = ['check', BROKEN, '--config', `${BROKEN}/migration-gate.yml`, '--quiet', '--output', `json=${report}`]
    const ended = spawnSync(process.execPath, ['build/entry/cli.js', ...words], { cwd: ROOT, encoding: 'utf8' })
    if (ended.status !== 1) throw new Error(`the check of ${BROKEN} ended with ${ended.status}: ${ended.stderr}`)
    return JSON.parse(await readFile(report, 'utf8')).findings
  } finally {
    await rm(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = path.join(ROOT, BROKEN, 'expected.json')
  const before = await readFile(file, 'utf8')
  const after = expectedText(await findingsOfExamples())
  await writeFile(file, after)
  const changed = changedLines(before, after)
  console.log(changed.length === 0 ? 'expected.json is as it was.' : changed.join('\n'))
}
