// Colours, width and the lines that move while a run goes on.
import { describe, expect, test } from '@jest/globals'
import { terminalProgress } from '../../../src/adapters/host/progress.js'
import { describeTerminal } from '../../../src/adapters/host/terminal.js'

describe('colours', () => {
  const tty = { isTTY: true, columns: 90 }
  test.each([
    [tty, {}, 'auto', true],
    [tty, { NO_COLOR: '1' }, 'auto', false],
    [tty, { NO_COLOR: '' }, 'auto', true],
    [tty, { TERM: 'dumb' }, 'auto', false],
    [tty, { NO_COLOR: '1' }, 'always', true],
    [tty, {}, 'never', false],
    [{}, {}, 'auto', false],
    [{}, { FORCE_COLOR: '1' }, 'auto', true],
    [{}, { FORCE_COLOR: '0' }, 'auto', false],
    [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'auto', false],
  ] as const)('%j %j %s: %s', (stream, environment, wanted, colour) => {
    expect(describeTerminal({ stream, environment, wanted }).colour).toBe(colour)
  })
})

test('a width is only known of a terminal that has one', () => {
  const width = (stream: { isTTY?: boolean; columns?: number }) =>
    describeTerminal({ stream, environment: {}, wanted: 'auto' }).width
  expect([width({ isTTY: true, columns: 90 }), width({ isTTY: true }), width({ columns: 90 })]).toEqual([
    90,
    undefined,
    undefined,
  ])
})

test('progress draws one line for each database that moves and takes them away again', () => {
  const written: string[] = []
  let now = 0
  const progress = terminalProgress(
    { columns: 60, rows: 24, write: (text) => written.push(text) },
    { elapsed: () => now },
  )
  progress.move('core_db', 1, 7)
  now = 50
  progress.move('kyc_db', 1, 5)
  now = 2000
  progress.move('core_db\u001b[2J', 2, 7)
  progress.move('core_db', 7, 7)
  progress.clear()
  progress.clear()
  expect(written).toEqual([
    '  core_db  1 of 7 migrations  0.0 s\n',
    '\u001b[1A\u001b[0J',
    expect.stringMatching(
      /^ {2}core_db {6}1 of 7 migrations {2}2\.0 s\n {2}kyc_db {7}1 of 5.*\n {2}core_db\\u\{1b\}\[2J {2}2 of 7.*\n$/,
    ),
    '\u001b[3A\u001b[0J',
  ])
})
