// Names that databases get by themselves.
import { expect, test } from '@jest/globals'
import { conventionalDatabases } from '../../src/config/discover.js'
import { dsnVariable } from '../../src/model/config.js'
import { nearest } from '../../src/model/did-you-mean.js'

const named = (folders: readonly string[], taken: readonly string[] = []) =>
  conventionalDatabases({ folders, taken, unit: 'each' }).map(({ name, dsn }) => [name, dsn])

test.each([
  ['core_db', 'CORE_DB_DSN'],
  ['core-db.v2', 'CORE_DB_V2_DSN'],
  ['2fa', '_2FA_DSN'],
  ['billing/migrations', 'BILLING_MIGRATIONS_DSN'],
  ['für', 'F_R_DSN'],
])('the variable of %s', (name, variable) => {
  expect(dsnVariable(name)).toBe(variable)
})

test('a folder gives its name', () => {
  expect(named(['migrations/core_db', '/srv/kyc_db', '.'])).toEqual([
    ['core_db', 'CORE_DB_DSN'],
    ['kyc_db', 'KYC_DB_DSN'],
    ['migrations', 'MIGRATIONS_DSN'],
  ])
})

test('distinguishes folders of the same name by their parents', () => {
  expect(named(['a/x/db', 'b/x/db', 'other'], ['other']).map(([name]) => name)).toEqual(['a/x/db', 'b/x/db', 'other'])
  expect(named(['a/db', 'b/db'])).toEqual([
    ['a/db', 'A_DB_DSN'],
    ['b/db', 'B_DB_DSN'],
  ])
  expect(named(['../db', 'db']).map(([name]) => name)).toEqual(['../db', 'db'])
})

test.each([
  ['layuot', 'layout'],
  ['max_file_size', 'max-file-size'],
  ['max', 'max-file-size'],
  ['zzz', undefined],
  ['FOLDER', 'folder'],
])('%s is near to %s', (written, word) => {
  expect(nearest(written, ['layout', 'folder', 'max-file-size', 'dsn'])).toBe(word)
})
