// What to write instead of a statement for which clients wait.
import { rootOf } from '../../impact/partitions.js'
import { identifier } from '../../sql/quote.js'
import type { Judged } from './judged.js'
import { oneByOne, outsideTransaction } from './separate-migration.js'
import { addedConstraint, codeOf, firstList, requiredColumns, shown } from './statement-parts.js'

/** `cause` finds what waits in the code of the statement, also inside a body; the first that fits counts. */
type Way = { readonly cause: RegExp; readonly way: (judged: Judged) => string }

const wayFor =
  (ways: readonly Way[], otherwise: string) =>
  (judged: Judged): string =>
    ways.find(({ cause }) => cause.test(codeOf(judged.text)))?.way(judged) ?? otherwise

const words = (cause: RegExp, text: string): Way => ({ cause, way: () => text })

/** Of several partitions, the table at their root. */
function tableOf({ effect: { relations }, impact }: Judged): string {
  const [first = 'the_table', ...others] = relations
  return others.length === 0 ? first : rootOf(impact, first)
}

/** The index that is built, as a statement about its own schema names it. */
function indexOf({ impact, effect: { statement, relations } }: Judged): string | undefined {
  const built = impact.built.find((one) => one.statement === statement && relations.includes(one.relation))
  return built?.index.replace(/^.*\.(?=[^.]+$)/, '')
}

const EXPAND =
  'Expand and contract: add a column of the new form, let the application write both, fill it in batches, let it read the new one, and drop the old one in a later deploy.'

/** An index on all partitions has no CONCURRENTLY (PostgreSQL, "CREATE INDEX"). */
const PARTITIONED =
  'CREATE INDEX ... ON ONLY the partitioned table, which builds nothing. Then, outside of a transaction, CREATE INDEX CONCURRENTLY on each partition, and ALTER INDEX ... ATTACH PARTITION for each: the index becomes valid with the last one.'

/** For `blocking-index-build`. */
export const indexWay = wayFor(
  [
    {
      cause: /\bREINDEX\b/i,
      way: (judged) => {
        const [, kind, name] = /^REINDEX (?:\([^)]*\) )?(TABLE|INDEX) (.*)$/i.exec(shown(judged.text) ?? '') ?? []
        return kind === undefined || name === undefined
          ? 'Use REINDEX CONCURRENTLY, outside of a transaction.'
          : outsideTransaction(judged, `REINDEX ${kind.toUpperCase()} CONCURRENTLY ${name};`)
      },
    },
    {
      cause: /\bCREATE (?:UNIQUE )?INDEX\b/i,
      way: (judged) => {
        const partitioned = judged.impact.holds.some(
          ({ kind, from }) => kind === 'partitioned table' && from === judged.effect.statement,
        )
        if (partitioned) return PARTITIONED
        const sql = shown(judged.text)
        const online = sql?.replace(/^(CREATE (?:UNIQUE )?INDEX)\b/i, '$1 CONCURRENTLY')
        return online === undefined || online === sql
          ? outsideTransaction(judged, 'CREATE INDEX CONCURRENTLY ...')
          : outsideTransaction(judged, `${online};`)
      },
    },
    words(
      /\bEXCLUDE\b/i,
      'There is no online way to an exclusion constraint: add it while few clients write, with a lock_timeout, or put new rows into a new table that has it.',
    ),
    { cause: /\b(?:UNIQUE|PRIMARY KEY)\b/i, way: uniqueWay },
    words(
      /\bATTACH PARTITION\b/i,
      'Build the same indexes on the table with CREATE INDEX CONCURRENTLY before: ATTACH PARTITION then takes them over.',
    ),
    words(/\bTYPE\b/i, EXPAND),
  ],
  'Build the index in a migration before this one, with CREATE INDEX CONCURRENTLY and outside of a transaction.',
)

function uniqueWay(judged: Judged): string {
  const added = addedConstraint(judged.text)
  const isPrimary = /\bPRIMARY KEY\b/i.test(codeOf(judged.text))
  const kind = isPrimary ? 'PRIMARY KEY' : 'UNIQUE'
  const index = added?.name ?? indexOf(judged)
  const columns = added && firstList(added.rest)
  const before = isPrimary ? ' Its columns have to be NOT NULL already, or the table is read for that.' : ''
  if (added === undefined || columns === undefined || index === undefined)
    return `Build the index first, with CREATE UNIQUE INDEX CONCURRENTLY, and let the constraint take it over: ADD CONSTRAINT ... ${kind} USING INDEX.${before}`
  return oneByOne(
    outsideTransaction(judged, `CREATE UNIQUE INDEX CONCURRENTLY ${index} ON ${added.table} (${columns});`),
    `ALTER TABLE ${added.table} ADD CONSTRAINT ${index} ${kind} USING INDEX ${index};${before === '' ? '' : `\n--${before}`}`,
  )
}

/** A constraint that is checked later, while clients go on. */
function validatedLater(judged: Judged, kind: string): string {
  const added = addedConstraint(judged.text)
  return added?.name === undefined
    ? `Add the ${kind} with a name and NOT VALID, which reads nothing, and in the next migration: ALTER TABLE ${tableOf(judged)} VALIDATE CONSTRAINT ..., for which clients do not wait.`
    : oneByOne(
        `ALTER TABLE ${added.table} ADD CONSTRAINT ${added.name} ${added.rest} NOT VALID;`,
        `ALTER TABLE ${added.table} VALIDATE CONSTRAINT ${added.name};`,
      )
}

/** SET NOT NULL trusts a valid CHECK and reads nothing (PostgreSQL, "ALTER TABLE"). */
function notNullWay(judged: Judged): string {
  const table = tableOf(judged)
  const [column = 'the_column'] = requiredColumns(judged.text)
  const check = identifier(`${column.replaceAll('"', '')}_required`)
  return oneByOne(
    `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
    oneByOne(
      `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};`,
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;\nALTER TABLE ${table} DROP CONSTRAINT ${check};`,
    ),
  )
}

const BOUNDS =
  'Add a CHECK with the bounds of the partition to the table first, NOT VALID and then VALIDATE, each in its migration: ATTACH PARTITION then reads nothing. Drop the CHECK afterwards. A default partition needs a CHECK that leaves these bounds out.'

/** For `blocking-scan`. */
export const scanWay = wayFor(
  [
    words(
      /\bVALIDATE CONSTRAINT\b/i,
      'Move VALIDATE CONSTRAINT into a migration of its own: by itself it lets clients go on, here it runs under the lock of an earlier statement.',
    ),
    words(/\b(?:ATTACH PARTITION|PARTITION OF)\b/i, BOUNDS),
    words(
      /\bDOMAIN\b/i,
      'A check of a domain reads every table that uses it, and no step avoids it: give the tables a CHECK of their own, NOT VALID and validated in the next migration.',
    ),
    { cause: /\b(?:FOREIGN KEY|REFERENCES)\b/i, way: (judged) => validatedLater(judged, 'foreign key') },
    { cause: /\bSET NOT NULL\b/i, way: notNullWay },
    { cause: /\bCHECK\b/i, way: (judged) => validatedLater(judged, 'check') },
    words(
      /\bPRIMARY KEY\b/i,
      'Make the columns NOT NULL first, behind a CHECK (... IS NOT NULL) that is validated by then: the primary key reads the table for what may still be NULL.',
    ),
    words(/\bTYPE\b/i, EXPAND),
  ],
  'Let what reads the table run in a migration before this one, so that no lock is held meanwhile.',
)

const REFRESH = words(
  /\bREFRESH MATERIALIZED VIEW\b/i,
  'Use REFRESH MATERIALIZED VIEW CONCURRENTLY, which readers do not wait for; it needs a unique index over all rows.',
)

const STEPS =
  'In steps: add the column without a default, set the default for new rows in the next statement, fill the old rows in batches, and make it NOT NULL behind a validated CHECK.'

/** For `table-rewrite`. */
export const rewriteWay = wayFor(
  [
    REFRESH,
    words(
      /\b(?:VACUUM|CLUSTER)\b/i,
      'Leave it out of the migrations: a plain VACUUM makes room for new rows, and a tool such as pg_repack compacts a table in use.',
    ),
    {
      cause: /\b(?:(?:SMALL|BIG)?SERIAL[248]?|AS IDENTITY)\b/i,
      way: (judged) =>
        `${STEPS} The default is nextval of a sequence that you create before, with ALTER SEQUENCE ... OWNED BY ${tableOf(judged)}.`,
    },
    words(
      /\bSTORED\b/i,
      'Add a plain column, let a trigger fill it for new rows, and fill the old rows in batches: a stored generated column is computed for all rows at once.',
    ),
    words(/\bTYPE\b/i, EXPAND),
    words(/\bDEFAULT\b/i, STEPS),
    words(
      /\bSET (?:LOGGED|UNLOGGED|ACCESS METHOD|TABLESPACE)\b/i,
      'There is no online way: make a new table that has it, copy the rows in batches while a trigger follows, and change the names.',
    ),
  ],
  'Split it into steps that leave the old rows where they are: a new column, a batched fill, and a change of the application between them.',
)

/** For `lock-held`. */
export const heldWay = (judged: Judged): string =>
  wayFor(
    [REFRESH],
    `Give the statement that locks ${tableOf(judged)} a migration of its own, so that ${judged.tool.title} commits it before the other work begins. Fill rows in batches, outside of that transaction.`,
  )(judged)

/** For `mass-change`. */
export const massWay = (judged: Judged): string =>
  outsideTransaction(
    judged,
    `-- In batches of some thousand rows, with a COMMIT after each:\nUPDATE ${tableOf(judged)} SET ... WHERE id IN (SELECT id FROM ${tableOf(judged)} WHERE ... LIMIT 5000);`,
  )
