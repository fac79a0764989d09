// What the proofs of a report come to, in words that every surface shares.
import { LEVELS, type Level } from '../../model/finding.js'
import type { ChainReport, DatabaseReport, MigrationReport, Report } from '../../report/check-report.js'
import { count, counted, few } from './format.js'

/** One word for one migration, the worst that was seen. */
export type State =
  | 'cannot be applied'
  | 'cannot be rolled back'
  | 'cannot be applied again'
  | 'stopped by the environment'
  | 'not run'
  | 'files only'
  | 'irreversible on purpose'
  | 'stood before'
  | 'proved'

const BAD = ['cannot be applied', 'cannot be rolled back', 'cannot be applied again'] as const
const OTHER = ['stopped by the environment', 'not run', 'irreversible on purpose'] as const

export const isBad = (state: State): boolean => BAD.some((bad) => bad === state)

/** The one word for a migration, the worst first: what stopped it, how it failed, or how well it went. */
export function stateOf(migration: MigrationReport): State {
  const { proof } = migration
  if (proof === undefined) return migration.scope === 'applied' ? 'stood before' : 'files only'
  if (proof.failure?.environment !== undefined) return 'stopped by the environment'
  if (proof.up === 'failed') return 'cannot be applied'
  if (proof.up === 'not run') return 'not run'
  switch (proof.down) {
    case 'failed':
    case 'differs':
    case 'missing':
    case 'empty':
      return 'cannot be rolled back'
    case 'irreversible':
      return 'irreversible on purpose'
    case 'not run':
      // One that runs again whenever it changes has no down.
      if (proof.again === 'skipped') return 'not run'
      break
    case 'same':
    case 'column-order':
      break
  }
  if (proof.again === 'failed' || proof.again === 'differs') return 'cannot be applied again'
  return proof.again === 'skipped' ? 'not run' : 'proved'
}

/** What is wrong with the whole chain, undefined when nothing is (or nothing was tried). */
export function chainTrouble(chain: ChainReport | undefined): string | undefined {
  if (chain === undefined || chain.failure?.environment !== undefined) return undefined
  if (chain.down === 'failed' || chain.down === 'differs') return 'the whole chain cannot be rolled back'
  if (chain.again === 'failed' || chain.again === 'differs') return 'the whole chain cannot be applied again'
  return chain.upToDate === 'runs again' ? 'up on an up-to-date database is not idle' : undefined
}

/** The migrations that the run is about: without those that stood before the change and were not proved for it. */
export const inScope = (report: Report): readonly MigrationReport[] => report.databases.flatMap(inScopeOf)

export const inScopeOf = ({ migrations, untouched }: DatabaseReport): readonly MigrationReport[] =>
  untouched === true
    ? []
    : migrations.filter((migration) => stateOf(migration) !== 'stood before' && !isOldSeed(migration))

/** Seeds run on what the change made; they are of interest when they are new or fail on it. */
const isOldSeed = (migration: MigrationReport): boolean =>
  migration.kind === 'seed' &&
  migration.scope !== undefined &&
  migration.touched === undefined &&
  stateOf(migration) === 'proved'

/** What the change does here: `2 new, 1 edited`. */
export function changeWords({ migrations, deleted = [] }: DatabaseReport): string {
  const numberOf = (word: MigrationReport['touched']): number =>
    migrations.filter(({ touched }) => touched === word).length
  const words = [
    [numberOf('added'), 'new'],
    [numberOf('edited'), 'edited'],
    [numberOf('renamed'), 'renamed'],
    [deleted.length, 'deleted'],
  ] as const
  const said = words.flatMap(([number, word]) => (number === 0 ? [] : [`${count(number)} ${word}`]))
  return said.length === 0 ? 'no change' : said.join(', ')
}

/** Findings that are no part of the verdict, in words. */
export function setAsideWords({ counts }: Report): readonly string[] {
  return [
    ...(counts.waived === 0 ? [] : [`${count(counts.waived)} waived`]),
    ...(counts.debt === 0 ? [] : [`${count(counts.debt)} known as debt`]),
    ...(counts.before === 0 ? [] : [`${count(counts.before)} in files that the change does not touch`]),
  ]
}

/** `2 errors, 1 warning` of one database, of the levels that are asked for. */
export const findingWords = (report: Report, { name }: DatabaseReport, levels: readonly Level[] = LEVELS): string =>
  levels
    .flatMap((level) => {
      const number = report.findings.filter((f) => f.database === name && f.level === level).length
      return number === 0 ? [] : [counted(number, level)]
    })
    .join(', ')

/** Findings that somebody accepted; names and reasons are as others wrote them. */
export const accepted = (
  report: Report,
): readonly { readonly rule: string; readonly name: string; readonly until: string; readonly reason: string }[] =>
  report.setAside.flatMap(({ waived, rule, database, migration }) =>
    waived === undefined ? [] : [{ rule, name: `${database} ${migration ?? ''}`.trim(), ...waived }],
  )

/** What `--fix` wrote, a sentence for each file. */
export const fixedWords = ({ fixed = [] }: Report): readonly string[] =>
  fixed.map(({ file, loses, notes = [], problem }) => {
    if (problem !== undefined) return `${file}: not written, ${problem}`
    const drops = loses.length === 0 ? [] : [`a rollback now drops ${loses.join(', ')}`]
    const said = [...drops, ...notes.map((note) => note.replace(/\.$/, ''))]
    return said.length === 0 ? file : `${file}: ${said.join('; ')}`
  })

/** How many of the migrations are in each state. */
export type Tally = ReadonlyMap<State, number>

export function tally(migrations: readonly MigrationReport[]): Tally {
  const counts = new Map<State, number>()
  for (const migration of migrations) {
    const state = stateOf(migration)
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return counts
}

/** `1 of 21 migrations cannot be rolled back`, `2 cannot be applied`: the first phrase says of how many. */
export function badPhrases(counts: Tally, total: number): readonly string[] {
  const found = BAD.filter((state) => (counts.get(state) ?? 0) > 0)
  return found.map((state, index) => {
    const number = count(counts.get(state) ?? 0)
    return index === 0 ? `${number} of ${counted(total, 'migration')} ${state}` : `${number} ${state}`
  })
}

/** What was neither proved nor found bad. */
export const otherPhrases = (counts: Tally): readonly string[] =>
  OTHER.flatMap((state) => {
    const number = counts.get(state) ?? 0
    return number === 0 ? [] : [`${count(number)} ${state}`]
  })

/** The result of one database, for a cell of a table. */
export function statusOf(database: DatabaseReport): string {
  if (database.notProved !== undefined) return 'not proved'
  if (database.migrations.length === 0) return 'no migrations'
  if (database.untouched === true) return 'not touched'
  const own = inScopeOf(database)
  const total = own.length
  if (total === 0) return chainTrouble(database.chain) ?? 'nothing to prove'
  const counts = tally(own)
  if (counts.get('files only') === total) return 'files only'
  if (counts.get('proved') === total) return chainTrouble(database.chain) ?? 'all proved'
  const bad = BAD.flatMap((state) =>
    (counts.get(state) ?? 0) > 0 ? [`${count(counts.get(state) ?? 0)} ${state}`] : [],
  )
  const chain = bad.length === 0 ? chainTrouble(database.chain) : undefined
  const proved = counts.get('proved') ?? 0
  const trouble = [...bad, ...(chain === undefined ? [] : [chain])]
  const well = trouble.length > 0 || proved === 0 ? [] : [`${count(proved)} proved`]
  return [...trouble, ...well, ...otherPhrases(counts)].join(', ')
}

export const isWell = (database: DatabaseReport): boolean =>
  database.notProved === undefined &&
  chainTrouble(database.chain) === undefined &&
  database.migrations.every(
    (migration) => !isBad(stateOf(migration)) && stateOf(migration) !== 'stopped by the environment',
  )

/** What the run did not look at and why, one sentence each; names and reasons are still as others wrote them. */
export function notLookedAt(report: Report): readonly string[] {
  const all = inScope(report)
  const filesOnly = all.length > 0 && all.every((migration) => stateOf(migration) === 'files only')
  return [
    ...(report.change?.notSeen ?? []),
    ...(filesOnly && report.databases.every((d) => d.notProved === undefined) ? ['nothing was run: files only'] : []),
    ...report.databases.flatMap((database) => [
      ...(database.notProved === undefined ? [] : [`${database.name} was not proved: ${database.notProved}`]),
      ...notRun(database),
      ...chainStop(database),
      ...database.ignored.flatMap(({ path, reason, linked }) => (linked ? [`${path}: ${reason}`] : [])),
    ]),
  ]
}

/** How many files the layouts pass over; links out of the repository are told by name. */
export const passedOver = (report: Report): number =>
  report.databases.reduce((sum, { ignored }) => sum + ignored.filter(({ linked }) => linked !== true).length, 0)

function notRun(database: DatabaseReport): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const migration of database.migrations) {
    const state = stateOf(migration)
    if (state !== 'not run' && state !== 'stopped by the environment') continue
    const reason = migration.proof?.failure?.environment ?? migration.proof?.reason ?? 'not run'
    byReason.set(reason, [...(byReason.get(reason) ?? []), migration.id])
  }
  return [...byReason].map(([reason, ids]) => `${database.name} ${few(ids, 3)}: ${reason}`)
}

function chainStop(database: DatabaseReport): readonly string[] {
  const { chain } = database
  if (chain === undefined) return []
  if (chain.failure?.environment !== undefined)
    return [`${database.name}, the whole chain: ${chain.failure.environment}`]
  if (chain.down !== 'missing' && chain.down !== 'irreversible') return []
  const where = chain.stoppedAt === undefined ? '' : ` at ${chain.stoppedAt}`
  const why = chain.down === 'irreversible' ? 'which cannot be taken back on purpose' : 'whose down is missing'
  return [`${database.name}: the way down ends after ${counted(chain.downs, 'step')}${where}, ${why}`]
}

/** Migrations that say themselves that they cannot be taken back, with their reason. */
export const irreversible = (report: Report): readonly { readonly name: string; readonly reason: string }[] =>
  report.databases.flatMap((database) =>
    database.migrations.flatMap((migration) =>
      migration.irreversible === undefined
        ? []
        : [{ name: `${database.name} ${migration.id}`, reason: migration.irreversible }],
    ),
  )
