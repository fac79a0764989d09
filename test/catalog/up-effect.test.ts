// What rules read of an up: objects made, changed and removed, and the catalogue after it.
import { expect, test } from '@jest/globals'
import { effectsOf, type DocumentChange } from '../../src/catalog/up-effect.js'

type Row = readonly [kind: string, identity: string, definition: Readonly<Record<string, unknown>>]
const document = (...rows: readonly Row[]): string => JSON.stringify(rows)
const GROUP = 'relation public.t'
const table: Row = ['table', 'public.t', {}]
const id: Row = ['column', 'public.t.id', { type: 'integer' }]
const name: Row = ['column', 'public.t.name', { type: 'text' }]
const wide: Row = ['column', 'public.t.id', { type: 'bigint' }]

const change = (before: string | undefined, after: string | undefined, group = GROUP): DocumentChange => ({
  before: new Map([[group, before]]),
  after: new Map([[group, after]]),
})
const names = (objects: readonly { readonly kind: string; readonly identity: string }[]): readonly string[] =>
  objects.map(({ kind, identity }) => `${kind} ${identity}`)

const chain = effectsOf(new Map([['relation public.old', document(['table', 'public.old', {}])]]), [
  { id: '1', change: change(undefined, document(table, id)) },
  { id: '2', change: change(document(table, id), document(table, name, wide)) },
  { id: '3', change: change(document(['table', 'public.old', {}]), undefined, 'relation public.old') },
  { id: '4', change: change(document(table, name, wide), undefined) },
])

test('objects that an up made, changed and removed, with their group', () => {
  const [first, second, third, fourth] = [...chain.values()]
  expect(names(first?.made ?? [])).toEqual(['table public.t', 'column public.t.id'])
  expect([first?.changed, first?.removed]).toEqual([[], []])
  expect(names(second?.made ?? [])).toEqual(['column public.t.name'])
  expect(second?.changed).toMatchObject([
    { before: { definition: { type: 'integer' } }, after: { group: GROUP, definition: { type: 'bigint' } } },
  ])
  expect(names(third?.removed ?? [])).toEqual(['table public.old'])
  expect(names(fourth?.removed ?? [])).toEqual(['table public.t', 'column public.t.name', 'column public.t.id'])
})

test('a column that only moves is not changed', () => {
  const moved = effectsOf(new Map(), [
    { id: '1', change: change(document(table, id, name), document(table, name, id)) },
  ])
  expect(moved.get('1')).toMatchObject({ made: [], changed: [], removed: [] })
})

test('the catalogue after each up, whichever up made it', () => {
  const after = (migration: string, group: string): readonly string[] =>
    names(chain.get(migration)?.objectsAfter(group) ?? [])
  expect(after('1', GROUP)).toEqual(['table public.t', 'column public.t.id'])
  expect(after('3', GROUP)).toEqual(['table public.t', 'column public.t.name', 'column public.t.id'])
  expect(after('4', GROUP)).toEqual([])
  expect(after('2', 'relation public.old')).toEqual(['table public.old'])
  expect(after('3', 'relation public.old')).toEqual([])
  expect(after('1', 'relation public.unknown')).toEqual([])
})
