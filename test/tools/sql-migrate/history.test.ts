// What the real sql-migrate makes of lines that look like its commands, and whether we read the same.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parseSqlMigrate } from '../../../src/tools/sql-migrate/files.js'
import { testServer } from '../history-database.js'
import { isInstalled, run } from '../real-tools.js'

const server = testServer()
afterAll(() => server.close())

const A = 'CREATE TABLE a ();'
const B = 'CREATE TABLE b ();'

describe('files that are read alike', () => {
  const it = isInstalled('sql-migrate') ? test : test.skip
  it.each([
    ['lower case', `-- +migrate up\n${A}\n-- +migrate Down\n${B}\n`],
    ['nothing but lower case', `-- +migrate up\n${A}\n`],
    ['a word that is none', `-- +migrate Up\n${A}\n-- +migrate Undo\n${B}\n`],
    ['no word', `-- +migrate Up\n${A}\n-- +migrate \n${B}\n`],
    ['no space at the end', `-- +migrate Up\n${A}\n-- +migrate\n${B}\n`],
    ['two spaces', `-- +migrate Up\n${A}\n--  +migrate Down\n${B}\n`],
    ['no space in front', `-- +migrate Up\n${A}\n--+migrate Down\n${B}\n`],
    ['the space behind the sign', `-- +migrate Up\n${A}\n--+ migrate Down\n${B}\n`],
    ['such a line at the end', `-- +migrate Up\n${A}\n--+ migrate Down\n`],
    ['indented', `-- +migrate Up\n${A}\n  -- +migrate Down\n${B}\n`],
    ['in the middle of a statement', `-- +migrate Up\nCREATE TABLE a ()\n-- +migrate Foo\n;\n`],
    ['a byte order mark', `\uFEFF-- +migrate Up\n${A}\n-- +migrate Down\n${B}\n`],
    ['a byte order mark before a comment', `\uFEFF-- head\n-- +migrate Up\n${A}\n-- +migrate Down\n${B}\n`],
  ])('%s (needs: sql-migrate)', async (_, text) => {
    const theirs = await server.open()
    const ours = await server.open()
    const tables = `SELECT relname FROM pg_class WHERE relname IN ('a', 'b') ORDER BY 1`
    try {
      mkdirSync(theirs.folder)
      writeFileSync(path.join(theirs.folder, '1_a.sql'), text)
      const config = `development:\n  dialect: postgres\n  datasource: ${theirs.url}\n  dir: .\n`
      writeFileSync(path.join(theirs.folder, 'dbconfig.yml'), config)
      const { code } = run(theirs.folder, 'sql-migrate', ['up'])
      const parse = parseSqlMigrate(text)
      expect(parse.errors.length > 0).toBe(code !== 0)
      if (code !== 0) return
      for (const message of parse.up ?? []) await ours.session.send(message.text)
      expect(await ours.rows(tables)).toEqual(await theirs.rows(tables))
      expect(await theirs.rows('SELECT id FROM gorp_migrations')).toEqual([['1_a.sql']])
    } finally {
      await theirs.close()
      await ours.close()
    }
  })
})
