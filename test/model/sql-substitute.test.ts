import { expect, test } from '@jest/globals'
import { withSubstitute } from '../../src/model/migration.js'
import { migration, script } from '../support/migrations.js'

test('a stand-in is run in the place of code alone: what is SQL is run as it is', () => {
  const sql = migration({ version: '1', name: 'a', up: 'SELECT 1', down: 'SELECT 0' })
  const code = { ...sql, up: undefined, down: undefined, code: '1_a.go' }
  const instead = { up: script('s.sql', 'SELECT 2'), down: undefined }
  const standIns = new Map([['1', instead]])
  expect(withSubstitute(code, standIns)).toEqual({ ...code, ...instead })
  expect(withSubstitute(sql, standIns)).toBe(sql)
  expect(withSubstitute(code, new Map())).toBe(code)
})
