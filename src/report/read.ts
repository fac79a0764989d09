// A report from a file that anybody may have written -> a Report of the right shape, or where it is not one.
import { UserError } from '../model/errors.js'
import type { Difference } from '../catalog/difference.js'
import { LEVELS, type Finding } from '../model/finding.js'
import type { Place } from '../model/source.js'
import type {
  Ignored,
  ChainReport,
  ChangeReport,
  Counts,
  DatabaseReport,
  Fixed,
  LineEdit,
  MigrationReport,
  Proof,
  Repair,
  Report,
  ScriptFailure,
} from './check-report.js'

/** Gives the value as what it should be; throws the place where it is not. */
type Reader<T> = (value: unknown, at: string) => T

class Misshapen extends Error {}

const wrong = (at: string): never => {
  throw new Misshapen(at)
}
const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : wrong(at))
const number: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : wrong(at)
const oneOf =
  <W extends string | number | true>(...words: readonly W[]): Reader<W> =>
  (value, at) =>
    words.find((word) => word === value) ?? wrong(at)
const list =
  <T>(of: Reader<T>): Reader<readonly T[]> =>
  (value, at) =>
    Array.isArray(value) ? value.map((one, i) => of(one, `${at}[${i}]`)) : wrong(at)
const maybe =
  <T>(of: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : of(value, at)

/** Every member that the type has, and no other; those that are not there are left out. */
const shape =
  <T extends object>(members: { readonly [K in keyof Required<T>]: Reader<T[K]> }): Reader<T> =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(at)
    const given = value as Readonly<Record<string, unknown>>
    const stranger = Object.keys(given).find((name) => !Object.hasOwn(members, name))
    if (stranger !== undefined) return wrong(`${at}.${stranger}`)
    const entries = Object.entries(members).map(([name, read]) => [
      name,
      (read as Reader<unknown>)(given[name], `${at}.${name}`),
    ])
    return Object.fromEntries(entries.filter(([, one]) => one !== undefined)) as T
  }

const place = shape<Place>({ file: text, line: number, column: number })

const difference = shape<Difference>({
  change: oneOf('left behind', 'lost', 'changed'),
  class: oneOf('real', 'column-order'),
  kind: text,
  identity: text,
  parent: maybe(text),
  before: maybe(text),
  after: maybe(text),
})

const failure = shape<ScriptFailure>({
  direction: oneOf('up', 'down'),
  sqlstate: text,
  message: text,
  detail: maybe(text),
  hint: maybe(text),
  place: maybe(place),
  line: maybe(text),
  environment: maybe(text),
})

const DOWN = ['same', 'column-order', 'differs', 'failed', 'missing', 'empty', 'irreversible', 'not run'] as const
const AGAIN = ['same', 'column-order', 'differs', 'failed', 'skipped'] as const

const proof = shape<Proof>({
  up: oneOf('ok', 'failed', 'not run'),
  down: oneOf(...DOWN),
  again: oneOf(...AGAIN),
  differences: list(difference),
  againDifferences: list(difference),
  failure: maybe(failure),
  reason: maybe(text),
  toldAt: maybe(text),
  milliseconds: number,
  repair: maybe(
    shape<Repair>({
      kind: oneOf('append', 'replace'),
      sql: text,
      loses: list(text),
      notes: maybe(list(text)),
      order: maybe(oneOf('other')),
      edit: maybe(shape<LineEdit>({ file: text, line: number, text })),
    }),
  ),
})

const migration = shape<MigrationReport>({
  id: text,
  version: text,
  name: text,
  kind: oneOf('schema', 'seed'),
  files: list(text),
  irreversible: maybe(text),
  proof: maybe(proof),
  scope: maybe(oneOf('proved', 'applied')),
  touched: maybe(oneOf('added', 'edited', 'renamed')),
  does: maybe(list(difference)),
  sql: maybe(shape<NonNullable<MigrationReport['sql']>>({ up: text, down: maybe(text) })),
})

const chain = shape<ChainReport>({
  down: oneOf(...DOWN),
  again: oneOf(...AGAIN),
  upToDate: oneOf('nothing to do', 'runs again', 'not run'),
  downs: number,
  stoppedAt: maybe(text),
  failure: maybe(failure),
  milliseconds: number,
  differences: list(difference),
  againDifferences: list(difference),
})

const database = shape<DatabaseReport>({
  name: text,
  folder: text,
  layoutReason: text,
  notProved: maybe(text),
  milliseconds: number,
  layout: oneOf('pairs', 'goose', 'sql-migrate', 'dbmate', 'directories'),
  unit: oneOf('each', 'range', 'chain'),
  migrations: list(migration),
  chain: maybe(chain),
  ignored: list(shape<Ignored>({ path: text, reason: text, linked: maybe(oneOf(true)) })),
  untouched: maybe(oneOf(true)),
  deleted: maybe(list(text)),
})

const finding = shape<Finding>({
  rule: text,
  level: oneOf(...LEVELS),
  database: text,
  migration: maybe(text),
  place: maybe(place),
  message: text,
  why: text,
  fix: text,
  follows: maybe(text),
  waived: maybe(shape<NonNullable<Finding['waived']>>({ until: text, reason: text, place: maybe(place) })),
  debt: maybe(oneOf('listed', 'stood before')),
})

const commit: Reader<string> = (value, at) => (/^[0-9a-f]{40,64}$/.test(text(value, at)) ? text(value, at) : wrong(at))

const report = shape<Report>({
  schema: oneOf(1),
  tool: shape({ name: text, version: text }),
  command: oneOf('check'),
  started: text,
  milliseconds: number,
  exitCode: number,
  verdict: oneOf('pass', 'fail', 'environment'),
  server: maybe(shape({ version: text, major: number, source: oneOf('given', 'local', 'package') })),
  change: maybe(
    shape<ChangeReport>({
      event: oneOf('pull request', 'merge queue', 'release', 'asked'),
      base: commit,
      tip: commit,
      head: commit,
      branch: text,
      pull: maybe(number),
      notSeen: list(text),
    }),
  ),
  counts: shape<Counts>({
    databases: number,
    migrations: number,
    proved: number,
    errors: number,
    warnings: number,
    notes: number,
    waived: number,
    debt: number,
    before: number,
  }),
  databases: list(database),
  findings: list(finding),
  setAside: list(finding),
  problems: list(shape({ what: text, fix: text })),
  fixed: maybe(
    list(
      shape<Fixed>({
        database: text,
        migration: text,
        file: text,
        loses: list(text),
        notes: maybe(list(text)),
        problem: maybe(text),
      }),
    ),
  ),
})

/** Throws a UserError that says where the text is no report of a check. */
export function readReport(json: string): Report {
  try {
    return report(JSON.parse(json), 'report')
  } catch (error) {
    if (!(error instanceof Misshapen) && !(error instanceof SyntaxError)) throw error
    const where = error instanceof Misshapen ? `: ${error.message.slice(0, 100)}` : ': it is no JSON'
    const fix = 'Give the file that the output report of a check names, as the same version wrote it.'
    throw new UserError({ kind: 'use', what: `the file is no report of a check${where}`, fix })
  }
}
