// An external server: a role there that may not do everything, and its password.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { FORMATS } from '../../src/entry/options/option.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { openOutsideServer, type OutsideServer } from '../support/outside.js'
import { compileProgram, type Program } from './program.js'

let outside: OutsideServer
let program: Program
const folders: Folder[] = []
beforeAll(async () => {
  program = compileProgram()
  outside = await openOutsideServer()
  await outside.rows('postgres', 'CREATE ROLE "Maker" LOGIN CREATEDB')
}, 120_000)
afterAll(async () => {
  for (const folder of folders) folder.remove()
  await outside.close()
})

async function check(up: string): Promise<{ readonly code: number | null; readonly out: string }> {
  const folder = makeFolder({
    'migrations/core_db/00001_m.up.sql': up,
    'migrations/core_db/00001_m.down.sql': 'DROP TABLE IF EXISTS t;\n',
  })
  folders.push(folder)
  const server = `host='${outside.environment['PGHOST'] ?? ''}' user=Maker dbname=postgres`
  return program.run({ entry: 'cli', words: ['check', '--server', server], cwd: folder.path })
}

test('a missing privilege is no fault of the file, and the report says how to get it', async () => {
  const { code, out } = await check(`CREATE TABLE t (id int);
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();
`)
  expect(out).toContain('role "Maker" lacks a privilege: permission denied to create event trigger "e"')
  expect(out).toMatch(/Without\s+--server/)
  expect(out).not.toContain('fix: Fix')
  expect(code).toBe(3)
})

test('what any role would fail with is the fault of the file', async () => {
  const { code, out } = await check('CREATE TABLE t (id int, FOREIGN KEY (id) REFERENCES nothing);\n')
  expect([code, out]).toEqual([1, expect.stringContaining('relation "nothing" does not exist')])
})

test('a password that a format writes in other letters is in none of them', async () => {
  const folder = makeFolder({
    'migrations/core_db/00001_m.up.sql': `SELECT 'pa"s<s&word'::int;\n`,
    'migrations/core_db/00001_m.down.sql': 'SELECT 1;\n',
  })
  folders.push(folder)
  const server = `host='${outside.environment['PGHOST'] ?? ''}' user=Maker dbname=postgres password='pa"s<s&word'`
  const outputs = FORMATS.flatMap((format) => ['--output', `${format}=out.${format}`])
  const { code } = await program.run({
    entry: 'cli',
    words: ['check', '--server', server, ...outputs],
    cwd: folder.path,
  })
  expect(code).toBe(1)
  for (const format of FORMATS) {
    const text = readFileSync(folder.at(`out.${format}`), 'utf8')
    expect([format, text]).toEqual([format, expect.stringContaining('invalid input syntax')])
    expect([format, text]).toEqual([format, expect.not.stringMatching(/pa[^\n]{0,8}s[^\n]{0,8}s[^\n]{0,8}word/)])
  }
})
