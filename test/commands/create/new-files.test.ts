// Names of new migrations, held against folders as tools and teams write them.
import { describe, expect, test } from '@jest/globals'
import { newName } from '../../../src/commands/create/new-files.js'
import type { LayoutName } from '../../../src/model/migration.js'
import type { SourceFile } from '../../../src/model/source.js'
import { toolNamed } from '../../../src/tools/tools.js'
import { databaseConfig } from '../../support/migrations.js'

const NOW = Date.UTC(2026, 10, 26, 2, 5, 9)
const TEXT: Partial<Record<LayoutName, string>> = {
  goose: '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n',
  'sql-migrate': '-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 1;\n',
  dbmate: '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n',
}

function nameIn(layout: LayoutName, names: readonly string[], title = 'add phone', kind: 'schema' | 'seed' = 'schema') {
  const text = TEXT[layout] ?? 'SELECT 1;\n'
  const files: readonly SourceFile[] = names.map((name) => ({
    path: `db/${name}`,
    name,
    text,
    unreadable: undefined,
    bytes: new TextEncoder().encode(text),
  }))
  const tool = toolNamed(layout)
  const { migrations } = tool.files.read(files, { kind, config: databaseConfig, environment: {} })
  return newName({ neighbours: { tool, migrations, files }, title, kind, now: NOW })
}

const both = (up: string, down: string, ...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`${name}${up}`, `${name}${down}`])
const dots = (...names: readonly string[]): readonly string[] => both('.up.sql', '.down.sql', ...names)

describe('pairs', () => {
  test.each([
    [[], '00001_add_phone.up.sql', '00001_add_phone.down.sql'],
    [dots('00001_a', '00002_b', '00009_c'), '00010_add_phone.up.sql', '00010_add_phone.down.sql'],
    [dots('1_a', '2_b', '9_c'), '10_add_phone.up.sql', '10_add_phone.down.sql'],
    [dots('000001_a', '000002_b', '000003_c'), '000004_add_phone.up.sql', '000004_add_phone.down.sql'],
    [
      dots('V0001.Initial_Schema', 'V0002.WebAuthn', 'V0003.OpenIDConnect'),
      'V0004.add_phone.up.sql',
      'V0004.add_phone.down.sql',
    ],
    [
      ['0001.do.a.sql', '0001.undo.a.sql', '0002.do.b.sql', '0002.undo.b.sql', '0003.do.c.sql', '0003.undo.c.sql'],
      '0004.do.add_phone.sql',
      '0004.undo.add_phone.sql',
    ],
    [
      ['V1__a.sql', 'U1__a.sql', 'V2__b.sql', 'U2__b.sql', 'V3__c.sql', 'U3__c.sql'],
      'V4__add_phone.sql',
      'U4__add_phone.sql',
    ],
    [
      ['V1__a.sql', 'U1__a.sql', 'V2__b.sql', 'U2__b.sql', 'V2.1__c.sql', 'U2.1__c.sql'],
      'V3__add_phone.sql',
      'U3__add_phone.sql',
    ],
    [['V1__a.sql', 'V1.1__b.sql', 'U1__a.sql'], 'V2__add_phone.sql', 'U2__add_phone.sql'],
    [
      both('.tx.up.sql', '.tx.down.sql', '20240101000000_a', '20240102000000_b'),
      '20261126020509_add_phone.tx.up.sql',
      '20261126020509_add_phone.tx.down.sql',
    ],
    [
      ['00001_a.postgres.up.sql', '00002_b.postgres.up.sql', '00003_c.postgres.up.sql'],
      '00004_add_phone.postgres.up.sql',
      '00004_add_phone.postgres.down.sql',
    ],
    [[...dots('00001_a', '00002_b'), '00003_c.notx.up.sql'], '00004_add_phone.up.sql', '00004_add_phone.down.sql'],
    [['V1__a.sql', 'V2__b.sql', 'V3__c.sql'], 'V4__add_phone.sql', 'U4__add_phone.sql'],
    [['1_a.sql', '2_b.sql', '3_c.sql'], '4_add_phone.sql', '4_add_phone.down.sql'],
    [
      dots('20240101000000_a', '20240102000000_b', '20240103000000_c'),
      '20261126020509_add_phone.up.sql',
      '20261126020509_add_phone.down.sql',
    ],
    [
      dots('0001_a', '0002_b', '0003_c', '0004_d', '20240101000000_e', '20240102000000_f', '20240103000000_g'),
      '20261126020509_add_phone.up.sql',
      '20261126020509_add_phone.down.sql',
    ],
    [dots('001-a', '002-b-c', '003-d-e'), '004-add-phone.up.sql', '004-add-phone.down.sql'],
  ])('%j: %s', (names, up, down) => {
    expect(nameIn('pairs', names)).toMatchObject({ up, down })
  })

  test.each([
    ['Add Phone', 'add_phone'],
    ['addPhoneNumber', 'add_phone_number'],
    ['  add  phone!  ', 'add_phone'],
    ['../../etc/passwd', 'etc_passwd'],
    ['drop "users"; --', 'drop_users'],
    ['höhe', 'h_he'],
  ])('%s becomes %s', (title, words) => {
    expect(nameIn('pairs', dots('00001_a', '00002_b', '00003_c'), title)).toMatchObject({
      up: `00004_${words}.up.sql`,
    })
  })

  test('nothing left of it is no name', () => {
    expect(nameIn('pairs', [], '...')).toBe('no words')
    expect(nameIn('pairs', [], 'ß')).toBe('no words')
  })

  test('the first seed leaves room for the versions of the schema', () => {
    expect(nameIn('pairs', [], 'admin', 'seed')).toMatchObject({ up: '00010_admin.up.sql' })
  })
})

test.each<[LayoutName, readonly string[], string, string]>([
  ['goose', ['00001_a.sql', '00002_b.sql', '00003_c.sql'], '00004_add_phone.sql', '00004_add_phone.sql'],
  ['goose', [], '00001_add_phone.sql', '00001_add_phone.sql'],
  ['sql-migrate', ['1_a.sql', '2_b.sql', '10_c.sql'], '11_add_phone.sql', '11_add_phone.sql'],
  [
    'sql-migrate',
    ['20240101000000-a.sql', '20240102000000-b.sql', '20240103000000-c.sql'],
    '20261126020509-add_phone.sql',
    '20261126020509-add_phone.sql',
  ],
  [
    'dbmate',
    ['20240101000000_a.sql', '20240102000000_b.sql', '20240103000000_c.sql'],
    '20261126020509_add_phone.sql',
    '20261126020509_add_phone.sql',
  ],
  [
    'directories',
    ['2020-02-08-145624_a', '2020-02-09-145624_b', '2020-02-10-145624_c'].flatMap((name) => [
      `${name}/up.sql`,
      `${name}/down.sql`,
    ]),
    '2026-11-26-020509_add_phone/up.sql',
    '2026-11-26-020509_add_phone/down.sql',
  ],
  ['directories', [], '00001_add_phone/up.sql', '00001_add_phone/down.sql'],
])('%s %j: %s', (layout, names, up, down) => {
  expect(nameIn(layout, names)).toMatchObject({ up, down })
})
