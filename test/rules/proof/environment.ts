// The rule `environment`.
import { describe, expect, test } from '@jest/globals'
import { runRules } from '../../../src/rules/run.js'
import { brief, filesOf, inputOf } from '../input.js'
import { failure, FILES, proofFindings, step } from '../recorded-proof.js'

describe('environment', () => {
  test('a fault of the environment is a warning, and not a bad migration', () => {
    const environment = 'extension vector is not installed on this server'
    const proof = { up: 'failed', down: 'not run', failure: failure({ environment }) } as const
    expect(brief(proofFindings(step(proof)))).toEqual([
      `warning environment 00002_phone.up.sql:2:1 ${environment}: relation "users" does not exist (SQLSTATE 42P01)`,
    ])
  })

  test.each([
    ['SQL', '00001_users', 'Let 00001_users run here first: its own finding says how.'],
    [
      'code',
      '00000_start',
      'Give 00000_start an SQL substitute, which runs in its place in the proof:\nstand-ins:\n  "00000": path/to/the-same-in.sql',
    ],
  ])('one that follows from a step in %s that was not run is a note with a way out', (_, follows, fix) => {
    const proof = {
      up: 'failed',
      down: 'not run',
      failure: failure({ environment: `${follows} was not run`, follows }),
      reason: `may follow from ${follows}, which was not run here`,
    } as const
    const files = filesOf({ ...FILES, '00000_start.up.go': 'package migrations' })
    const found = runRules({ input: inputOf(files, { proofs: { '00002_phone': proof } }), levels: {} })
    expect(found.find(({ rule }) => rule === 'environment')).toMatchObject({
      level: 'note',
      follows,
      message: 'not judged, because its up fails: relation "users" does not exist (SQLSTATE 42P01)',
      why: `It may follow from ${follows}, which was not run here.`,
      fix,
    })
    expect(found.filter(({ rule }) => rule === 'up-fails')).toEqual([])
  })
})
