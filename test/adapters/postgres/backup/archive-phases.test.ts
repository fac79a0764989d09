import { expect, test } from '@jest/globals'
import {
  afterEachRoutines,
  holdsRoutines,
  isRowsOf,
  phasesOf,
} from '../../../../src/adapters/postgres/backup/archive-phases.js'
import { groupsOf } from '../../../../src/adapters/postgres/restorability/load-order.js'

const HEAD = ';\n; Archive created at 2026-11-30 11:28:07 UTC\n;     TOC Entries: 8\n;\n'
const FUNCTION = '217; 1255 16765 FUNCTION public f(text) postgres'
const COMMENT = '3361; 0 0 COMMENT public FUNCTION f(text) postgres'
const TABLE = '215; 1259 16766 TABLE public items postgres'
const RIGHTS = '3360; 0 0 ACL public TABLE items postgres'
const ROWS = '3352; 0 16766 TABLE DATA public items postgres'
const ODD = '3353; 0 16770 TABLE DATA Other App odd name postgres'
const INDEX = '3208; 2606 16772 CONSTRAINT public items items_pkey postgres'

test('the list of an archive in parts, with the rights after the rows', () => {
  const preData = `${HEAD}${[FUNCTION, COMMENT, TABLE, RIGHTS].join('\n')}\n`
  expect(holdsRoutines(preData)).toBe(true)
  expect(holdsRoutines(`${HEAD}${TABLE}\n`)).toBe(false)
  expect(phasesOf({ preData, data: `${HEAD}${ROWS}\n`, postData: `${HEAD}${INDEX}\n` })).toEqual({
    before: [FUNCTION, COMMENT, TABLE],
    rows: [ROWS],
    after: [INDEX, RIGHTS],
  })
})

test('a part ends after each run of routines', () => {
  expect(afterEachRoutines([TABLE, FUNCTION, COMMENT, FUNCTION, TABLE, TABLE, FUNCTION])).toEqual([
    [TABLE, FUNCTION, COMMENT, FUNCTION],
    [TABLE, TABLE, FUNCTION],
  ])
})

test('finds the rows of a table, also with spaces in its name', () => {
  expect([ROWS, ODD, TABLE].map((line) => isRowsOf(line, new Set(['Other App odd name'])))).toEqual([
    false,
    true,
    false,
  ])
  expect([ROWS, ODD, TABLE].map((line) => isRowsOf(line, new Set(['public items'])))).toEqual([true, false, false])
})

test('a table waits for those that are read while it is loaded', () => {
  const table = (name: string) => ({ oid: name, schema: 'public', name })
  const waits = (name: string, source: string) => ({ table: table(name), source: table(source) })
  expect(groupsOf([])).toEqual([])
  expect(groupsOf([waits('a', 'z'), waits('b', 'a'), waits('c', 'z'), waits('d', 'd')])).toEqual([
    ['public a', 'public c'],
    ['public b'],
  ])
  expect(groupsOf([waits('a', 'b'), waits('b', 'a')])).toEqual([['public a', 'public b']])
})
