// Passwords in a server's address are found in every form, and common ones are left alone.
import { expect, test } from '@jest/globals'
import { redact, secretsIn, secretsOf } from '../../../src/adapters/host/secrets.js'
import { CANARY, passwordsOf, refuseSecrets } from '../../support/canary.js'
import { variablesForMigrations } from '../../../src/adapters/host/variables.js'

test.each([
  ['postgres://u:s3cretpa%40ss@h:1/d', ['s3cretpa%40ss', 's3cretpa@ss']],
  ['postgresql://u:longpassword@h/d', ['longpassword']],
  ['postgres://u@h/d?password=long%20password', ['long%20password', 'long password']],
  ["host=h password='it\\'s a long one' user=u", ["it's a long one"]],
  ['host=h password=longpassword', ['longpassword']],
  ["host=h password='the first one' password=the-last-one", ['the first one', 'the-last-one']],
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

test('an address is known by what it says, whatever its variable is called', () => {
  const environment = { CORE_CONN: "host=db user=u password='a long secret'", NOTE: 'the password = of the day' }
  const { hide } = secretsIn({ environment, servers: [], weak: 'hide' })
  expect(hide).toContain('a long secret')
  expect(hide).not.toContain('of')
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

test('a run hides what its variables hold, by the form of their values or by their names', () => {
  const environment = {
    CORE_DB_DSN: 'host=h password=of-core-db',
    ANYTHING: 'postgres://u:of-anything@h/d',
    PGPASSWORD: 'of-libpq',
    BACKUP_AGE_IDENTITY: 'AGE-SECRET-KEY-1ABC',
    LANG: 'C.UTF-8',
  }
  const { hide, weak } = secretsIn({ environment, servers: ['postgres://u:of-a-server@h/d'] })
  expect(weak).toBe(false)
  expect(hide).toEqual(
    expect.arrayContaining(['of-core-db', 'of-anything', 'of-libpq', 'AGE-SECRET-KEY-1ABC', 'of-a-server']),
  )
  expect(hide).not.toContain('C.UTF-8')
  expect(secretsIn({ environment: { PGPASSWORD: 'postgres' }, servers: [] })).toEqual({ hide: [], weak: true })
  expect(secretsIn({ environment: { PGPASSWORD: 'abc' }, servers: [], weak: 'hide' }).hide).toEqual(['abc'])
})

test('the search of the tests finds what is shown, and knows what only the runner reads', () => {
  expect(() => refuseSecrets({ stdout: `connecting with ${CANARY} now` })).toThrow('a password is shown in stdout')
  expect(() => refuseSecrets({ stdout: 'all is well with of-core-db' }, ['of-core-db'])).toThrow('a password is shown')
  expect(() => refuseSecrets({ stdout: `::add-mask::${CANARY}\nall is well` })).not.toThrow()
  const given = ["host=h password='the-first-of-two' user=u", 'postgres://u:the-second-one@h/d', 'password=postgres']
  expect(passwordsOf(given)).toEqual(['the-first-of-two', 'the-second-one'])
})
