// All addresses in one secret, a root certificate in another, and how production is talked to.
import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { dsnsOf, linesOf } from '../../../src/adapters/host/dsns.js'
import { rootCertificateOf } from '../../../src/adapters/host/dsns.js'
import { secretsOf } from '../../../src/adapters/host/secrets.js'
import { readAddress } from '../../../src/adapters/postgres/live/connect.js'

describe('DATABASE_DSNS', () => {
  const TEXT = '# production\ncore_db=postgres://a:p%3Dw@h/core?x=1\r\n\n kyc-db = host=h dbname=kyc \n'
  test('is a variable for each, and one that is set already stays', () => {
    expect(dsnsOf({ DATABASE_DSNS: TEXT })).toEqual({
      CORE_DB_DSN: 'postgres://a:p%3Dw@h/core?x=1',
      KYC_DB_DSN: 'host=h dbname=kyc',
    })
    expect(dsnsOf({ DATABASE_DSNS: TEXT, CORE_DB_DSN: 'own' })).toEqual({ KYC_DB_DSN: 'host=h dbname=kyc' })
    expect(dsnsOf({ DATABASE_DSNS: TEXT, CORE_DB_DSN: ' ' })).toHaveProperty('CORE_DB_DSN')
    expect(dsnsOf({})).toEqual({})
    expect(linesOf(TEXT)).toContain('postgres://a:p%3Dw@h/core?x=1')
  })
  test('a line that is none is named, and nothing of it shown', () => {
    expect(() => dsnsOf({ DATABASE_DSNS: 'core_db=x\npostgres://a:secret' })).toThrow(
      'line 2 of the variable DATABASE_DSNS',
    )
    expect(() => dsnsOf({ DATABASE_DSNS: 'a b secret' })).toThrow(/^(?!.*secret)/)
  })
})

describe('TLS in production', () => {
  const sslmode = (dsn: string, more: Readonly<Record<string, string>> = {}, tls: 'usual' | 'verified' = 'verified') =>
    readAddress({ name: 'a', variable: 'A_DSN', environment: { A_DSN: dsn, ...more }, tls }).dsn['sslmode']
  test('verifies another host unless the address says otherwise', () => {
    expect(sslmode('postgres://u@db.example.com/a')).toBe('verify-full')
    expect(sslmode('postgres://u@db.example.com/a?sslmode=require')).toBe('require')
    expect(sslmode('postgres://u@db.example.com/a', { PGSSLMODE: 'disable' })).toBe('disable')
    expect(sslmode('postgres://u@db.example.com/a', {}, 'usual')).toBeUndefined()
    for (const host of ['localhost', '127.0.0.1', '[::1]', '%2Fvar%2Frun'])
      expect(sslmode(`postgres://u@${host}/a`)).toBeUndefined()
  })
  test('the root certificate may be the text of a secret', () => {
    const { PGSSLROOTCERT: file = '' } = rootCertificateOf({ DATABASE_CA: '-----BEGIN CERTIFICATE-----\nx\n' })
    expect(readFileSync(file, 'utf8')).toBe('-----BEGIN CERTIFICATE-----\nx\n')
    expect(rootCertificateOf({ DATABASE_CA: 'x', PGSSLROOTCERT: '/own' })).toEqual({})
    expect(rootCertificateOf({})).toEqual({})
  })
})

test('in production a password is hidden however short it is', () => {
  expect(secretsOf('postgres://u:abc@h/d')).toEqual({ hide: [], weak: true })
  expect(secretsOf('postgres://u:abc@h/d', 'hide')).toEqual({ hide: ['postgres://u:abc@h/d', 'abc'], weak: false })
})
