// Folders of other tools and for other servers, and PostgreSQL's own that only look like them.
import { describe, expect, test } from '@jest/globals'
import { foreignFolder } from '../../src/tools/foreign/folder.js'
import { otherServer } from '../../src/tools/foreign/server.js'
import { detectLayout } from '../../src/tools/tools.js'
import { options, sources } from './sources.js'

type Files = Readonly<Record<string, string>>

const whose = (files: Files): string | undefined => foreignFolder(sources(files))?.whose

describe('the tool of a folder', () => {
  test.each<readonly [string, Files, string]>([
    ['formatted SQL', { '001_a.sql': '--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n' }, 'Liquibase'],
    [
      'with spaces, capitals and blank lines',
      { '001_a.sql': '\n -- Liquibase Formatted SQL\nSELECT 1;\n' },
      'Liquibase',
    ],
    ['behind a byte order mark', { '001_a.sql': '\uFEFF--liquibase formatted sql\n' }, 'Liquibase'],
    [
      'most files are',
      { '1_a.sql': '--liquibase formatted sql\n', '2_b.sql': '--liquibase formatted sql\n', '3_c.sql': '' },
      'Liquibase',
    ],
    [
      'a changelog in XML',
      { 'changelog.xml': '<?xml version="1.0"?>\n<databaseChangeLog\n xmlns="x">', '1_a.sql': '' },
      'Liquibase',
    ],
    ['a changelog in YAML', { 'changelog.yaml': 'databaseChangeLog:\n', '1_a.sql': '' }, 'Liquibase'],
    ['a changelog in JSON', { 'changelog.json': '{ "databaseChangeLog": [] }', '1_a.sql': '' }, 'Liquibase'],
    ['a plan of Sqitch', { 'sqitch.plan': '%syntax-version=1.0.0\n%project=x\n', 'deploy/a.sql': '' }, 'Sqitch'],
    ['two folders', { 'up/1_a.sql': '', 'down/1_a.sql': '' }, 'a chain in two folders'],
    ['node-pg-migrate', { '1_a.sql': '-- Up Migration\n-- Down Migration\n' }, 'node-pg-migrate'],
  ])('%s', (_, files, tool) => {
    expect(whose(files)).toContain(tool)
  })

  test.each<readonly [string, Files]>([
    ['a comment about it', { '1_a.up.sql': '-- replaces --liquibase formatted sql\nSELECT 1;\n' }],
    ['the marker below the first line', { '1_a.sql': 'SELECT 1;\n--liquibase formatted sql\n' }],
    ['one file of several', { '1_a.sql': '', '2_b.sql': '', '3_c.sql': '--liquibase formatted sql\n' }],
    ['a changelog beside pairs', { 'changelog.xml': '<databaseChangeLog/>', '1_a.up.sql': '', '1_a.down.sql': '' }],
    ['another XML file', { 'pom.xml': '<project/>', '1_a.sql': '' }],
    ['goose', { '1_a.sql': '-- +goose Up\nSELECT 1;\n' }],
  ])('none: %s', (_, files) => {
    expect(whose(files)).toBeUndefined()
  })
})

/** The server and what shows it, read by the layout that the files have. */
function serverOf(...ups: readonly string[]): string | undefined {
  const files = sources(Object.fromEntries(ups.map((text, i) => [`0000${i + 1}_a.up.sql`, text])))
  const { layout } = detectLayout(files) ?? {}
  const found = otherServer(layout?.files.read(files, options()).migrations ?? [])
  return found && `${found.server}: ${found.word} at ${found.place.line}:${found.place.column}`
}

describe('the server of a folder', () => {
  test.each([
    ['CREATE TABLE t (id UInt64) ENGINE = MergeTree() ORDER BY id', 'ClickHouse: ENGINE = MergeTree at 1:28'],
    [
      'CREATE TABLE t (a Int8)\nENGINE=ReplicatedReplacingMergeTree',
      'ClickHouse: ENGINE = ReplicatedReplacingMergeTree at 2:1',
    ],
    ['CREATE TABLE t (id int) ENGINE=InnoDB', 'MySQL: ENGINE=InnoDB at 1:25'],
    ['CREATE TABLE t (id int) engine MyISAM', 'MySQL: ENGINE=MyISAM at 1:25'],
    ['CREATE TABLE t (id int NOT NULL AUTO_INCREMENT)', 'MySQL: AUTO_INCREMENT at 1:33'],
    ['CREATE TABLE t (id int(11) auto_increment)', 'MySQL: AUTO_INCREMENT at 1:28'],
    ['CREATE TABLE `t` (id int)', 'MySQL: `t` at 1:14'],
    ['CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)', 'SQLite: AUTOINCREMENT at 1:40'],
    ['PRAGMA foreign_keys = ON;\nCREATE TABLE t (id int);', 'SQLite: PRAGMA at 1:1'],
    ['CREATE TABLE t (id int PRIMARY KEY) WITHOUT ROWID', 'SQLite: WITHOUT ROWID at 1:45'],
    ['CREATE TABLE [dbo].[t] (id INT IDENTITY(1,1))', 'SQL Server: [dbo] at 1:15'],
    ['CREATE TABLE t (id INT IDENTITY(1, 1))', 'SQL Server: IDENTITY(1,1) at 1:24'],
  ])('%s', (up, expected) => {
    expect(serverOf(up)).toBe(expected)
  })

  test.each([
    ["COMMENT ON TABLE t IS 'ENGINE = InnoDB, AUTO_INCREMENT, `x`, PRAGMA'"],
    ['-- was ENGINE = MergeTree, `id` AUTOINCREMENT\nCREATE TABLE t (id int)'],
    ['/* PRAGMA foreign_keys; */ CREATE TABLE t (id int)'],
    ["CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '`a` ENGINE=InnoDB' $$"],
    ['CREATE TABLE t ("AUTO_INCREMENT" int, auto_increment int)'],
    ["UPDATE cars SET engine = 'InnoDB' WHERE engine = memory"],
    ['CREATE TABLE engine (id int GENERATED ALWAYS AS IDENTITY (START WITH 1 INCREMENT BY 1))'],
    ['CREATE TABLE pragma (id int)'],
    ['SELECT a[dbo] FROM t'],
    ['CREATE TABLE t (id bigserial PRIMARY KEY, n int AUTO_INCREMENT)'],
  ])('none: %s', (up) => {
    expect(serverOf(up)).toBeUndefined()
  })

  test('one file among others of PostgreSQL is a mistake that its proof shows', () => {
    const table = (n: number): string => `CREATE TABLE t${n} (id int)`
    expect(serverOf(table(1), table(2), table(3), 'CREATE TABLE t4 (id int AUTO_INCREMENT)')).toBeUndefined()
    expect(serverOf('CREATE TABLE t (at timestamptz)', 'CREATE TABLE `u` (id int)')).toBeUndefined()
    expect(serverOf('CREATE TABLE `t` (id int)', table(2), table(3))).toContain('MySQL')
  })
})
