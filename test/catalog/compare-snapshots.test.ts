import { describe, expect, test } from '@jest/globals'
import { compareSnapshots } from '../../src/catalog/compare-snapshots.js'
import { sameness, type Difference } from '../../src/catalog/difference.js'

type Row = readonly [string, string, Record<string, unknown>]
const snapshot = (units: Readonly<Record<string, readonly Row[]>>): Map<string, string> =>
  new Map(Object.entries(units).map(([unit, rows]) => [unit, JSON.stringify(rows)]))
const table = (
  name: string,
  columns: readonly string[],
  more: readonly Row[] = [],
): Record<string, readonly Row[]> => ({
  [`relation ${name}`]: [
    ['table', name, { owner: 'o' }],
    ...columns.map((column, index): Row => ['column', `${name}.${column}`, { pos: index + 1, type: 'text' }]),
    ...more,
  ],
})
const say = (differences: readonly Difference[]): readonly string[] =>
  differences.map((d) =>
    [
      d.change,
      d.class === 'column-order' ? '(order)' : '',
      d.kind,
      d.identity,
      '|',
      d.before ?? '',
      '->',
      d.after ?? '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  )
const index = (name: string): Row => ['index', `public.${name}`, { def: `CREATE INDEX ${name}` }]
const compare = (before: Parameters<typeof snapshot>[0], after: Parameters<typeof snapshot>[0]): readonly string[] =>
  say(compareSnapshots(snapshot(before), snapshot(after)))

describe('two snapshots', () => {
  test('that are equal have no differences', () => {
    expect(compare(table('public.t', ['a']), table('public.t', ['a']))).toEqual([])
  })

  test('a relation that came or went is one difference', () => {
    const users = table(
      'public.users',
      ['id', 'email'],
      [
        index('users_email'),
        ['constraint', 'public.users.users_pkey', { def: 'PRIMARY KEY (id)' }],
        ['comment', 'table column public.users.id', { text: 'c' }],
      ],
    )
    expect(compare({}, users)).toEqual(['left behind table public.users | -> 2 columns, 1 constraint, 1 index'])
    expect(compare(users, {})).toEqual(['lost table public.users | 2 columns, 1 constraint, 1 index ->'])
  })

  test('the sequences of a relation go with it, others do not', () => {
    const sequence = (name: string, by: string): Record<string, readonly Row[]> => ({
      [`relation ${name}`]: [['sequence', name, { owner: 'o', type: 'bigint', start: 1, owned_by: by }]],
    })
    const after = {
      ...table('public.t', ['id']),
      ...sequence('public.t_id_seq', 'public.t.id'),
      ...sequence('public.t_no_seq', 'identity of public.t.no'),
      ...sequence('public.other', 'public.tt.id'),
    }
    expect(compare({}, after)).toEqual([
      'left behind sequence public.other | -> AS bigint START 1 OWNED BY public.tt.id',
      'left behind table public.t | -> 1 column',
    ])
  })

  test('reports each object inside a relation, with the relation as its parent', () => {
    const found = compareSnapshots(
      snapshot(table('public.t', ['a', 'b'], [index('i'), ['comment', 'index public.i', { text: 'x' }]])),
      snapshot(table('public.t', ['a', 'c'])),
    )
    expect(say(found)).toEqual([
      'lost column public.t.b | text ->',
      'left behind column public.t.c | -> text',
      'lost index public.i | CREATE INDEX i ->',
    ])
    expect(found.map((d) => d.parent)).toEqual(['table public.t', 'table public.t', 'table public.t'])
  })

  test('reports a comment that came alone', () => {
    const after = table('public.t', ['a'], [['comment', 'table column public.t.a', { text: 'x' }]])
    expect(compare(table('public.t', ['a']), after)).toEqual(["left behind comment table column public.t.a | -> 'x'"])
  })

  test('the table itself comes before what it holds', () => {
    const after = { 'relation public.t': [['table', 'public.t', { owner: 'p' }], index('i')] satisfies Row[] }
    expect(compare(table('public.t', []), after)).toEqual([
      'changed table public.t | owner o -> owner p',
      'left behind index public.i | -> CREATE INDEX i',
    ])
  })

  test('another kind under the same name is lost and left behind', () => {
    const before = { 'relation public.t': [['table', 'public.t', { owner: 'o' }]] satisfies Row[] }
    const after = { 'relation public.t': [['view', 'public.t', { owner: 'o', query: 'SELECT 1' }]] satisfies Row[] }
    expect(compare(before, after)).toEqual([
      'lost table public.t | owner o ->',
      'left behind view public.t | -> SELECT 1',
    ])
  })

  test('units that only collect objects work without a subject', () => {
    const before = { rare: [['cast', '(a AS b)', { castcontext: 'e' }]] satisfies Row[] }
    const after = {
      rare: [
        ['cast', '(a AS b)', { castcontext: 'i' }],
        ['role', 'r', { rolsuper: true }],
      ] satisfies Row[],
    }
    expect(compare(before, after)).toEqual([
      'changed cast (a AS b) | castcontext e -> castcontext i',
      'left behind role r | -> SUPERUSER',
    ])
  })

  test('only the given units are looked at, and the order does not depend on the maps', () => {
    const before = snapshot({ ...table('public.b', ['x']), ...table('public.a', ['x']) })
    const reversed = new Map([...before].reverse())
    expect(compareSnapshots(before, new Map())).toEqual(compareSnapshots(reversed, new Map()))
    expect(say(compareSnapshots(before, new Map(), ['relation public.b']))).toEqual([
      'lost table public.b | 1 column ->',
    ])
  })
})

describe('column order', () => {
  test('a column dropped and added again in the middle moved; those behind it did not', () => {
    const found = compareSnapshots(
      snapshot(table('public.t', ['a', 'b', 'c', 'd'])),
      snapshot(table('public.t', ['a', 'c', 'd', 'b'])),
    )
    expect(say(found)).toEqual(['changed (order) column public.t.b | position 2 -> position 4'])
    expect(sameness(found)).toBe('column-order')
  })

  test('a lost column shifts the others without moving them', () => {
    expect(compare(table('public.t', ['a', 'b', 'c']), table('public.t', ['a', 'c']))).toEqual([
      'lost column public.t.b | text ->',
    ])
  })

  test('reports a column that changed and moved as changed', () => {
    const after = table('public.t', ['b'], [['column', 'public.t.a', { pos: 2, type: 'integer' }]])
    expect(compare(table('public.t', ['a', 'b']), after)).toEqual(['changed column public.t.a | text -> integer'])
  })

  test('real differences come before column order', () => {
    const found = compareSnapshots(
      snapshot(table('public.t', ['a', 'b'], [index('i')])),
      snapshot(table('public.t', ['b', 'a'])),
    )
    expect(found.map((d) => d.class)).toEqual(['real', 'column-order'])
    expect(sameness(found)).toBe('differs')
  })

  test('a difference of nothing but positions is never silent', () => {
    const shifted = {
      'relation public.t': [
        ['table', 'public.t', { owner: 'o' }],
        ['column', 'public.t.a', { pos: 3, type: 'text' }],
      ] satisfies Row[],
    }
    expect(compare(table('public.t', ['a']), shifted)).toEqual([
      'changed (order) column public.t.a | position 1 -> position 3',
    ])
  })

  test('a view whose text changed with the order is a real difference', () => {
    const view = (query: string): Record<string, readonly Row[]> => ({
      'relation public.v': [
        ['view', 'public.v', { owner: 'o', query }],
        ['column', 'public.v.a', { pos: 1, type: 'text' }],
      ],
    })
    expect(sameness(compareSnapshots(snapshot(view('SELECT a, b')), snapshot(view('SELECT b, a'))))).toBe('differs')
  })
})
