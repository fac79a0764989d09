// Derived downs from snapshots written by hand: what is said, in which order, and what is guessed.
import { describe, expect, test } from '@jest/globals'
import { deriveDown, type DerivedDown } from '../../src/catalog/derive/down.js'
import type { Fates } from '../../src/catalog/identity.js'
import { inOrder } from '../../src/catalog/derive/order.js'
import { lastPart, namesIn, parentOf, partsOf, renamedIn } from '../../src/catalog/derive/names.js'

type Row = readonly [kind: string, identity: string, definition: Readonly<Record<string, unknown>>]
type Units = Readonly<Record<string, readonly Row[]>>

const column = (identity: string, type: string, more: Readonly<Record<string, unknown>> = {}): Row => [
  'column',
  identity,
  { type, ...more },
]
const table = (identity: string, ...parts: readonly Row[]): Units => ({
  [`relation ${identity}`]: [['table', identity, { owner: 'me' }], ...parts],
})
const snapshot = (...units: readonly Units[]): ReadonlyMap<string, string> =>
  new Map(Object.entries(Object.assign({}, ...units) as Units).map(([unit, rows]) => [unit, JSON.stringify(rows)]))

const derive = (before: readonly Units[], after: readonly Units[], fates: Fates = new Map()): DerivedDown =>
  deriveDown(snapshot(...before), snapshot(...after), { fates })

/** A group of the state before with another name after it, or columns of it with other names. */
const fate = (group: string, to: string, columns: Readonly<Record<string, string>> = {}): Fates =>
  new Map([[group, { to, columns: new Map(Object.entries(columns)) }]])

const users = (...parts: readonly Row[]): Units => table('public.users', column('public.users.id', 'integer'), ...parts)

describe('columns and tables', () => {
  test('nothing to undo', () => {
    expect(derive([users()], [users()])).toEqual({ statements: [], notes: [], loses: [], alone: [] })
  })

  test('drops what is new and reports its data loss', () => {
    const after = [
      users(column('public.users.phone', 'text')),
      table('public."My t"', column('public."My t".id', 'text')),
    ]
    expect(derive([users()], after)).toEqual({
      statements: ['ALTER TABLE public.users DROP COLUMN phone', 'DROP TABLE public."My t"'],
      notes: [],
      loses: ['what the column public.users.phone holds', 'the table public."My t" with all its rows'],
      alone: [],
    })
  })

  test('what is gone is made again, and its data missed', () => {
    const { statements, notes, loses } = derive(
      [users(column('public.users.phone', 'text', { notnull: true }), column('public.users.fax', 'text'))],
      [users(column('public.users.fax', 'text'))],
    )
    expect(statements).toEqual(['ALTER TABLE public.users ADD COLUMN phone text NOT NULL'])
    expect(notes).toEqual([
      expect.stringContaining('comes last in its table, so the position of phone in public.users changes'),
      expect.stringContaining('it cannot be restored in a table with rows'),
    ])
    expect(loses).toEqual([])
  })

  test('another name is a rename only of the same column', () => {
    const before = [users(column('public.users.mail', 'text'))]
    const after = [users(column('public.users.email', 'text'))]
    expect(
      derive(before, after, fate('relation public.users', 'relation public.users', { mail: 'email' })).statements,
    ).toEqual(['ALTER TABLE public.users RENAME COLUMN email TO mail'])
    expect(derive(before, after).statements).toEqual([
      'ALTER TABLE public.users DROP COLUMN email',
      'ALTER TABLE public.users ADD COLUMN mail text',
    ])
  })

  test('a renamed table keeps its rows; a column of the old name is left alone', () => {
    const body = (name: string): Units =>
      table(`public.${name}`, column(`public.${name}.id`, 'bigint'), column(`public.${name}.people`, 'text'))
    expect(
      derive([body('person')], [body('people')], fate('relation public.person', 'relation public.people')),
    ).toMatchObject({
      statements: ['ALTER TABLE public.people RENAME TO person'],
      loses: [],
    })
  })

  test('a type change goes by way of text where there is no cast', () => {
    const of = (type: string): readonly Units[] => [users(column('public.users.at', type))]
    const way = (from: string, to: string): string | undefined => derive([...of(to)], [...of(from)]).statements[0]
    expect(way('bigint', 'integer')).toMatch(/TYPE integer USING at::integer$/)
    expect(way('bigint', 'timestamp with time zone')).toMatch(/USING at::text::timestamp with time zone$/)
    expect(way('jsonb', 'text')).toMatch(/USING at::text$/)
  })
})

describe('order', () => {
  test('foreign keys go before the tables, and come after them', () => {
    const pair = [
      table('public.a', column('public.a.id', 'integer'), [
        'constraint',
        'public.a.a_b',
        { def: 'FOREIGN KEY (id) REFERENCES public.b(id)' },
      ]),
      table(
        'public.b',
        column('public.b.id', 'integer', { notnull: true }),
        ['index', 'public.b_pkey', { def: 'CREATE UNIQUE INDEX b_pkey ON public.b USING btree (id)' }],
        ['constraint', 'public.b.b_pkey', { def: 'PRIMARY KEY (id)', index: 'public.b_pkey' }],
      ),
    ]
    expect(derive([], pair).statements).toEqual(['DROP TABLE public.a', 'DROP TABLE public.b'])
    const made = derive(pair, []).statements
    expect(made.map((sql) => sql.split('\n')[0])).toEqual([
      'CREATE TABLE public.a (',
      'CREATE TABLE public.b (',
      'ALTER TABLE public.a ADD CONSTRAINT a_b FOREIGN KEY (id) REFERENCES public.b(id)',
    ])
    expect(made[1]).toContain('    id integer NOT NULL,\n    CONSTRAINT b_pkey PRIMARY KEY (id)\n')
  })

  test('an enum that lost a value is created again under its dependents', () => {
    const state = (...labels: readonly string[]): readonly Units[] => [
      { 'type public.mood': [['enum', 'public.mood', { owner: 'me', labels }]] },
      users(column('public.users.mood', 'public.mood', { default: "'ok'::public.mood" })),
      {
        'relation public.v': [
          ['view', 'public.v', { owner: 'me', query: ' SELECT users.mood FROM public.users;' }],
          column('public.v.mood', 'public.mood'),
        ],
      },
    ]
    const { statements, notes } = derive(state('ok'), state('ok', 'sad'))
    expect(statements.map((sql) => sql.replaceAll(/\s+/g, ' '))).toEqual([
      'DROP VIEW public.v',
      'ALTER TABLE public.users ALTER COLUMN mood DROP DEFAULT',
      'ALTER TYPE public.mood RENAME TO mood_set_aside',
      "CREATE TYPE public.mood AS ENUM ('ok')",
      'ALTER TABLE public.users ALTER COLUMN mood TYPE public.mood USING mood::text::public.mood',
      'DROP TYPE public.mood_set_aside',
      "ALTER TABLE public.users ALTER COLUMN mood SET DEFAULT 'ok'::public.mood",
      'CREATE VIEW public.v AS SELECT users.mood FROM public.users',
    ])
    expect(notes).toEqual([expect.stringContaining("Rows that hold 'sad' make the line fail.")])
    expect(derive(state('ok', 'sad'), state('ok')).statements).toEqual([
      "ALTER TYPE public.mood ADD VALUE 'sad' AFTER 'ok'",
    ])
  })

  test('what waits for each other in a circle goes by rank', () => {
    const steps = [
      { sql: ['b'], rank: 2, removes: ['b'], frees: 'a' },
      { sql: ['a'], rank: 1, removes: ['a'], frees: 'b' },
    ]
    expect(inOrder(steps).flatMap(({ sql }) => sql)).toEqual(['a', 'b'])
  })
})

describe('sequences', () => {
  const limits = { type: 'bigint', start: '1', increment: '1', min: '1', cache: '1' }
  const serial = (): ReadonlyMap<string, string> =>
    new Map([
      ...snapshot(
        table(
          'public.t',
          column('public.t.id', 'bigint', { notnull: true, default: "nextval('public.t_id_seq'::regclass)" }),
        ),
      ),
      [
        'relation public.t_id_seq',
        JSON.stringify([
          [
            'sequence',
            'public.t_id_seq',
            { owner: 'me', ...limits, max: '9223372036854775807', owned_by: 'public.t.id' },
          ],
        ]),
      ],
    ])

  test('a serial column is one with its sequence', () => {
    expect(deriveDown(serial(), new Map(), { fates: new Map() }).statements).toEqual([
      'CREATE TABLE public.t (\n    id bigserial\n)',
    ])
    expect(deriveDown(new Map(), serial(), { fates: new Map() }).statements).toEqual(['DROP TABLE public.t'])
  })
})

describe('grants', () => {
  const granted = (acl?: string): readonly Units[] => [
    { 'relation public.t': [['table', 'public.t', { owner: 'me', ...(acl === undefined ? {} : { acl }) }]] },
  ]
  test.each([
    [undefined, 'me=arwdDxt/me, app=ra*/me', ['REVOKE SELECT, INSERT ON TABLE public.t FROM app']],
    ['me=arwdDxt/me, =r/me', undefined, ['GRANT SELECT ON TABLE public.t TO PUBLIC']],
    [
      'me=arwdDxt/me, app=r*w/me',
      'me=arwdDxt/me',
      ['GRANT UPDATE ON TABLE public.t TO app', 'GRANT SELECT ON TABLE public.t TO app WITH GRANT OPTION'],
    ],
    [
      undefined,
      'nobody',
      ['GRANT INSERT, SELECT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE public.t TO me'],
    ],
  ])('from %s after the up to %s', (before, after, statements) => {
    expect(derive(granted(before), granted(after)).statements).toEqual(statements)
  })
})

test('notes what it cannot derive', () => {
  const cast: Units = { 'cast (a AS b)': [['cast', '(a AS b)', { castcontext: 'i' }]] }
  expect(derive([cast], [])).toEqual({
    statements: [],
    notes: ['The catalogue holds too little to roll back the change of the cast (a AS b): it is gone.'],
    loses: [],
    alone: [],
  })
})

describe('names', () => {
  test('are taken apart at dots outside of quotes', () => {
    expect(partsOf('public."a.b".c')).toEqual(['public', '"a.b"', 'c'])
    expect(partsOf('public.f(a numeric, b public.t)')).toEqual(['public', 'f'])
    expect([lastPart('public."a ""x""."'), parentOf('public.t.c')]).toEqual(['"a ""x""."', 'public.t'])
  })
  test('are found as whole words, also inside of strings', () => {
    expect([...namesIn(`nextval('public.t_seq'::regclass)`)]).toEqual(['nextval', 'public', 't_seq', 'regclass'])
    expect(renamedIn('a.aa = "a" + a', 'a', 'b')).toBe('b.aa = "a" + b')
  })
})
