// The rule `secret`.
import { describe, expect, test } from '@jest/globals'
import { findings, of, pair } from '../input.js'

describe('secret', () => {
  const said = (up: string): readonly string[] => of('secret', { ...pair('00001_a'), '00001_a.up.sql': up })
  /** Put together here, so that scanners do not take this file for a leak. */
  const key = (...parts: readonly string[]): string => parts.join('')

  test.each([
    ["CREATE ROLE a LOGIN PASSWORD 'correct-horse';", 'password of a role in the file (cor..., 13 characters)'],
    ["alter user a with encrypted password 'md5abcdefabcdef';", 'password of a role'],
    ["DO $$ BEGIN EXECUTE 'CREATE USER a PASSWORD ''correct'''; END $$;", 'password of a role'],
    ["CREATE ROLE a PASSWORD '$ecret$s';", '($e..., 8 characters)'],
    ['CREATE ROLE a PASSWORD $$correct$$;', '(c..., 7 characters)'],
    ["-- CREATE ROLE a PASSWORD 'old-secret'", 'password of a role'],
    ["CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 'correct');", 'password of a user mapping'],
    ["SELECT dblink_connect('host=a password=correct user=b');", 'password in a connection string'],
    [`SELECT '${key('postgres', '://', 'a:correct@db')}/x';`, 'password in a URL'],
    [`SELECT '${key('-----BEGIN ', 'RSA PRIVATE KEY', '-----')}';`, 'private key'],
    [`SELECT '${key('AK', 'IA', 'ABCDEFGHIJKLMNOP')}';`, 'AWS access key in the file (AKIA..., 20 characters)'],
    [`SELECT '${key('AI', 'za', 'a'.repeat(35))}';`, 'Google API key'],
    [`SELECT '${key('gh', 'p_', 'a1'.repeat(18))}';`, 'GitHub token'],
    [`SELECT '${key('xo', 'xb-', '123456789012-abc')}';`, 'Slack token'],
    [`SELECT '${key('sk', '_live_', 'a1'.repeat(12))}';`, 'Stripe key'],
  ])('%s', (up, words) => {
    expect(said(up)).toEqual([expect.stringContaining(words)])
  })

  test.each([
    ['CREATE ROLE a PASSWORD NULL;'],
    ["CREATE ROLE a PASSWORD '';"],
    ["CREATE ROLE a PASSWORD '${PASSWORD}';"],
    ["CREATE ROLE a PASSWORD '$PASSWORD';"],
    ["CREATE ROLE a PASSWORD '{{ password }}';"],
    ["CREATE ROLE a PASSWORD '<password>';"],
    ["DO $$ BEGIN EXECUTE format('CREATE ROLE a PASSWORD %L', current_setting('a.b')); END $$"],
    ["UPDATE users SET password = crypt('x', gen_salt('bf')) WHERE id = 1;"],
    ["CREATE TABLE users (password text NOT NULL DEFAULT 'x');"],
    ["SELECT 'https://example.com/a:b@c';"],
    ["SELECT 'postgres://user:${PASSWORD}@host/db';"],
    [`SELECT '${['AK', 'IAIOSFODNN7', 'EXAMPLE'].join('')}';`],
  ])('%s is none', (up) => {
    expect(said(up)).toEqual([])
  })

  test('shows at most four characters, and never most of a short one', () => {
    const text = JSON.stringify(findings({ ...pair('00001_a'), '00001_a.up.sql': "CREATE ROLE a PASSWORD 'abc123';" }))
    expect(text).toContain('(a..., 6 characters)')
    expect(text).not.toContain('abc')
  })
})
