// A jest reporter that lists the slowest files of a run, and adds its counts to the file TEST_COUNTS, so that sum-counts.mjs
// can add up several runs.
import { appendFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')

/**
 * One line of JSON per run: passed, failed, skipped, the full names of the skipped tests, and the seconds of each file
 * from its first line to its last test.
 */
export function count({ testResults }) {
  const tests = testResults.flatMap((file) => file.testResults)
  const of = (...statuses) => tests.filter((test) => statuses.includes(test.status))
  // A file that cannot be loaded has no tests, and must still count as a failure.
  const broken = testResults.filter((file) => file.testExecError != null && file.testResults.length === 0)
  const skipped = of('pending', 'skipped', 'todo', 'disabled')
  return {
    passed: of('passed').length,
    failed: of('failed').length + broken.length,
    skipped: skipped.length,
    names: skipped.map((test) => test.fullName),
    files: testResults.flatMap(({ testFilePath, perfStats }) =>
      perfStats === undefined
        ? []
        : [{ file: path.relative(ROOT, testFilePath), seconds: Math.round(perfStats.runtime / 100) / 10 }],
    ),
  }
}

const SHOWN = 10

/** The lines that name the slowest of `files`; none where there is nothing to compare. */
export function slowest(files) {
  if (files.length < 2) return []
  const first = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN)
  return ['slowest files:', ...first.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${file}`)]
}

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const counted = count(results)
    const lines = slowest(counted.files)
    if (lines.length > 0) console.error(`\n${lines.join('\n')}`)
    const file = process.env['TEST_COUNTS']
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(counted)}\n`)
  }
}
