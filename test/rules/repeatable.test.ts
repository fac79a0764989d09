// Migrations without a version: no rule about pairs, downs, names, versions or merged files is about them.
import { expect, test } from '@jest/globals'
import { changeOf } from '../../src/model/change.js'
import { runRules } from '../../src/rules/run.js'
import type { RuleInput } from '../../src/rules/rule.js'
import { migration, repeatable } from '../support/migrations.js'
import { inputOfMigrations } from './input.js'

const rulesOf = (input: RuleInput): readonly string[] =>
  runRules({ input, levels: {} }).map(({ rule, migration: id }) => `${rule} ${id ?? '-'}`)

const up = 'CREATE TABLE users (id int)'
const USERS = migration({ version: '00001', name: 'users', up, down: 'DROP TABLE users' })
const PHONE = migration({ version: '00002', name: 'phone', up: 'ALTER TABLE users ADD phone text', down: undefined })
const view = (name: string, text = 'SELECT 1 AS one') => repeatable(name, `CREATE OR REPLACE VIEW ${name} AS ${text}`)

test('a folder with some is blamed for nothing that they lack', () => {
  expect(rulesOf(inputOfMigrations([USERS, view('a'), view('b')]))).toEqual([])
})

test('they are not counted where nothing else has a down', () => {
  const ups = ['3', '4', '5', '6', '7', '8'].map((n) =>
    migration({ version: `0000${n}`, name: 'x', up, down: undefined }),
  )
  expect(rulesOf(inputOfMigrations([...ups, view('a'), view('b')]))).toEqual(['unpaired -'])
  const few = inputOfMigrations([PHONE, ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => view(name))])
  expect(rulesOf(few)).toEqual(['unpaired 00002_phone'])
})

test('a change may add, edit, rename and delete them', () => {
  const base = [USERS, view('a'), view('b'), view('c'), view('d', 'SELECT 4 AS four')]
  const now = [USERS, view('a', 'SELECT 2 AS two'), view('new', 'SELECT 4 AS four'), view('other', 'SELECT 3 AS three')]
  const change = {
    ...changeOf({ now, base }),
    checksums: undefined,
    branch: 'main',
    next: '00002',
    pull: undefined,
    pulls: [],
  }
  expect(rulesOf(inputOfMigrations(now, undefined, change))).toEqual([])
})

test('the newest one that others are held against has a version', () => {
  const late = migration({ version: '00000', name: 'late', up, down: 'DROP TABLE users' })
  const base = [USERS, view('a')]
  const now = [late, ...base]
  const change = {
    ...changeOf({ now, base }),
    checksums: undefined,
    branch: 'main',
    next: '00002',
    pull: undefined,
    pulls: [],
  }
  expect(rulesOf(inputOfMigrations(now, undefined, change))).toEqual(['version-late 00000_late'])
})
