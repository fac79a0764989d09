// Which addresses are on this machine.
import { expect, test } from '@jest/globals'
import { isPlaceHere, isThisMachine } from '../../src/model/this-machine.js'

test.each([
  ['localhost:5432/a', true],
  ['LOCALHOST:5432/a', true],
  ['db.localhost:5432/a', true],
  ['127.0.0.1:5432/a', true],
  ['127.1.2.3:5432/a', true],
  ['0.0.0.0:5432/a', true],
  ['::1:5432/a', true],
  ['[::1]:5432/a', true],
  ['::ffff:127.0.0.1:5432/a', true],
  ['0:0:0:0:0:0:0:1:5432/a', true],
  ['/var/run/postgresql/.s.PGSQL.5432/a', true],
  ['db.example.com:5432/a', false],
  ['postgres:5432/a', false],
  ['localhost.example.com:5432/a', false],
  ['10.0.0.1:5432/a', false],
  ['127.example.com:5432/a', false],
  ['1.127.0.0.1.example.com:5432/a', false],
  ['2001:db8::1:5432/a', false],
])('%s is on this machine: %s', (place, here) => expect(isPlaceHere(place)).toBe(here))

test('a host alone, as a DSN has it', () => {
  expect(['', '/tmp', '@socket', '::1', '127.0.0.9'].map(isThisMachine)).toEqual([true, true, true, true, true])
  expect(['127.evil.example', 'localhost.example'].map(isThisMachine)).toEqual([false, false])
})
