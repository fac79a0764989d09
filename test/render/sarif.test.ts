// SARIF as code scanning gets it, and as Microsoft's own validator judges it.
import { describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { RULES } from '../../src/rules/index.js'
import type { Report } from '../../src/report/check-report.js'
import { renderSarif } from '../../src/render/sarif.js'
import { makeFolder } from '../adapters/host/folder.js'
import { badChange, cleanChange } from './change-reports.js'
import { HOSTILE, clean, environment, finding, hostile, many, mixed, oneFails, report } from './reports.js'

type Result = {
  readonly ruleId: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[]
  readonly baselineState?: string
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[]
}
type Log = {
  readonly runs: readonly {
    readonly results: readonly Result[]
    readonly invocations: readonly {
      readonly toolExecutionNotifications?: readonly { readonly message: { readonly text: string } }[]
    }[]
  }[]
}
const runOf = (given: Report): Log['runs'][number] => {
  const [run] = (JSON.parse(renderSarif(given, RULES)) as Log).runs
  if (run === undefined) throw new Error('no run')
  return run
}

test('a result for each finding, at its place', () => {
  const [result, ...more] = runOf(oneFails()).results
  expect(more).toEqual([])
  expect(result).toMatchObject({
    ruleId: 'down-restores-schema',
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'migrations/rates_db/00004_add_source_to_rates.down.sql', uriBaseId: '%SRCROOT%' },
          region: { startLine: 1, startColumn: 1 },
        },
      },
    ],
  })
})

test('the fingerprint stays while lines move, and two of a kind have their own', () => {
  const at = (line: number) => finding({ place: { file: 'a.sql', line, column: 1 } })
  const prints = (lines: readonly number[]): readonly string[] =>
    runOf(report({ databases: [], findings: lines.map(at) })).results.flatMap(({ partialFingerprints }) =>
      Object.values(partialFingerprints),
    )
  expect(prints([1, 5])).toEqual(prints([7, 90]))
  expect(new Set(prints([1, 5])).size).toBe(2)
})

test('what was accepted or is known is suppressed, with the reason', () => {
  expect(runOf(badChange()).results.flatMap(({ suppressions }) => suppressions ?? [])).toEqual([
    { kind: 'external', justification: 'until 2027-01-31: the table is gone by then' },
    { kind: 'external', justification: 'known finding, listed in migration-gate.debt.json' },
    { kind: 'external', justification: 'there before the change, which does not touch it' },
  ])
})

test('with a change, each result says whether it is new', () => {
  const states = (given: Report): readonly unknown[] => runOf(given).results.map(({ baselineState }) => baselineState)
  const { findings } = badChange()
  expect(states(badChange())).toEqual([...findings.map(() => 'new'), 'new', 'unchanged', 'unchanged'])
  expect(new Set(states(oneFails()))).toEqual(new Set([undefined]))
})

test('no more than code scanning takes; the rest is counted', () => {
  const findings = Array.from({ length: 5_100 }, (_, i) => finding({ migration: `${i}` }))
  const { results, invocations } = runOf(report({ databases: [], findings }))
  expect(results).toHaveLength(5_000)
  expect(invocations[0]?.toolExecutionNotifications).toMatchObject([
    { message: { text: '100 more findings, in the JSON report.' } },
  ])
})

test.each(Object.entries(HOSTILE))('hostile text: %s', (_, text) => {
  for (const { message, locations } of runOf(hostile(text)).results) {
    expect(message.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^[\w.~!*'()%/-]+$/)
  }
})

const hasValidator =
  spawnSync('sarif-multitool', ['version'], { env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } })
    .status === 0
const withValidator = hasValidator ? describe : describe.skip

withValidator('with the validator (sarif-multitool)', () => {
  test('nothing is wrong with any sample', () => {
    const samples = [
      clean(),
      oneFails(),
      mixed(),
      many(30),
      environment(),
      cleanChange(),
      badChange(),
      ...Object.values(HOSTILE).map(hostile),
    ]
    const folder = makeFolder({})
    samples.forEach((sample, i) => writeFileSync(folder.at(`${i}.sarif`), renderSarif(sample, RULES)))
    const { stdout } = spawnSync('sarif-multitool', ['validate', folder.at('*.sarif')], {
      encoding: 'utf8',
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    })
    folder.remove()
    expect(stdout).toContain(`${samples.length} files scanned`)
    expect(stdout.split('\n').filter((line) => /: (?:error|warning) /.test(line))).toEqual([])
  }, 120_000)
})
