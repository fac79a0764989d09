// Pull requests on a base with wrong names and versions: what the change does counts, and a repair passes.
import { describe, expect, test } from '@jest/globals'
import { A, gone, movedTo, pair, pullRequests, table } from '../../support/pull-requests.js'

const { judged, rows } = pullRequests()

const B = table('00002_b')
/** Two that have one version. */
const TWINS = { ...A, ...B, ...table('00002_twin') }
const NEW = table('00003_new')
/** Files that golang-migrate never runs. */
const WITHOUT_VERSION = { 'migrations/app/x.up.sql': 'CREATE TABLE x (id int);\n' }
const SCRIPT = { 'migrations/app/notes.sql': 'SELECT 1;\n' }

describe('what was wrong before does not count', () => {
  rows([
    ['two with one version', TWINS, NEW, { verdict: 'pass', own: [], before: ['duplicate-version 00002_twin'] }],
    [
      'a file that never runs',
      { ...A, ...B, ...WITHOUT_VERSION },
      NEW,
      { verdict: 'pass', own: [], before: ['file-name -'] },
    ],
    [
      'two with one version, of which the change edits the down',
      TWINS,
      pair('00002_twin', 'CREATE TABLE twin (id int);', 'DROP TABLE IF EXISTS twin;'),
      {
        verdict: 'pass',
        first: 'merged-down-edited',
        own: ['merged-down-edited 00002_twin'],
        before: ['duplicate-version 00002_twin'],
      },
    ],
    [
      'two with one version, of which the change edits the up',
      TWINS,
      pair('00002_twin', 'CREATE TABLE twin (id bigint);', 'DROP TABLE twin;'),
      {
        verdict: 'fail',
        first: 'merged-edited',
        own: ['merged-edited 00002_twin'],
        before: ['duplicate-version 00002_twin'],
      },
    ],
    ['a script', { ...A, ...B, ...SCRIPT }, NEW, { verdict: 'pass', own: [], before: ['never-runs -'] }],
    [
      'in a folder that moves',
      { ...TWINS, ...WITHOUT_VERSION },
      {
        ...gone({ ...TWINS, ...WITHOUT_VERSION }),
        ...movedTo('migrations/core', { ...TWINS, ...WITHOUT_VERSION, ...NEW }),
      },
      { verdict: 'pass', own: [], before: ['duplicate-version 00002_twin', 'file-name -'] },
    ],
  ])
})

describe('what the change adds counts', () => {
  rows([
    [
      'a file that never runs',
      { ...A, ...B },
      WITHOUT_VERSION,
      { verdict: 'fail', first: 'file-name', own: ['file-name -'], before: [] },
    ],
    [
      'a version that two have already',
      TWINS,
      table('00002_third'),
      { verdict: 'fail', first: 'version-taken', own: ['version-taken 00002_third'], before: [] },
    ],
  ])
})

describe('a repair passes', () => {
  const twin = table('00002_twin')
  const moved = pair('00003_twin', 'CREATE TABLE twin (id int);', 'DROP TABLE twin;')
  rows([
    [
      'of a version',
      TWINS,
      { ...gone(twin), ...moved },
      { verdict: 'pass', first: 'merged-repaired', own: [], before: [] },
    ],
    [
      'of a version, in a folder that moves',
      TWINS,
      { ...gone(TWINS), ...movedTo('migrations/core', { ...A, ...B, ...moved }) },
      { verdict: 'pass', first: 'merged-repaired', own: [], before: [] },
    ],
  ])
})

test('a file that is lost while its folder moves comes back to the new one', async () => {
  const base = { ...A, ...B, ...NEW }
  const report = await judged(base, { ...gone(base), ...movedTo('migrations/core', { ...B, ...NEW }) })
  expect(report.findings.map(({ rule, fix }) => [rule, fix])).toEqual([
    [
      'merged-deleted',
      'Restore it: git archive main:migrations/app 00001_a.up.sql 00001_a.down.sql | tar -x -C migrations/core, and undo its effects in a new migration.',
    ],
  ])
})
