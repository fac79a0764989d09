// Passwords in a server's address are found in every form, and common ones are left alone.
import { expect, test } from '@jest/globals'
import { redact, secretsOf } from '../../src/host/secrets.js'
import { variablesForMigrations } from '../../src/host/variables.js'

test.each([
  ['postgres://u:s3cretpa%40ss@h:1/d', ['s3cretpa%40ss', 's3cretpa@ss']],
  ['postgresql://u:longpassword@h/d', ['longpassword']],
  ['postgres://u@h/d?password=long%20password', ['long%20password', 'long password']],
  ["host=h password='it\\'s a long one' user=u", ["it's a long one"]],
  ['host=h password=longpassword', ['longpassword']],
  ['postgres://u:bad%zzlong@h/d', ['bad%zzlong']],
])('%s', (server, passwords) => {
  const secrets = secretsOf(server)
  expect(secrets.weak).toBe(false)
  expect(secrets.hide).toEqual(expect.arrayContaining([server, ...passwords]))
  const text = redact(`${server} and ${passwords.join(' and ')}`, secrets)
  for (const password of passwords) expect(text).not.toContain(password)
})

test.each(['postgres://postgres:postgres@h/d', 'postgres://u:short@h/d', 'host=h password=Password'])(
  '%s is a test server: hiding its password would hide harmless words',
  (server) => {
    expect(secretsOf(server)).toEqual({ hide: [], weak: true })
  },
)

test.each(['', 'postgres://u@h/d', 'nonsense'])('%j holds no secret', (server) => {
  expect(secretsOf(server)).toEqual({ hide: [], weak: false })
})

test('migrations do not get variables that look like secrets', () => {
  const kept = { LANG: 'C', TENANT: 'a', APP_ENV: 'test' }
  const hidden = {
    INPUT_SERVER: 'x',
    GITHUB_TOKEN: 'x',
    CORE_DB_DSN: 'x',
    DB_PASSWORD: 'x',
    PGPASSWORD: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  }
  expect(variablesForMigrations({ ...kept, ...hidden })).toEqual(kept)
})
