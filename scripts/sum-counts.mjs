// Adds up the runs that count-reporter.mjs recorded. The steps given after the file failed outside of any test.
import { readFileSync } from 'node:fs'
import { slowest } from './count-reporter.mjs'

const [file, ...steps] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node scripts/sum-counts.mjs FILE [FAILED-STEP...]')
  process.exit(2)
}
const runs = readFileSync(file, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line))
const sum = (key) => runs.reduce((total, run) => total + run[key], 0)
const slow = slowest(runs.flatMap((run) => run.files))
if (slow.length > 0) console.log(slow.join('\n'))
const names = runs.flatMap((run) => run.names)
if (names.length > 0) console.log(`skipped:\n  ${names.join('\n  ')}`)
if (steps.length > 0) console.log(`failed outside of the tests:\n  ${steps.join('\n  ')}`)
const failed = sum('failed') + steps.length
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`)
// A run without tests is not a success.
process.exitCode = failed > 0 || sum('passed') === 0 ? 1 : 0
