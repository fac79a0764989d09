// Reports that are forged in other ways than the one of test/entry/pull-request.test.ts: the second job comments nowhere else.
import { test } from '@jest/globals'
import type { Report } from '../../src/report/check-report.js'
import { actionOnPulls } from '../support/action-on-pulls.js'

const on = actionOnPulls()

test.each<[string, (report: Report) => object | string, RegExp, number]>([
  [
    'about another commit',
    (report) => ({ ...report, change: { ...report.change, head: 'a'.repeat(40) } }),
    /the report is about aaaaaaa, not about/,
    0,
  ],
  ['no JSON', () => 'x', /not a report of a check: it is not JSON/, 2],
  [
    'another shape',
    (report) => ({ ...report, databases: [{ name: 1 }] }),
    /not a report of a check: report.databases\[0\]/,
    2,
  ],
  ['a member more', (report) => ({ ...report, body: '@everybody' }), /report\.body/, 2],
])('a forged report %s', async (_, forge, said, code) => {
  await on.expectForgedHarmless(forge, said, code)
})
