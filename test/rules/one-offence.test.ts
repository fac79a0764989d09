// One mistake is one finding, and doing what it says makes the check content: single mistakes in folders of every layout.
import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../src/model/finding.js'
import type { LayoutName } from '../../src/model/migration.js'
import {
  brief,
  fileOf,
  findingsIn,
  follow,
  folderOf,
  projectFor,
  renamed,
  without,
  type Change,
  type Files,
} from './folders.js'

const IDS = ['00001_a', '00002_b', '00003_c', '00004_d', '00005_e']
const LAYOUTS: readonly LayoutName[] = ['goose', 'sql-migrate', 'dbmate', 'pairs', 'directories']
const TWO_FILES: readonly LayoutName[] = ['pairs', 'directories']

/** `@` in the expected place is the file of an up: `00006_x@` is `00006_x.up.sql`, `00006_x/up.sql` or `00006_x.sql`, `%` that with `.pgsql`. */
type Mistake = {
  readonly what: string
  readonly of?: readonly LayoutName[]
  readonly make: (base: Files, layout: LayoutName) => Change
  /** With a base branch to compare with, and of the folder alone. Left out: nothing to find. */
  readonly change?: readonly string[]
  readonly whole?: readonly string[]
}

const add = (base: Files, layout: LayoutName, ...ids: readonly string[]): Files => ({
  ...base,
  ...folderOf(layout, ids),
})

/** Another ending than `.sql`. */
const withEnding = (files: Files, ending: string): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(/\.sql$/, ending), text]))

/** A new migration with another name for one of its files. */
const typo =
  (direction: 'up' | 'down', written: string) =>
  (base: Files, layout: LayoutName): Change => {
    const file = fileOf(layout, '00006_x', direction)
    return {
      base,
      now: {
        ...base,
        ...renamed(folderOf(layout, ['00006_x']), { [file]: file.replace(`${direction}.sql`, written) }),
      },
    }
  }

const MISTAKES: readonly Mistake[] = [
  { what: 'nothing', make: (base) => ({ base, now: base }) },
  { what: 'a new one', make: (base, layout) => ({ base, now: add(base, layout, '00006_x') }) },
  {
    what: 'the newest one is deleted',
    make: (base) => ({ base, now: without(base, '00005_e') }),
    change: ['error merged-deleted -'],
  },
  {
    what: 'one in the middle is deleted',
    make: (base) => ({ base, now: without(base, '00003_c') }),
    change: ['error merged-deleted -'],
  },
  {
    what: 'all are deleted, and another one comes',
    make: (base, layout) => ({ base, now: folderOf(layout, ['00006_x']) }),
    change: ['error merged-deleted -'],
  },
  {
    what: 'a merged one gets other words',
    make: (base) => ({ base, now: renamed(base, { '00003_c': '00003_z' }) }),
    change: ['error merged-renamed 00003_z@'],
  },
  {
    what: 'a merged one gets a later number',
    make: (base) => ({ base, now: renamed(base, { '00003_c': '00006_c' }) }),
    change: ['error merged-renamed 00006_c@'],
  },
  {
    what: 'a merged one gets the number of another one',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base) => ({ base, now: renamed(base, { '00005_e': '00004_e' }) }),
    change: ['error merged-renamed 00004_e@'],
    whole: ['error duplicate-version 00004_e@'],
  },
  {
    what: 'two merged ones swap their numbers: two offences',
    make: (base) => ({ base, now: renamed(base, { '00003_c': '00004_c', '00004_d': '00003_d' }) }),
    change: ['error merged-renamed 00003_d@', 'error merged-renamed 00004_c@'],
  },
  {
    what: 'all merged ones get other names',
    make: (base) => ({ base, now: renamed(base, Object.fromEntries(IDS.map((id) => [id, `${id}_x`]))) }),
    change: ['error merged-renamed 00001_a_x@'],
  },
  {
    what: 'a capital letter in a merged name',
    make: (base) => ({ base, now: renamed(base, { '00003_c': '00003_C' }) }),
    change: ['error merged-renamed 00003_C@'],
    whole: ['error file-name 00003_C@'],
  },
  {
    what: 'a merged one loses the zeros of its number',
    make: (base) => ({ base, now: renamed(base, { '00003_c': '3_c' }) }),
    change: ['error merged-renamed 3_c@'],
    whole: ['error file-name 3_c@'],
  },
  {
    what: 'a merged one loses its number',
    of: ['goose', 'sql-migrate', 'pairs', 'directories'],
    make: (base) => ({ base, now: renamed(base, { '00003_c': 'c' }) }),
    change: ['error merged-renamed c@'],
    whole: ['error file-name c@'],
  },
  {
    what: 'a letter in the number of a merged one',
    of: ['goose', 'pairs', 'directories'],
    make: (base) => ({ base, now: renamed(base, { '00003_c': '0000E_c' }) }),
    change: ['error merged-renamed 0000E_c@'],
    whole: ['error file-name 0000E_c@'],
  },
  {
    what: 'a dash after the number of a merged one',
    of: ['goose', 'pairs', 'directories'],
    make: (base) => ({ base, now: renamed(base, { '00003_c': '00003-c' }) }),
    change: ['error merged-renamed 00003-c@'],
    whole: ['error file-name 00003-c@'],
  },
  {
    what: 'a merged one is moved into a folder',
    of: ['goose', 'sql-migrate', 'dbmate', 'pairs'],
    make: (base) => ({ base, now: renamed(base, { '00003_c': 'old/00003_c' }) }),
    change: ['error merged-renamed old/00003_c@'],
  },
  {
    what: 'a merged one is moved into a folder of folders',
    of: ['directories'],
    make: (base) => ({ base, now: renamed(base, { '00003_c': 'old/00003_c' }) }),
    change: ['error merged-renamed old/00003_c@'],
  },
  {
    what: 'a new one has a number of the folder',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00005_x') }),
    change: ['error version-taken 00005_x@'],
    whole: ['error duplicate-version 00005_x@'],
  },
  {
    what: 'a new one has a number of the folder, and sorts before it',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00005_1') }),
    change: ['error version-taken 00005_1@'],
  },
  {
    what: 'two new ones have one number',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00006_x', '00006_y') }),
    change: ['error duplicate-version 00006_y@'],
    whole: ['error duplicate-version 00006_y@'],
  },
  {
    what: 'three new ones have one number: two have to move',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00006_x', '00006_y', '00006_z') }),
    change: ['error duplicate-version 00006_y@', 'error duplicate-version 00006_z@'],
    whole: ['error duplicate-version 00006_y@', 'error duplicate-version 00006_z@'],
  },
  {
    what: 'two new ones have numbers of the folder: two offences',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00004_x', '00005_y') }),
    change: ['error version-taken 00004_x@', 'error version-taken 00005_y@'],
    whole: ['error duplicate-version 00004_x@', 'error duplicate-version 00005_y@'],
  },
  {
    what: 'a number was merged meanwhile',
    make: (base, layout) => ({ base, now: add(base, layout, '00006_x', '00007_y'), tip: add(base, layout, '00006_q') }),
    change: ['error version-taken 00006_x@'],
  },
  {
    what: 'a later number was merged meanwhile: two come before it',
    make: (base, layout) => ({ base, now: add(base, layout, '00006_x', '00007_y'), tip: add(base, layout, '00008_q') }),
    change: ['error version-late 00006_x@', 'error version-late 00007_y@'],
  },
  {
    what: 'a new one comes before all',
    of: ['sql-migrate', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00000_x') }),
    change: ['error version-late 00000_x@'],
  },
  {
    what: 'another pull request has the number',
    make: (base, layout) => ({
      base,
      now: add(base, layout, '00006_x'),
      pulls: { 3: Object.keys(folderOf(layout, ['00006_q'])) },
    }),
    change: ['warning pull-clash 00006_x@'],
  },
  {
    what: 'the base branch and two pull requests have the number',
    make: (base, layout) => ({
      base,
      now: add(base, layout, '00006_x'),
      tip: add(base, layout, '00006_q'),
      pulls: { 3: Object.keys(folderOf(layout, ['00006_r'])), 4: Object.keys(folderOf(layout, ['00007_s'])) },
    }),
    change: ['error version-taken 00006_x@'],
  },
  {
    what: 'a number is left out, where the config minds',
    make: (base, layout) => ({
      base,
      now: add(base, layout, '00008_x', '00009_y'),
      config: 'checks:\n  version-gap: warning\n',
    }),
    change: ['warning version-gap 00008_x@'],
  },
  {
    what: 'a number without zeros that is another version as text',
    of: ['directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '3_x') }),
    change: ['error version-taken 3_x@'],
    whole: ['error file-name 3_x@'],
  },
  {
    what: 'a time stamp among numbers',
    make: (base, layout) => ({ base, now: add(base, layout, '20240101120000_x') }),
    change: ['error file-name 20240101120000_x@'],
    whole: ['error file-name 20240101120000_x@'],
  },
  {
    what: 'a time stamp and a number of the folder: two offences',
    of: ['goose', 'dbmate', 'pairs', 'directories'],
    make: (base, layout) => ({ base, now: add(base, layout, '00005_x', '20240101120000_y') }),
    change: ['error version-taken 00005_x@', 'error file-name 20240101120000_y@'],
    whole: ['error duplicate-version 00005_x@', 'error file-name 20240101120000_y@'],
  },
  {
    what: 'a number after a merged time stamp',
    make: (base, layout) => {
      const stamped = add(base, layout, '20240101120000_x')
      return { base: stamped, now: add(stamped, layout, '00006_y') }
    },
    change: ['error version-late 00006_y@'],
    whole: ['error file-name 20240101120000_x@'],
  },
  {
    what: 'a new one that shares its number and has a name of another form',
    of: ['goose', 'pairs'],
    make: (base, layout) => ({ base, now: add(base, layout, '5_x') }),
    change: ['error version-taken 5_x@'],
    whole: ['error duplicate-version 5_x@'],
  },
  {
    what: 'two new ones without a number: two offences',
    of: ['goose', 'dbmate', 'pairs'],
    make: (base, layout) => ({ base, now: add(base, layout, 'x', 'y') }),
    change: ['error file-name x@', 'error file-name y@'],
    whole: ['error file-name x@', 'error file-name y@'],
  },
  {
    what: 'a new one without a number beside one with a number of the folder: two offences',
    of: ['goose', 'dbmate', 'pairs'],
    make: (base, layout) => ({ base, now: add(base, layout, '00005_x', 'y') }),
    change: ['error version-taken 00005_x@', 'error file-name y@'],
    whole: ['error duplicate-version 00005_x@', 'error file-name y@'],
  },
  ...(['00005_x', '00006_x', '00003_x'] as const).map((id): Mistake => ({
    what: `a new one with the number of ${id} has another ending`,
    of: id === '00005_x' ? ['goose', 'sql-migrate', 'dbmate'] : ['goose', 'sql-migrate', 'dbmate', 'pairs'],
    make: (base, layout) => {
      const gap = without(base, '00003_c')
      return { base: gap, now: { ...gap, ...withEnding(folderOf(layout, [id]), '.pgsql') } }
    },
    change: [`error file-name ${id}%`],
    whole: [`error file-name ${id}%`],
  })),
  {
    what: 'a new one has the number of the folder and another ending, and the tool runs both',
    of: ['pairs'],
    make: (base, layout) => ({ base, now: { ...base, ...withEnding(folderOf(layout, ['00005_x']), '.pgsql') } }),
    change: ['error duplicate-version 00005_x%'],
    whole: ['error duplicate-version 00005_x%'],
  },
  {
    what: 'one of two new ones has another ending, and its number was merged meanwhile',
    of: ['goose', 'sql-migrate', 'dbmate', 'pairs'],
    make: (base, layout) => ({
      base,
      now: { ...add(base, layout, '00007_y'), ...withEnding(folderOf(layout, ['00006_x']), '.pgsql') },
      tip: add(base, layout, '00006_q'),
    }),
    change: ['error file-name 00006_x%'],
  },
  {
    what: 'one new number with two endings: two offences',
    of: ['goose', 'dbmate', 'pairs'],
    make: (base, layout) => ({
      base,
      now: { ...base, ...withEnding(folderOf(layout, ['00006_x', '00006_y']), '.pgsql') },
    }),
    change: ['error file-name 00006_x%', 'error file-name 00006_y%'],
    whole: ['error file-name 00006_x%', 'error file-name 00006_y%'],
  },
  {
    what: 'the down of a merged one is deleted',
    of: TWO_FILES,
    make: (base, layout) => ({ base, now: without(base, fileOf(layout, '00003_c', 'down')) }),
    change: ['error unpaired 00003_c@'],
    whole: ['error unpaired 00003_c@'],
  },
  {
    what: 'the up of a merged one is deleted',
    of: TWO_FILES,
    make: (base, layout) => ({ base, now: without(base, fileOf(layout, '00003_c', 'up')) }),
    change: ['error unpaired 00003_c!'],
    whole: ['error unpaired 00003_c!'],
  },
  {
    what: 'all downs are deleted',
    of: TWO_FILES,
    make: (base, layout) => ({ base, now: without(base, ...IDS.map((id) => fileOf(layout, id, 'down'))) }),
    change: ['error unpaired 00001_a@'],
  },
  {
    what: 'a new one has no down',
    of: TWO_FILES,
    make: (base, layout) => ({ base, now: without(add(base, layout, '00006_x'), fileOf(layout, '00006_x', 'down')) }),
    change: ['error unpaired 00006_x@'],
    whole: ['error unpaired 00006_x@'],
  },
  {
    what: 'a new one has no up',
    of: TWO_FILES,
    make: (base, layout) => ({ base, now: without(add(base, layout, '00006_x'), fileOf(layout, '00006_x', 'up')) }),
    change: ['error unpaired 00006_x!'],
    whole: ['error unpaired 00006_x!'],
  },
  ...[
    'dwon.sql',
    'donw.sql',
    'dow.sql',
    'Down.sql',
    'DOWN.sql',
    'down.SQL',
    'down.sq',
    'down.sqll',
    'down.sql.txt',
    'down',
  ].map((written): Mistake => ({
    what: `the down of a new one ends in ${written}`,
    of: TWO_FILES,
    make: typo('down', written),
    change: [`error unpaired 00006_x?${written}`],
    whole: [`error unpaired 00006_x?${written}`],
  })),
  {
    what: 'the down of a new one ends twice',
    of: ['pairs'],
    make: typo('down', 'down.sql.sql'),
    change: ['error file-name 00006_x.down.sql.sql'],
    whole: ['error file-name 00006_x.down.sql.sql'],
  },
  ...['upp.sql', 'pu.sql', 'Up.sql', 'up.sq', 'up.SQL'].map((written): Mistake => ({
    what: `the up of a new one ends in ${written}`,
    of: ['directories'],
    make: typo('up', written),
    change: [`error unpaired 00006_x/${written}`],
    whole: [`error unpaired 00006_x/${written}`],
  })),
  ...['upp.sql', 'pu.sql', 'Up.sql'].map((written): Mistake => ({
    what: `the up of a new one ends in ${written}, which is read as a name`,
    of: ['pairs'],
    make: typo('up', written),
    change: [`error unpaired 00006_x.${written}`],
    whole: [`error unpaired 00006_x.${written}`],
  })),
  ...['Up.sql', 'up.sq', 'up.SQL'].map((written): Mistake => ({
    what: `the up of a new one ends in ${written}`,
    of: ['pairs'],
    make: typo('up', written),
    change: [`error unpaired 00006_x.${written}`],
    whole: [`error unpaired 00006_x.${written}`],
  })),
  {
    what: 'both files of a new one are mistyped: two offences',
    of: ['pairs'],
    make: (base, layout) => ({
      base,
      now: {
        ...base,
        ...renamed(folderOf(layout, ['00006_x']), {
          '00006_x.up.sql': '00006_x.pu.sql',
          '00006_x.down.sql': '00006_x.dwon.sql',
        }),
      },
    }),
    change: ['error file-name 00006_x.dwon.sql', 'error file-name 00006_x.pu.sql'],
    whole: ['error file-name 00006_x.dwon.sql', 'error file-name 00006_x.pu.sql'],
  },
  ...(
    [
      ['another number', '00007_x.down.sql'],
      ['the number of another one', '00005_x.down.sql'],
      ['another name', '00006_y.down.sql'],
      ['a capital letter', '00006_X.down.sql'],
    ] as const
  ).map(([how, written]): Mistake => ({
    what: `the down of a new one has ${how}`,
    of: ['pairs'],
    make: (base, layout) => ({
      base,
      now: { ...base, ...renamed(folderOf(layout, ['00006_x']), { '00006_x.down.sql': written }) },
    }),
    change: [`error unpaired ${written}`],
    whole: [`error unpaired ${written}`],
  })),
  {
    what: 'the up of a new one has the number of another one',
    of: ['pairs'],
    make: (base, layout) => ({
      base,
      now: { ...base, ...renamed(folderOf(layout, ['00005_x']), { '00005_x.down.sql': '00006_x.down.sql' }) },
    }),
    change: ['error unpaired 00005_x.up.sql'],
    whole: ['error unpaired 00005_x.up.sql'],
  },
  ...(
    [
      ['down', '00003_c.dwon.sql'],
      ['down', '00030_c.down.sql'],
      ['down', '00004_c.down.sql'],
      ['down', '00003_z.down.sql'],
      ['down', '00003_c.down.sq'],
      ['down', 'old/00003_c.down.sql'],
      ['up', '00006_c.up.sql'],
      ['up', '00003_z.up.sql'],
      ['up', '00003_c.Up.sql'],
      ['up', '00003_c.pu.sql'],
      ['up', '00004_c.up.sql'],
    ] as const
  ).map(([direction, written]): Mistake => ({
    what: `the ${direction} of a merged one is ${written} now`,
    of: ['pairs'],
    make: (base) => ({ base, now: renamed(base, { [`00003_c.${direction}.sql`]: written }) }),
    change: [`error merged-renamed ${written}`],
  })),
]

const placed = (expected: readonly string[], layout: LayoutName): readonly string[] =>
  expected.map((line) =>
    line
      .replace(/(\S+)@$/, (_, id: string) => fileOf(layout, id, 'up'))
      .replace(/(\S+)%$/, (_, id: string) => fileOf(layout, id, 'up').replace(/\.sql$/, '.pgsql'))
      .replace(/(\S+)!$/, (_, id: string) => fileOf(layout, id, 'down'))
      .replace('?', layout === 'pairs' ? '.' : '/'),
  )

const CASES = MISTAKES.flatMap(({ what, of = LAYOUTS, make, change, whole }) =>
  of.map((layout) => ({
    title: `${layout}: ${what}`,
    layout,
    made: make(folderOf(layout, IDS), layout),
    change,
    whole,
  })),
)

describe('with a base branch', () => {
  test.each(CASES)('$title', async ({ layout, made, change = [] }) => {
    const project = projectFor(made)
    const found = await findingsIn(project, true)
    expect(brief(found)).toEqual(placed(change, layout))
    follow(project, found)
    expect(brief(await findingsIn(project, true))).toEqual([])
  })
})

describe('of the folder alone', () => {
  test.each(CASES.filter(({ whole }) => whole !== undefined))('$title', async ({ layout, made, whole = [] }) => {
    const project = projectFor(made)
    const found = await findingsIn(project, false)
    expect(brief(found)).toEqual(placed(whole, layout))
    follow(project, found)
    expect(brief(await findingsIn(project, false))).toEqual([])
  })
})

describe('a new version is free', () => {
  const versions = (fixes: readonly string[]): readonly string[] => [
    ...new Set(
      fixes.flatMap((fix) => [...fix.matchAll(/^git mv \S+ migrations\/app\/(\d[\d-]*)/gm)].map(([, to = '']) => to)),
    ),
  ]
  const suggested = async (
    layout: LayoutName,
    made: Partial<Change> & { merged?: readonly string[]; fresh: readonly string[] },
  ) => {
    const { merged = [], fresh, ...change } = made
    const base = folderOf(layout, merged)
    const project = projectFor({ base, now: { ...base, ...folderOf(layout, fresh) }, ...change })
    const found = await findingsIn(project, true)
    follow(project, found)
    return { versions: versions(found.map(({ fix }) => fix)).toSorted(), left: brief(await findingsIn(project, true)) }
  }

  // The samples run on 2026-06-01 00:00:00.
  test.each<readonly [string, readonly string[], readonly string[], readonly string[]]>([
    ['numbers', ['00001_a', '00002_b', '00003_c'], ['00003_x', '00003_y', '00002_z'], ['00004', '00005', '00006']],
    ['unpadded numbers', ['8_a', '9_b', '10_c'], ['9_x', '10_y'], ['11', '12']],
    ['a full width', ['97_a', '98_b', '99_c'], ['98_x', '99_y'], ['100', '101']],
    ['a full width with zeros', ['007_a', '998_b', '999_c'], ['998_x', '999_y'], ['1000', '1001']],
    [
      'seconds',
      ['20260101000000_a', '20260102000000_b'],
      ['20260101000000_x', '20260102000000_y'],
      ['20260601000000', '20260601000001'],
    ],
    [
      'a clock ahead',
      ['20260101000000_a', '20271231235959_b'],
      ['20260101000000_x', '20260102000000_y'],
      ['20280101000000', '20280101000001'],
    ],
    [
      'no moment',
      ['20260101000000_a', '20271399000061_b'],
      ['20260101000000_x', '20260102000000_y'],
      ['20280101000000', '20280101000001'],
    ],
    ['days', ['20260101_a', '20260102_b', '20260103_c'], ['20260102_x', '20260103_y'], ['20260601', '20260602']],
    [
      'seconds since 1970',
      ['1700000000_a', '1700000001_b'],
      ['1700000000_x', '1700000001_y'],
      ['1780272000', '1780272001'],
    ],
    [
      'milliseconds',
      ['1700000000000_a', '1700000001000_b'],
      ['1700000000000_x', '1700000001000_y'],
      ['1780272000000', '1780272000001'],
    ],
    ['microseconds', ['1700000000000000_a', '1700000001000000_b'], ['1700000000000000_x'], ['1780272000000000']],
    [
      'numbers beside a new stamp',
      ['00001_a', '00002_b', '00003_c'],
      ['00003_x', '20240101000000_y'],
      ['00004', '00005'],
    ],
    [
      'after a merged stamp',
      ['00001_a', '00002_b', '00003_c', '20240101000000_d'],
      ['00003_x', '00004_y'],
      ['20260601000000', '20260601000001'],
    ],
  ])('%s', async (_, merged, fresh, expected) => {
    for (const layout of ['pairs', 'goose'] as const) {
      expect(await suggested(layout, { merged, fresh })).toEqual({ versions: expected, left: [] })
    }
  })

  test('beside what was merged meanwhile and what other pull requests add, in any form', async () => {
    const merged = ['00001_a', '00002_b', '00003_c']
    const tip = folderOf('goose', [...merged, '00004_d'])
    const pulls = { 3: ['00005_e.sql', '6_f.sql'], 4: ['20240101000000_g.sql'] }
    expect(await suggested('goose', { merged, fresh: ['00004_x', '00003_y'], tip, pulls })).toEqual({
      versions: ['00007', '00008'],
      left: [],
    })
  })

  test('where no number comes after all others, it says so', async () => {
    const base = folderOf('dbmate', ['7_a', '8_b', '9_c'])
    const found = await findingsIn(projectFor({ base, now: { ...base, ...folderOf('dbmate', ['9_x']) } }), true)
    expect(found.map(({ message }) => message)).toEqual([
      'version 9 of 9_x is taken: main has 9_c; no number comes after all existing ones: dbmate runs files by their names as text, where 10 comes before 9',
    ])
  })

  test('what stays and came after it is named', async () => {
    const base = folderOf('goose', ['00001_a', '00002_b', '00003_c'])
    const found = await findingsIn(
      projectFor({ base, now: { ...base, ...folderOf('goose', ['00003_x', '00004_y']) } }),
      true,
    )
    expect(found.map(({ fix }) => fix)).toEqual([
      'git mv migrations/app/00003_x.sql migrations/app/00005_x.sql\nIt then runs after 00004_y. What needs it has to get a later version too.',
    ])
  })

  test('seeds and migrations have numbers of their own, also in other pull requests', async () => {
    const seeds = (ids: readonly string[]): Files =>
      Object.fromEntries(Object.entries(folderOf('pairs', ids)).map(([name, text]) => [`seeds/${name}`, text]))
    const base = { ...folderOf('pairs', ['00001_a', '00002_b', '00003_c']), ...seeds(['00001_s', '00002_t']) }
    const now = { ...base, ...seeds(['00003_x']) }
    const of = (path: string): Promise<readonly Finding[]> =>
      findingsIn(projectFor({ base, now, pulls: { 3: [path] } }), true)
    expect(await of('00003_d.up.sql')).toEqual([])
    expect((await of('seeds/00003_y.up.sql')).map(({ message }) => message)).toEqual([
      'version 00003 of 00003_x is also in pull request 3 (Add phone); the next free one is 00004',
    ])
  })

  test('files of one migration for other servers move with it', async () => {
    const base = folderOf('pairs', ['00001_a', '00002_b', '00003_c'])
    const fresh = { ...folderOf('pairs', ['00003_x']), '00003_x.mysql.up.sql': 'SELECT 1;\n' }
    const project = projectFor({ base, now: { ...base, ...fresh } })
    follow(project, await findingsIn(project, true))
    expect([...project.now.keys()].filter((path) => path.includes('_x')).toSorted()).toEqual(
      ['down.sql', 'mysql.up.sql', 'up.sql'].map((end) => expect.stringContaining(`/00004_x.${end}`)),
    )
  })
})
