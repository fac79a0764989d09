// Runs on live databases on every surface.
import { describe, expect, test } from '@jest/globals'
import { renderLiveAnnotations } from '../../src/render/annotations.js'
import { renderLiveSummary } from '../../src/render/markdown/run-summary.js'
import { renderLiveText } from '../../src/render/text/run.js'
import { expectGolden } from './golden.js'
import {
  halfWay,
  inDoubt,
  live,
  liveSamples,
  planned,
  putBack,
  standing,
  restored,
  statusOfAll,
  step,
  rolledBack,
  target,
} from './live-reports.js'
import { HOSTILE } from './reports.js'

const text = (
  report: Parameters<typeof renderLiveText>[0],
  verbosity: 'quiet' | 'normal' | 'verbose' = 'normal',
): string => renderLiveText(report, { width: 120, colour: false, verbosity })

describe('text', () => {
  test('half way', () => expectGolden('live-half-way.txt', text(halfWay())))
  test('a plan', () => expectGolden('live-plan.txt', text(planned())))
  test.each([80, 120])('a plan keeps to a terminal of %d columns', (width) => {
    const lines = renderLiveText(planned(), { width, colour: false, verbosity: 'normal' }).split('\n')
    expect(lines.filter((line) => line.length > width)).toEqual([])
  })
  test('in doubt', () => expectGolden('live-in-doubt.txt', text(inDoubt())))
  test('status', () => expectGolden('live-status.txt', text(statusOfAll())))
  test.each(Object.entries(liveSamples))('%s ends with the verdict', (_name, sample) => {
    for (const verbosity of ['quiet', 'normal', 'verbose'] as const) {
      expect(text(sample, verbosity).trimEnd().split('\n').at(-1)).toMatch(
        /^(?:PASS|FAIL|ENVIRONMENT|STOPPED|CANCELLED) {2}\S/,
      )
    }
  })
})

test('a status that judges nothing says what --check would say', () => {
  const pending = live({
    command: 'status',
    targets: [target('core_db', { standing: standing({ pending: ['2_b'] }) })],
  })
  const passing = { ...pending, targets: [...pending.targets, target('kyc_db', { standing: standing({}) })] }
  expect(text(passing).trimEnd().split('\n').at(-1)).toMatch(
    /^PASS {2}1 of 2 databases not up to date: core_db \(--check would fail\)/,
  )
})

test('a command stays whole, so that it can be pasted', () => {
  const command = `pg-migration-gate baseline db/a --config gate.yml --environment production --databases core_db --to 00007`
  const stopped = {
    kind: 'refused',
    what: 'it stops',
    fix: `If it has it: \`${command}\` records that. Else look.`,
  } as const
  for (const width of [40, 80, 200])
    expect(
      renderLiveText(live({ verdict: 'fail', exitCode: 1, targets: [target('core_db', { stopped })] }), {
        colour: false,
        width,
        verbosity: 'normal',
      }),
    ).toContain(command)
})

test('the summary', () => expectGolden('live-half-way.summary', renderLiveSummary(halfWay())))

test('the result of a dry run of a rollback is shown with its command, on both surfaces', () => {
  const ways = [
    'dry run on a copy: the downs run; data loss: 2 values of users.phone in 3 rows',
    'dry run on a copy: it does not roll back everything: 00003_x: its down does nothing; data loss: none counted',
    'no dry run on a copy: there is no scratch server; data loss: none counted',
  ]
  const inText = text(rolledBack()).replaceAll(/\s+/g, ' ')
  const inSummary = renderLiveSummary(rolledBack())
  for (const way of ways) {
    expect(inText).toContain(way)
    expect(inSummary.replaceAll('\\', '').replaceAll(/\s+/g, ' ')).toContain(way)
  }
})

test('a restore says which database has the live name, from its data and not from its words', () => {
  const verdict = (report: Parameters<typeof renderLiveText>[0]): string =>
    text(report, 'quiet').trimEnd().split('\n').at(-1) ?? ''
  const stated = live({ command: 'restore', targets: [target('live is now the restored database', {})] })
  expect(verdict(restored())).toMatch(/^PASS {2}core_db, kyc_db restored from the backup/)
  expect(verdict(putBack())).toMatch(/^PASS {2}the last restore of core_db is undone/)
  expect([text(restored()), text(putBack()), text(stated)]).toEqual([
    expect.stringContaining('restored'),
    expect.stringContaining('restore undone'),
    expect.stringContaining('not restored'),
  ])
})

test('annotations name the place of a failed step', () => {
  const lines = renderLiveAnnotations(halfWay())
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^::error file=.*,line=\d+,col=\d+,title=rates_db 00005_step%3A up failed/)
})

test.each(Object.entries(HOSTILE))('hostile text commands nothing: %s', (_name, hostile) => {
  const report = live({
    targets: [
      target(hostile, {
        steps: [step('1', 'failed', { id: hostile, left: [hostile], fix: hostile })],
        notes: [hostile],
        stopped: { kind: 'refused', what: hostile, fix: hostile },
      }),
    ],
  })
  const commands = /^\s*::|##\[/m
  expect(text(report)).not.toMatch(commands)
  expect(text(report)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
  for (const line of renderLiveAnnotations(report)) expect(line.split('\n')).toHaveLength(1)
})
