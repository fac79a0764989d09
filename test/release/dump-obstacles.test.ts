// What follows from a dump that pg_restore cannot restore: refusals, warnings, notes, and the checklist.
import { expect, test } from '@jest/globals'
import { checklistOf } from '../../src/report/checklist.js'
import type { DumpObstacle } from '../../src/release/backup.js'
import { dumpConditions, dumpNotes, refusedDump } from '../../src/release/dump-obstacles.js'
import type { LiveReport } from '../../src/report/run-report.js'
import { rolledBack } from '../render/live-reports.js'

const obstacle = (kind: DumpObstacle['kind']): DumpObstacle => ({ kind, what: `why ${kind}`, repair: ['ALTER x;'] })
const ALL = [obstacle('fails'), obstacle('later'), obstacle('unknown')]

test('refuses in production what certainly fails, and warns of everything else', () => {
  const judged = { name: 'core_db', production: true, accepted: false }
  const [refused, ...more] = refusedDump(ALL, judged)
  expect(more).toEqual([])
  expect(refused).toMatchObject({
    rule: 'backup',
    what: 'core_db: pg_restore cannot restore a dump: why fails',
    fix: expect.stringMatching(/^Write a migration with this SQL: ALTER x; .*--accept-unrestorable core_db\./),
  })
  const kinds = (of: typeof judged) => dumpConditions(ALL, of).map(({ kind }) => kind)
  expect(kinds(judged)).toEqual(['blocks', 'warns', 'warns'])
  for (const other of [
    { ...judged, accepted: true },
    { ...judged, production: false },
  ]) {
    expect(refusedDump(ALL, other)).toEqual([])
    expect(kinds(other)).toEqual(['warns', 'warns', 'warns'])
  }
  expect(dumpConditions(ALL, judged)[0]?.what).toBe('pg_restore cannot restore a dump: why fails. Repair: ALTER x;')
  expect(dumpNotes(ALL)).toEqual([
    'pg_restore alone cannot restore it: why fails',
    'not judged whether pg_restore can restore it: why unknown',
  ])
})

const [one] = rolledBack().targets
const outcomes = ['applied', 'applied', 'failed', 'not started'] as const
/** A run that stopped at the third of four databases. */
const STOPPED = outcomes.flatMap((outcome, at) =>
  one === undefined ? [] : [{ ...one, name: `db_${at}`, steps: one.steps.map((step) => ({ ...step, outcome })) }],
)
const backupLine = (targets: LiveReport['targets']) =>
  checklistOf(
    { ...rolledBack(), command: 'deploy', targets },
    { reason: undefined, retention: undefined, check: undefined },
  ).find(({ what }) => what.startsWith('backup completed'))

test('the checklist counts the backups of all databases, also of those that were not started', () => {
  expect(backupLine(STOPPED)).toMatchObject({ result: 'held', seen: '4 of 4 databases' })
  const withoutLast = STOPPED.map(({ backup, ...rest }, at) => ({ ...rest, ...(at < 3 && backup && { backup }) }))
  expect(backupLine(withoutLast)).toMatchObject({ result: 'open', seen: '3 of 4 databases' })
})

test('the checklist calls no backup verified that pg_restore cannot restore, or that could not be judged', () => {
  const lineWith = (kind: DumpObstacle['kind']) =>
    backupLine(
      STOPPED.map((target, at) =>
        at === 3 && target.ahead !== undefined
          ? { ...target, ahead: { ...target.ahead, dump: [obstacle(kind)] } }
          : target,
      ),
    )
  expect(lineWith('fails')).toMatchObject({ result: 'open', seen: 'pg_restore alone cannot restore that of db_3' })
  expect(lineWith('unknown')).toMatchObject({ result: 'open', seen: 'not judged whether that of db_3 can be restored' })
  expect(lineWith('later')).toMatchObject({ result: 'held' })
})
