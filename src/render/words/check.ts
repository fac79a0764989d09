// The results of a check as short phrases, shared by every output format.
import { isRestored } from '../../catalog/difference.js'
import { LEVELS, numberOf, type Finding, type Level } from '../../model/finding.js'
import { isNotReached } from '../../report/not-reached.js'
import type { ChainReport, DatabaseReport, Ignored, MigrationReport, Proof, Report } from '../../report/check-report.js'
import { count, counted, firstFew } from './format.js'

/** The result of one migration, for display. */
export type State =
  | 'cannot be applied'
  | 'cannot be rolled back'
  | 'cannot be applied again'
  | 'stopped by the environment'
  | 'not judged'
  | 'not run'
  | 'files only'
  | 'irreversible on purpose'
  | 'unchanged'
  | 'with an older problem'
  | 'proved'

const BAD_STATES = ['cannot be applied', 'cannot be rolled back', 'cannot be applied again'] as const
const OTHER_STATES = [
  'stopped by the environment',
  'not judged',
  'not run',
  'irreversible on purpose',
  'with an older problem',
] as const

export const isBad = (state: State): boolean => BAD_STATES.some((bad) => bad === state)

/**
 * The worst result of a migration's proof. `unchanged`: it is older than the change and was applied, not checked. `with an
 * older problem`: the change does not touch it, and the base shows the same. `not judged`: an earlier step that failed, or
 * was not run, causes its failure, or keeps it from running.
 */
export function stateOf(migration: MigrationReport): State {
  const { proof } = migration
  if (proof === undefined) return migration.scope === 'applied' ? 'unchanged' : 'files only'
  if (isNotReached(migration)) return 'not judged'
  if (migration.before === true && !isClean(proof)) return 'with an older problem'
  if (proof.failure?.follows !== undefined) return 'not judged'
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
    case 'function-layout':
      break
  }
  if (proof.again === 'failed' || proof.again === 'differs') return 'cannot be applied again'
  return proof.again === 'skipped' ? 'not run' : 'proved'
}

/** What no program notices is no problem. */
const isClean = ({ up, down, again }: Proof): boolean => up === 'ok' && isRestored(down) && isRestored(again)

/** Why nothing was proved about a migration: words of the environment, or some that go on from "it". Undefined where it was. */
export function whyNotProved(migration: MigrationReport): string | undefined {
  const { failure, reason } = migration.proof ?? {}
  if (isNotReached(migration)) return 'is proved as one with an older migration that fails'
  return (
    failure?.environment ?? reason ?? (failure?.follows === undefined ? undefined : `follows from ${failure.follows}`)
  )
}

/** What is wrong with the whole chain; undefined when nothing is wrong, when it was so before, or when it was not run. */
export function chainProblem(chain: ChainReport | undefined): string | undefined {
  if (chain === undefined || chain.before === true || isCausedElsewhere(chain)) return undefined
  if (chain.down === 'failed' || chain.down === 'differs') return 'the whole chain cannot be rolled back'
  if (chain.again === 'failed' || chain.again === 'differs') return 'the whole chain cannot be applied again'
  return chain.upToDate === 'runs again' ? 'up runs migrations again on an up-to-date database' : undefined
}

const isCausedElsewhere = ({ failure }: ChainReport): boolean =>
  failure?.environment !== undefined || failure?.follows !== undefined

/** The migrations that the run checks, of all databases: without those that the change leaves as they were. */
export const allMigrationsInScope = (report: Report): readonly MigrationReport[] =>
  report.databases.flatMap(migrationsInScope)

export const migrationsInScope = ({ migrations, untouched }: DatabaseReport): readonly MigrationReport[] =>
  untouched === true
    ? []
    : migrations.filter((migration) => stateOf(migration) !== 'unchanged' && !isUnchangedSeed(migration))

/** Seeds also run after the changed migrations. Older seeds are shown only when they fail. */
const isUnchangedSeed = (migration: MigrationReport): boolean =>
  migration.kind === 'seed' &&
  migration.scope !== undefined &&
  migration.touched === undefined &&
  stateOf(migration) === 'proved'

/** What the change does to the migrations of a database: `2 new, 1 edited`. */
export function changePhrase({ migrations, deleted = [] }: DatabaseReport): string {
  const numberOf = (word: MigrationReport['touched']): number =>
    migrations.filter(({ touched }) => touched === word).length
  const words = [
    [numberOf('added'), 'new'],
    [numberOf('edited'), 'edited'],
    [numberOf('renamed'), 'renamed'],
    [deleted.length, 'deleted'],
    [numberOf('rewritten'), 'edited in comments only'],
  ] as const
  const parts = words.flatMap(([number, word]) => (number === 0 ? [] : [`${count(number)} ${word}`]))
  return parts.length === 0 ? 'no change' : parts.join(', ')
}

/** Counts of the findings that are no part of the verdict. Those from before the change have a list of their own. */
export function uncountedPhrases({ counts }: Report): readonly string[] {
  return [
    ...(counts.waived === 0 ? [] : [counted(counts.waived, 'waived finding')]),
    ...(counts.debt === 0 ? [] : [counted(counts.debt, 'known finding')]),
  ]
}

/** Rules whose findings say why an up has no effect here. */
const CAUSES = new Set(['up-fails', 'environment', 'code-migration', 'unparsable'])

/** Whether the first finding says why the other one follows. */
export const isCauseOf = (one: Finding, { database, follows }: Finding): boolean =>
  follows !== undefined &&
  one.migration === follows &&
  one.database === database &&
  one.follows === undefined &&
  CAUSES.has(one.rule)

/** A finding from before the change, and how many others follow from it. */
export type OlderFinding = { readonly finding: Finding; readonly followers: number }

/**
 * Errors and warnings that were there before the change, in this order; without a change, those of the newest migrations first. What
 * follows from one of them is only counted.
 */
export function olderFindings({
  setAside,
  change,
  databases,
}: Pick<Report, 'setAside' | 'change' | 'databases'>): readonly OlderFinding[] {
  const all = setAside.filter(({ debt }) => debt === 'stood before')
  const older = all.filter(({ level }) => level !== 'note')
  const rootOf = (finding: Finding): Finding | undefined =>
    finding.follows === undefined ? undefined : older.find((one) => isCauseOf(one, finding))
  const followers = new Map<Finding, number>()
  for (const root of all.flatMap((one) => rootOf(one) ?? [])) followers.set(root, (followers.get(root) ?? 0) + 1)
  const ages = new Map(
    databases.flatMap(({ name, migrations }) =>
      migrations.map(({ id }, at) => [JSON.stringify([name, id]), at] as const),
    ),
  )
  const ageOf = ({ database, migration }: Finding): number => ages.get(JSON.stringify([database, migration])) ?? -1
  const ordered = change === undefined ? older.toSorted((a, b) => ageOf(b) - ageOf(a)) : older
  return ordered
    .filter((one) => rootOf(one) === undefined)
    .map((finding) => ({ finding, followers: followers.get(finding) ?? 0 }))
}

/** Migrations that are irreversible on purpose have a list of their own. */
export const isListedApart = (rule: string, level: Level): boolean => rule === 'irreversible' && level === 'note'

/** One finding from before the change on one line: names and messages are not escaped. */
export const olderSentence = ({ finding, followers }: OlderFinding): string =>
  [
    `${finding.level}: ${[finding.database, finding.migration].filter((one) => one !== undefined).join(' ')}`,
    `: ${finding.message}`,
    ...(followers === 0 ? [] : [` (${counted(followers, 'more finding')} because of it)`]),
    ...(finding.more === undefined ? [] : [` (${counted(finding.more, 'more finding')} of this rule in the file)`]),
  ].join('')

/** The title of the list of such findings. */
export function olderTitle(older: readonly OlderFinding[], { change }: Pick<Report, 'change'>): string {
  const number = numberOf(older.map(({ finding }) => finding))
  if (change === undefined)
    return `${counted(number, 'finding')} about merged migrations (not counted): ${ruleCounts(older)}`
  return `${counted(number, 'finding')} ${number === 1 ? 'was' : 'were'} there before the change (not counted)`
}

/** `12 table-rewrite, 4 blocking-scan`. */
function ruleCounts(older: readonly OlderFinding[]): string {
  const rules = [...new Set(older.map(({ finding }) => finding.rule))]
  const countOf = (rule: string): number =>
    numberOf(older.flatMap(({ finding }) => (finding.rule === rule ? [finding] : [])))
  return rules
    .map((rule) => ({ rule, number: countOf(rule) }))
    .toSorted((a, b) => b.number - a.number)
    .map(({ rule, number }) => `${count(number)} ${rule}`)
    .join(', ')
}

/** Counts of the findings of one database by level: `2 errors, 1 warning`. */
export const findingCounts = (report: Report, { name }: DatabaseReport, levels: readonly Level[] = LEVELS): string =>
  levels
    .flatMap((level) => {
      const number = numberOf(report.findings.filter((f) => f.database === name && f.level === level))
      return number === 0 ? [] : [counted(number, level)]
    })
    .join(', ')

/** Findings with a waiver. Names and reasons are not escaped. */
export const acceptedFindings = (
  report: Report,
): readonly { readonly rule: string; readonly name: string; readonly until: string; readonly reason: string }[] =>
  report.setAside.flatMap(({ waived, rule, database, migration }) =>
    waived === undefined ? [] : [{ rule, name: `${database} ${migration ?? ''}`.trim(), ...waived }],
  )

/** What `--fix` wrote, one line for each file. */
export const fixedFiles = ({ fixed = [] }: Report): readonly string[] =>
  fixed.map(({ file, migration, loses, notes = [], online, problem }) => {
    if (problem !== undefined) return `${file}: not written, ${problem}`
    const drops = loses.length === 0 ? [] : [`a rollback now drops ${loses.join(', ')}`]
    const way = online === undefined ? [] : [`clients no longer wait for ${migration}`]
    const parts = [...way, ...drops, ...notes.map((note) => note.replace(/\.$/, ''))]
    return parts.length === 0 ? file : `${file}: ${parts.join('; ')}`
  })

/** Number of migrations by state. */
export type StateCounts = ReadonlyMap<State, number>

export function countStates(migrations: readonly MigrationReport[]): StateCounts {
  const counts = new Map<State, number>()
  for (const migration of migrations) {
    const state = stateOf(migration)
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return counts
}

/** `1 of 21 migrations cannot be rolled back`, `2 cannot be applied`: the first phrase has the total. */
export function badPhrases(counts: StateCounts, total: number): readonly string[] {
  const found = BAD_STATES.filter((state) => (counts.get(state) ?? 0) > 0)
  return found.map((state, index) => {
    const number = count(counts.get(state) ?? 0)
    return index === 0 ? `${number} of ${counted(total, 'migration')} ${state}` : `${number} ${state}`
  })
}

/** Counts of the migrations that were neither proved nor found bad. */
export const otherPhrases = (counts: StateCounts): readonly string[] =>
  OTHER_STATES.flatMap((state) => {
    const number = counts.get(state) ?? 0
    return number === 0 ? [] : [`${count(number)} ${state}`]
  })

/** The result of one database, for a cell of a table. */
export function statusOf(database: DatabaseReport): string {
  if (database.notProved !== undefined) return 'not proved'
  if (database.migrations.length === 0) return 'no migrations'
  if (database.untouched === true) return 'not changed'
  const own = migrationsInScope(database)
  const total = own.length
  if (total === 0) return chainProblem(database.chain) ?? 'nothing to prove'
  const counts = countStates(own)
  if (counts.get('files only') === total) return 'files only'
  if (counts.get('proved') === total) return chainProblem(database.chain) ?? 'all proved'
  const bad = BAD_STATES.flatMap((state) =>
    (counts.get(state) ?? 0) > 0 ? [`${count(counts.get(state) ?? 0)} ${state}`] : [],
  )
  const chain = bad.length === 0 ? chainProblem(database.chain) : undefined
  const proved = counts.get('proved') ?? 0
  const trouble = [...bad, ...(chain === undefined ? [] : [chain])]
  const good = trouble.length > 0 || proved === 0 ? [] : [`${count(proved)} proved`]
  return [...trouble, ...good, ...otherPhrases(counts)].join(', ')
}

export const isPassing = (database: DatabaseReport): boolean =>
  database.notProved === undefined &&
  chainProblem(database.chain) === undefined &&
  database.migrations.every((migration) => {
    const state = stateOf(migration)
    return !isBad(state) && state !== 'stopped by the environment' && state !== 'not judged'
  })

/** What the run did not check and why, one sentence each. Names and reasons are not escaped. */
export function notCheckedSentences(report: Report): readonly string[] {
  const all = allMigrationsInScope(report)
  const filesOnly = all.length > 0 && all.every((migration) => stateOf(migration) === 'files only')
  return [
    ...(report.change?.notSeen ?? []),
    ...(filesOnly && report.databases.every((d) => d.notProved === undefined)
      ? ['no migration was run, only the files were read']
      : []),
    ...report.databases.flatMap((database) => [
      ...(database.notProved === undefined ? [] : [`${database.name} was not proved: ${database.notProved}`]),
      ...notRunSentences(database),
      ...chainSentences(database),
      ...database.ignored.filter(isNamed).map(({ path, reason }) => `${path}: ${reason}`),
    ]),
  ]
}

/** How many files the layouts ignore, without those that are listed by name. */
export const ignoredFileCount = (report: Report): number =>
  report.databases.reduce((sum, { ignored }) => sum + ignored.filter((one) => !isNamed(one)).length, 0)

/** Where there may be a database: links out of the repository, and folders of others. */
const isNamed = ({ linked, foreign }: Ignored): boolean => linked === true || foreign === true

function notRunSentences(database: DatabaseReport): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const migration of database.migrations) {
    const state = stateOf(migration)
    if (state !== 'not run' && state !== 'not judged' && state !== 'stopped by the environment') continue
    const reason = whyNotProved(migration) ?? 'not run'
    byReason.set(reason, [...(byReason.get(reason) ?? []), migration.id])
  }
  return [...byReason].map(([reason, ids]) => `${database.name} ${firstFew(ids, 3)}: ${reason}`)
}

function chainSentences(database: DatabaseReport): readonly string[] {
  const { chain } = database
  if (chain === undefined) return []
  if (chain.failure?.environment !== undefined)
    return [`${database.name}, the whole chain: ${chain.failure.environment}`]
  if (chain.failure?.follows !== undefined)
    return [`${database.name}, the whole chain: it stops at ${chain.stoppedAt ?? ''}, which is not judged`]
  if (chain.down !== 'missing' && chain.down !== 'irreversible') return []
  const where = chain.stoppedAt === undefined ? '' : ` at ${chain.stoppedAt}`
  const why = chain.down === 'irreversible' ? 'it is irreversible on purpose' : 'its down is missing'
  return [
    `${database.name}: the rollback of the whole chain stops after ${counted(chain.downs, 'step')}${where}: ${why}`,
  ]
}

/** Migrations that are declared irreversible, with the reason. */
export const irreversibleMigrations = (report: Report): readonly { readonly name: string; readonly reason: string }[] =>
  report.databases.flatMap((database) =>
    database.migrations.flatMap((migration) =>
      migration.irreversible === undefined
        ? []
        : [{ name: `${database.name} ${migration.id}`, reason: migration.irreversible }],
    ),
  )
