import { describe, expect, test } from '@jest/globals'
import { parseDsn } from '../../../../src/adapters/postgres/server/dsn.js'
import { tlsOffers } from '../../../../src/adapters/postgres/server/tls.js'

const parse = (text: string, environment: Record<string, string> = { USER: 'me' }) => parseDsn(text, { environment })

describe('the address of a server', () => {
  test.each([
    ['postgres://u:p@h:1/d', { user: 'u', password: 'p', host: 'h', port: '1', dbname: 'd' }],
    ['postgresql://h', { user: 'me', host: 'h', port: '5432', dbname: 'postgres' }],
    ['postgres://u:a#b@c@h/d', { user: 'u', password: 'a#b@c', host: 'h' }],
    ['postgres://u:%2F%25@h/d', { password: '/%' }],
    ['postgres://u@[::1]:7/d', { host: '::1', port: '7' }],
    ['postgres://u@/d?host=/run/pg', { host: '/run/pg', dbname: 'd' }],
    ['postgres://u@%2Frun%2Fpg/d', { host: '/run/pg' }],
    ['postgres://h/d?sslmode=disable&options=-c%20a%3Db', { sslmode: 'disable', options: '-c a=b' }],
    ["host = h user=u password='a b\\'c' dbname=d", { host: 'h', user: 'u', password: "a b'c", dbname: 'd' }],
    ['host=h password=a\\ b', { password: 'a b' }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toMatchObject(expected)
  })

  test('hostaddr is where it connects when no host is written', () => {
    expect(parse('hostaddr=10.0.0.5 dbname=d')).toMatchObject({ host: '10.0.0.5' })
    expect(parse('postgres://u@/d?hostaddr=10.0.0.5')).toMatchObject({ host: '10.0.0.5' })
    expect(parse('host=h hostaddr=10.0.0.5 dbname=d')).toMatchObject({ host: 'h' })
    expect(parse('dbname=d', { PGHOSTADDR: '10.0.0.6' })).toMatchObject({ host: '10.0.0.6' })
  })

  test('a service is not read, and does not lead to localhost instead', () => {
    const refused = /names its server by a service/
    expect(() => parse('service=prod dbname=d')).toThrow(refused)
    expect(() => parse('postgres:///d?service=prod')).toThrow(refused)
    expect(() => parse('dbname=d', { PGSERVICE: 'prod' })).toThrow(refused)
    expect(parse('postgres://h/d', { PGSERVICE: 'prod' })).toMatchObject({ host: 'h' })
  })

  test('takes what it does not say from the PG* variables', () => {
    expect(parse('postgres://h', { PGUSER: 'x', PGPASSWORD: 'y', PGPORT: '6', PGOPTIONS: '-c a=b' })).toMatchObject({
      options: '-c a=b',
      host: 'h',
      user: 'x',
      password: 'y',
      port: '6',
    })
  })

  test.each([
    'mysql://secret',
    'secret',
    'postgres://u:secret/1@h/d',
    'postgres://u:12/secret@h',
    'postgres://u:%secret@h',
    'postgres://a,b/secret',
    'host=h port=secret',
  ])('is refused without being repeated: %s', (text) => {
    let error: unknown
    try {
      parse(text)
    } catch (reason) {
      error = reason
    }
    expect(error).toMatchObject({ name: 'UserError', kind: 'use' })
    expect(String(error)).not.toContain('secret')
  })
})

describe('sslmode', () => {
  test.each([
    ['disable', [false]],
    ['prefer', [{ rejectUnauthorized: false }, false]],
    ['require', [{ rejectUnauthorized: false }]],
    ['verify-full', [{}]],
  ])('%s', (sslmode, expected) => {
    expect(tlsOffers({ host: 'h', sslmode })).toEqual(expected)
  })

  test('is nothing to a Unix socket, and must be a word we know', () => {
    expect(tlsOffers({ host: '/run', sslmode: 'require' })).toEqual([false])
    expect(() => tlsOffers({ host: 'h', sslmode: 'sure' })).toThrow(/does not exist/)
  })
})
