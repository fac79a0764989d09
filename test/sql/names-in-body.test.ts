import { describe, expect, test } from '@jest/globals'
import { namesInBody } from '../../src/sql/names-in-body.js'

const text = ({ schema, name }: { schema: string | undefined; name: string }): string =>
  schema === undefined ? name : `${schema}.${name}`
const relations = (body: string): readonly string[] =>
  namesInBody(body).relations.map((one) => (one.use === 'read' ? text(one) : `${text(one)} (written)`))
const routines = (body: string): readonly string[] => namesInBody(body).routines.map(text)
const types = (body: string): readonly string[] => namesInBody(body).types.map(text)

describe('relations', () => {
  test.each([
    ['BEGIN RETURN EXISTS (SELECT 1 FROM kinds WHERE name = k); END', ['kinds']],
    ['SELECT p FROM public.pre LIMIT 1', ['public.pre']],
    ['SELECT * FROM a, b AS c JOIN d ON c.x = d.x, "E f" WHERE a.x IN (SELECT y FROM g)', ['a', 'b', 'd', 'E f', 'g']],
    ['SELECT * FROM (a JOIN b USING (x)) j, ONLY c, LATERAL (SELECT 1 FROM d) e', ['a', 'b', 'c', 'd']],
    ['WITH w AS (SELECT 1 FROM a), v (x) AS NOT MATERIALIZED (SELECT 2) SELECT * FROM w JOIN v ON true', ['a']],
    ['INSERT INTO log (a, b) SELECT x, y FROM t', ['log (written)', 't']],
    ['UPDATE t SET x = 1 FROM u WHERE t.id = u.id', ['t (written)', 'u']],
    ['DELETE FROM t USING u WHERE t.id = u.id', ['t (written)', 'u']],
    ['FOR r IN SELECT * FROM t LOOP x := r.y; END LOOP', ['t']],
    ['SELECT extract(year FROM created), substring(a FROM 2), trim(both FROM b) FROM t', ['t']],
    ['RETURN a IS DISTINCT FROM kinds', []],
    ['FETCH NEXT FROM kinds INTO r', []],
    ['SELECT x INTO kinds FROM t', ['t']],
    ["RETURN 'FROM kinds' -- FROM kinds", []],
    ['SELECT * FROM unnest(a) WITH ORDINALITY AS kinds (x, n)', []],
    ['SELECT * FROM t ORDER BY a, b', ['t']],
    ['SELECT count(*) FROM t GROUP BY a, b', ['t']],
    ['INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2', ['t (written)']],
    ['SELECT 1 FROM t FOR UPDATE', ['t']],
  ])('%s', (body, expected) => {
    expect(relations(body)).toEqual(expected)
  })
})

describe('routines', () => {
  test.each([
    ['BEGIN RETURN inner_f(t); END', ['inner_f']],
    ['SELECT public.inner_f(t) || lower(x)', ['public.inner_f', 'lower']],
    ['PERFORM "Odd Name"(1)', ['Odd Name']],
    ['SELECT * FROM all_kinds(1) k, unnest(a) AS u(x)', ['all_kinds', 'unnest']],
    ['DECLARE c CURSOR (n int) FOR SELECT 1; BEGIN OPEN c(1); FOR r IN c(2) LOOP END LOOP', []],
    ['INSERT INTO t (a) VALUES (f(1))', ['f']],
    ['WITH w (a) AS (SELECT 1) SELECT * FROM w', []],
    ['SELECT inner_f', []],
  ])('%s', (body, expected) => {
    const known = new Set(['values', 'in', 'exists', 'count'])
    expect(routines(body).filter((one) => !known.has(one))).toEqual(expected)
  })
})

test('types of casts, collations, and other names with a schema', () => {
  const body = `SELECT a::mood, b::public.mood[], CAST(c AS mood2), d::double precision, '1'::"Odd", e COLLATE mine, f.g`
  expect(types(body)).toEqual(['mood', 'public.mood', 'mood2', 'double', 'Odd', 'mine', 'f.g'])
})

test('operators, statements that are built from text, and search_path', () => {
  expect(namesInBody(`SELECT a -> 'x', b @> c, d >=-1, e <-> f`).operators).toEqual(['->', '@>', '>=', '<->'])
  expect(namesInBody(`DECLARE v kinds%ROWTYPE; w kinds.name%TYPE`).operators).toEqual([])
  expect(namesInBody(`EXECUTE format('SELECT 1 FROM %I', 'kinds')`)).toMatchObject({
    runsText: true,
    texts: ['SELECT 1 FROM %I', 'kinds'],
  })
  expect(namesInBody(`PERFORM set_config('search_path', 'public', true)`)).toMatchObject({ setsPath: true })
})
