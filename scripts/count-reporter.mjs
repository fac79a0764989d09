// A jest reporter that adds the counts of one run to the file TEST_COUNTS, so that sum-counts.mjs can add up several runs.
import { appendFileSync } from 'node:fs'

/** One line of JSON per run: passed, failed, skipped, and the full names of the skipped tests. */
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
  }
}

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const file = process.env['TEST_COUNTS']
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(count(results))}\n`)
  }
}
