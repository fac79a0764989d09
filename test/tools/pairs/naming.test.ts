// What names of folders people and tools write, which of them are held to another name, and which never are.
import { describe, expect, test } from '@jest/globals'
import { toolNamed } from '../../../src/tools/tools.js'
import { readFiles, sources } from '../sources.js'

const CONTENT: Readonly<Record<string, string>> = {
  goose: '-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n',
  'sql-migrate': '-- +migrate Up\nSELECT 1;\n-- +migrate Down\nSELECT 1;\n',
  dbmate: '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n',
}

/** `base -> right name` of each that is misnamed; `~` where only its words are. */
function judged(layout: string, names: readonly string[], pattern?: RegExp): readonly string[] {
  const tool = toolNamed(layout)
  const files = Object.fromEntries(names.map((name) => [name, CONTENT[layout] ?? 'SELECT 1;']))
  const { migrations } = readFiles(tool, files)
  return tool.naming
    .judge({ migrations, files: sources(files) }, pattern)
    .map(
      (one) =>
        `${one.base} ${one.wrong === 'words' ? '~' : '->'} ${one.right ?? `(${one.wanted}, ${one.version} version)`}`,
    )
}

const flyway = (...versions: readonly string[]): readonly string[] =>
  versions.flatMap((version) => [`V${version}__add_x.sql`, `U${version}__add_x.sql`])
const dots = (...ids: readonly string[]): readonly string[] => ids.flatMap((id) => [`${id}.up.sql`, `${id}.down.sql`])

describe("Flyway's names in a folder of pairs are right as they are", () => {
  test.each<readonly [string, readonly string[]]>([
    ['one', flyway('1')],
    ['two', flyway('1', '2')],
    ['one with a point beside one without', flyway('1', '1.1')],
    ['undo for one alone', ['V1__a.sql', 'V1.1__add_phone.sql', 'U1__a.sql', 'R__views.sql']],
    ['one with a point among numbers', flyway('1', '2', '2.1', '3')],
    ['a number among those with a point', flyway('1.0', '1.1', '1.10', '2')],
    ['three parts', flyway('1.0.1', '1.0.2', '1.0.10')],
    ['underscores for points', flyway('1_1', '1_2', '2')],
    ['zeros in front', flyway('001', '002', '003')],
    ['zeros in front of two', flyway('001', '002')],
    ['dates', flyway('20240101', '20240102')],
    ['only ups', ['V1__a.sql', 'V2__b.sql', 'V2.1__c.sql', 'V3__d.sql']],
    ['many, and one with a point', ['1', '2', '3', '4', '5', '5.1', '6', '7', '8', '9'].map((v) => `V${v}__x.sql`)],
  ])('%s', (_name, names) => {
    expect(judged('pairs', names)).toEqual([])
  })
})

test.each<readonly [string, string, readonly string[], readonly string[]]>([
  [
    'zeros',
    'pairs',
    flyway('001', '002', '3', '004'),
    ['V3__add_x.sql -> V003__add_x.sql', 'U3__add_x.sql -> U003__add_x.sql'],
  ],
  [
    'zeros',
    'pairs',
    dots('00001_a', '2_b', '00003_c'),
    ['2_b.up.sql -> 00002_b.up.sql', '2_b.down.sql -> 00002_b.down.sql'],
  ],
  ['too many zeros', 'pairs', dots('1_a', '2_b', '3_c', '4_d'), []],
  [
    'it is unclear where the number ends',
    'pairs',
    ['V1.1__a.sql', 'U1.1__a.sql', 'V1.2_b.sql', 'U1.2__b.sql', 'V1.3__c.sql', 'U1.3__c.sql'],
    ['V1.2_b.sql -> (a name with a version written like 1.3, other version)'],
  ],
  [
    'a point among five digits is not a digit',
    'pairs',
    dots('00001_a', '00002_b', '00003_c', '00003.1__d'),
    ['00003.1__d.up.sql -> 00003.1_d.up.sql', '00003.1__d.down.sql -> 00003.1_d.down.sql'],
  ],
  [
    'a stamp cannot become a number',
    'pairs',
    dots('1_a', '2_b', '10_c', '20240101120000_d'),
    ['up', 'down'].map((d) => `20240101120000_d.${d}.sql -> (a name with a version written like 10, other version)`),
  ],
  [
    'zeros change the order of text',
    'dbmate',
    ['00001_a.sql', '2_b.sql', '00003_c.sql'],
    ['2_b.sql -> (a name with a version written like 00003, other version)'],
  ],
  ['zeros at the end of the order', 'dbmate', ['00001_a.sql', '00002_b.sql', '3_c.sql'], ['3_c.sql -> 00003_c.sql']],
  ['zeros', 'goose', ['00001_a.sql', '2_b.sql', '00003_c.sql'], ['2_b.sql -> 00002_b.sql']],
  ['a dash', 'sql-migrate', ['1_a.sql', '2-b.sql', '3_c.sql'], ['2-b.sql ~ 2_b.sql']],
  [
    'no number',
    'sql-migrate',
    ['1_a.sql', '2_b.sql', '3_c.sql', 'd-e.sql', 'd_f.sql'],
    ['d-e', 'd_f'].map((id) => `${id}.sql -> (a name with a version written like 3, other version)`),
  ],
  [
    'zeros change the order of folders',
    'directories',
    ['00001_a/up.sql', '2_b/up.sql', '00003_c/up.sql'],
    ['2_b -> (a name with a version written like 00003, other version)'],
  ],
])('%s, %s: %j', (_name, layout, names, expected) => {
  expect(judged(layout, names)).toEqual(expected)
})

test('a pattern of the config proposes no other version either', () => {
  const pattern = /^\d{5}_[a-z]+\.(?:up|down)\.sql$/
  expect(judged('pairs', dots('00001_a', '2_b', '20240101120000_c'), pattern)).toEqual([
    '2_b.up.sql -> 00002_b.up.sql',
    '2_b.down.sql -> 00002_b.down.sql',
    ...['up', 'down'].map((d) => `20240101120000_c.${d}.sql -> (a name that matches ${pattern.source}, same version)`),
  ])
})
