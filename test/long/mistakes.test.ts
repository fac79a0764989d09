// Generated mistakes in folders of every layout: what findings suggest can be done, and leaves nothing that has a suggestion.
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
} from '../rules/folders.js'
import { randomOf } from '../support/random.js'

const LAYOUTS: readonly LayoutName[] = ['goose', 'sql-migrate', 'dbmate', 'pairs', 'directories']
const SEEDS = Array.from({ length: 250 }, (_, i) => i + 1)

/** How folders write versions. */
const FORMS: readonly ((number: number) => string)[] = [
  (number) => String(number).padStart(5, '0'),
  (number) => String(number).padStart(3, '0'),
  String,
  (number) => new Date(Date.UTC(2024, 0, 1) + number * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14),
  (number) => String(1_700_000_000 + number * 1000),
  (number) => String(1_700_000_000_000 + number * 1000),
]

/** A small generator: one seed is one project. */
function pickerOf(seed: number): <T>(from: readonly T[]) => T {
  const random = randomOf(seed)
  return (from) => {
    const picked = from[Math.floor(random() * from.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }
}

type Mistake = (files: Files) => Partial<Change> & { readonly now: Files }

function mistakesOf(
  layout: LayoutName,
  ids: readonly string[],
  version: (number: number) => string,
): readonly Mistake[] {
  const versionOf = (id: string): string => id.slice(0, id.indexOf('_'))
  const fresh = `${version(ids.length + 1)}_new`
  const made = (...names: readonly string[]): Files => folderOf(layout, names)
  const added =
    (...names: readonly string[]): Mistake =>
    (files) => ({ now: { ...files, ...made(...names) } })
  const own = ids.flatMap((id): readonly Mistake[] => [
    added(`${versionOf(id)}_taken`),
    (files) => ({ now: without(files, id) }),
    (files) => ({ now: renamed(files, { [id]: `${versionOf(id)}_other` }) }),
    (files) => ({ now: renamed(files, { [id]: `${versionOf(fresh)}_moved` }) }),
    (files) => ({ now: renamed(files, { [id]: id.toUpperCase() }) }),
    (files) => ({ now: renamed(files, { [id]: id.replace('_', '-') }) }),
  ])
  const halves = (['up', 'down'] as const).flatMap((direction): readonly Mistake[] => {
    const file = fileOf(layout, fresh, direction)
    const typos = ['.SQL', 'x.sql', '.sq', '.sql.txt'].map((end) => file.replace(/\.sql$/, end))
    return [
      ...ids.map((id): Mistake => (files) => ({ now: without(files, fileOf(layout, id, direction)) })),
      ...typos.map((to): Mistake => (files) => ({ now: { ...files, ...renamed(made(fresh), { [file]: to }) } })),
    ]
  })
  return [
    ...own,
    ...(layout === 'pairs' || layout === 'directories' ? halves : []),
    added(fresh, `${versionOf(fresh)}_twin`),
    added('20250203040506_stamp'),
    ...(layout === 'directories' ? [] : leftOut(made(fresh), made(`${versionOf(ids[0] ?? '')}_first`), made('bare'))),
    (files) => ({ now: { ...files, ...made(fresh) }, tip: { ...files, ...made(`${versionOf(fresh)}_merged`) } }),
    (files) => ({ now: { ...files, ...made(fresh) }, pulls: { 3: Object.keys(made(`${versionOf(fresh)}_pull`)) } }),
  ]
}

/** New files that their tool does not run for their names. */
const leftOut = (...made: readonly Files[]): readonly Mistake[] =>
  made.flatMap((own) =>
    ['.pgsql', '.SQL'].map((ending): Mistake => (files) => ({ now: { ...files, ...withEnding(own, ending) } })),
  )

const withEnding = (files: Files, ending: string): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name.replace(/\.sql$/, ending), text]))

/** Where names are ordered as text, no number may come after all others; a person has to find a name then. */
const isForPeople = ({ fix }: Finding): boolean => /^Give it a name that comes after/.test(fix)

describe.each(LAYOUTS)('%s', (layout) => {
  test.each(SEEDS)('seed %i', async (seed) => {
    const pick = pickerOf(seed + LAYOUTS.indexOf(layout) * SEEDS.length)
    const version = pick(FORMS)
    const ids = Array.from(
      { length: pick([3, 4, 6, 8]) },
      (_, i) => `${version(i + 1)}_${pick(['a', 'b', 'add_phone', 'users'])}`,
    )
    const base = folderOf(layout, ids)
    const change = pick(mistakesOf(layout, ids, version))(base)
    for (const compared of [true, false]) {
      const project = projectFor({ base, ...change })
      let found = await findingsIn(project, compared)
      if (found.some(isForPeople)) continue
      expect(brief(found).length).toBeLessThanOrEqual(1)
      follow(project, found)
      found = await findingsIn(project, compared)
      expect(brief(found)).toEqual([])
    }
  })
})
