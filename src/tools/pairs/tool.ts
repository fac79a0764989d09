// golang-migrate, sqlx, node-pg-migrate and others: a file for each direction (`00001_users.up.sql`, `00001_users.down.sql`).
import { byNumber } from '../../model/version.js'
import type { Direction, Migration } from '../../model/migration.js'
import type { History } from '../../state/history.js'
import { integerKey, isInteger } from '../integer-version.js'
import type { FileNames, Refused, Tool, Wanted } from '../tool.js'
import { otherByWord, twoFiles } from '../two-files.js'
import { pairFiles } from './files.js'
import { golangMigrate } from './golang-migrate-history.js'
import { namingOf } from './naming.js'
import { nodePgMigrate } from './node-pg-migrate-history.js'
import { areInFolders } from './numbered-folders.js'
import { ours } from './own-history.js'
import { sqlx } from './sqlx-history.js'
import { golangMigrateReads, isDirection, sqlxReads } from './tool-names.js'

/** sqlx looks for it; golang-migrate sends a file with one statement without a transaction anyway. */
const NO_TRANSACTION = '-- no-transaction'

const { directions, create } = twoFiles({ otherFile, names, firstLine: NO_TRANSACTION })

export const pairs: Tool = {
  name: 'pairs',
  title: 'the tool',
  files: pairFiles,
  order: { compare: byNumber, words: 'by the number of their version' },
  transactions: {
    leaveOut: () =>
      "Move it into a separate migration and turn the transaction off with the tool's own marker. Here: transaction: none for this database in migration-gate.yml.",
    alone: 'Move the statement into a separate migration: the whole file is one message.',
    leaveOutIsAlone: true,
  },
  directions,
  naming: namingOf({
    rules: { named: 'files', usualForm: true, anyGap: false },
    order: byNumber,
    runs: (name, before) => staysRun(name, before),
    knownBy: () => undefined,
  }),
  records: {
    stopsAtTwins: true,
    renamed: ({ before, now, twin }) => {
      const [from, to] = [integerKey(before), integerKey(now)]
      const other = twin === undefined ? '' : `run the up of ${twin} by hand, then `
      const sqlx = `UPDATE _sqlx_migrations SET version = ${to} WHERE version = ${from};`
      return `golang-migrate (schema_migrations says ${from}): ${other}migrate force ${to}. sqlx: ${sqlx}`
    },
    countsLoneDowns: true,
  },
  statementBlock: undefined,
  histories: {
    candidates: [golangMigrate, sqlx, nodePgMigrate, ours],
    first,
    unclear,
    scratch: undefined,
    refusal: (migrations) =>
      areInFolders(migrations)
        ? {
            holds: 'one chain in numbered folders, and no tool with a supported history runs one',
            fix: 'Keep applying them as you do now',
          }
        : undefined,
  },
  create: { ...create, refusal },
}

/** What golang-migrate or sqlx runs, it runs under the new name too. */
const staysRun = (name: string, before: string): boolean =>
  [golangMigrateReads, sqlxReads].every((reads) => !isDirection(reads(before)) || isDirection(reads(name)))

/** Flyway's letters say the direction where no word does. */
function otherFile(path: string, to: Direction): string | undefined {
  const other = otherByWord(path, to)
  const cut = path.lastIndexOf('/') + 1
  const [from, into] = to === 'down' ? ['V', 'U'] : ['U', 'V']
  if (other !== undefined || !new RegExp(`^${from}\\d`).test(path.slice(cut))) return other
  return `${path.slice(0, cut)}${into}${path.slice(cut + 1)}`
}

function names({ version, words, neighbours, write }: Wanted): FileNames {
  const up = write('up')
  const own = neighbours.size === 0 || neighbours.has('down')
  const down = own ? write('down') : (otherFile(up, 'down') ?? up.replace(/\.sql$/, '.down.sql'))
  return { id: `${version}_${words}`, up, down }
}

/** golang-migrate's table where that tool runs every file, and its one number can record every version. */
function first(migrations: readonly Migration[]): History | undefined {
  const keys = new Set(migrations.map(integerKey))
  const fits = keys.size === migrations.length && migrations.every(({ version }) => isInteger(version))
  return fits && runsAll(golangMigrate, migrations) ? golangMigrate : undefined
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

const filesIn = (migrations: readonly Migration[]): readonly string[] =>
  migrations.flatMap(({ up, down }) =>
    [up, down].flatMap((script) => (script === undefined ? [] : nameOf(script.file))),
  )

const runsAll = ({ reads }: History, migrations: readonly Migration[]): boolean =>
  filesIn(migrations).every((name) => isDirection(reads?.(name) ?? 'passes over'))

/** sqlx runs simple migrations beside pairs, and golang-migrate passes over them. */
function unclear(migrations: readonly Migration[]): string | undefined {
  const names = filesIn(migrations)
  const simple = names.find((name) => !isDirection(golangMigrateReads(name)))
  if (simple === undefined || names.every((name) => !isDirection(golangMigrateReads(name)))) return undefined
  if (!runsAll(sqlx, migrations)) return undefined
  return `sqlx runs ${simple} and golang-migrate passes over it, and the database does not show which of them is at work`
}

function refusal(migrations: readonly Migration[], newest: string): Refused | undefined {
  if (!areInFolders(migrations)) return undefined
  return {
    holds: 'one chain in numbered folders, and only you know which folder comes next',
    fix: `Write the file by hand, after ${newest}.`,
  }
}
