// The rule `template`.
import { describe, expect, test } from '@jest/globals'
import { of } from '../input.js'

describe('template', () => {
  const one = (up: string): readonly string[] =>
    of('template', { '00001_a.up.sql': up, '00001_a.down.sql': 'DROP TABLE t;' })

  test.each([
    ['CREATE TABLE {{ .Schema }}.t (a int);', '1:14 this file is a template: {{ .Schema }} is not SQL'],
    [
      'SELECT 2;\nCREATE TABLE "{{ index .O "N" }}".t ();',
      '2:15 this file is a template: {{ index .O "N" }} is not SQL',
    ],
    ['{% if postgres %}\nSELECT 2;', '1:1 this file is a template: {% if postgres %} is not SQL'],
    ['CREATE TABLE ${schema}.t ();', '1:14 this file is a template: ${schema} is not SQL'],
    ["SELECT '/* TEMPLATE: schema */t'::regclass;", '1:9 this file is a template: /* TEMPLATE: schema */ is not SQL'],
  ])('%j', (up, text) => {
    expect(one(up)).toEqual([`warning template 00001_a.up.sql:${text}`])
  })

  test.each([
    `INSERT INTO t VALUES ('{{1,2},{3,4}}', '{"a": "{{.x}}"}', $$Hello {{ name }}$$);`,
    'SELECT 2; -- was {{ .Schema }}',
    'SELECT 2; /* the TEMPLATE of a row */',
    'CREATE DATABASE d TEMPLATE template0;',
  ])('is silent on %j', (up) => {
    expect(one(up)).toEqual([])
  })

  test('many files are one finding', () => {
    const files = { '1_a.up.sql': 'DROP TABLE {{ .a }};', '1_a.down.sql': 'DROP TABLE {{ .a }};' }
    expect(of('template', files)).toEqual([
      'warning template 1_a.up.sql:1:12 2 files are templates: {{ .a }} is not SQL',
    ])
  })
})
