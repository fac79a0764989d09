// What a script does to rows: it fails because of them, or it loses them.
import type { Level } from '../../model/finding.js'
import { firstFew } from '../../model/list-words.js'
import { SMALL_TABLE, type Impact, type Lost, type RowFailure } from '../facts.js'
import { rootOf } from '../partitions.js'
import type { Effect } from './effect.js'
import { groupedBy } from './grouped.js'
import { counted, countedOf, isReal, levelFor, relationNamed, type Judging } from './sizes.js'

/** The script fails only because a table has rows. Nothing of the server's message that may hold a value is said. */
export function rowFailure(judging: Judging, rule: 'fails-on-rows' | 'down-fails-on-rows'): readonly Effect[] {
  const { failsOnRows: failure } = judging.impact
  if (failure === undefined) return []
  const { relation, statement, place, sqlstate, needs, column } = failure
  const some = isReal(failure) || needs === ANY_ROW ? undefined : needs
  const when = isReal(failure) ? 'its rows' : (some ?? ANY_ROW)
  return [
    {
      rule,
      relations: relation === undefined ? [] : [relation],
      said: `fails on ${when}: ${refusalWords(failure)} (SQLSTATE ${sqlstate})`,
      brief: some === undefined ? refusalWords(failure) : some,
      statement,
      place,
      columns: column === undefined ? [] : [column],
      atMost: levelOfFailure(judging, failure, some === undefined),
    },
  ]
}

const ANY_ROW = 'any row'

/** unique_violation and exclusion_violation: rows that the script writes may have the key of made-up ones by chance. */
const KEYS: ReadonlySet<string> = new Set(['23505', '23P01'])

function levelOfFailure({ dataSet }: Judging, failure: RowFailure, isCertain: boolean): Level | undefined {
  if (isReal(failure)) return undefined
  if (dataSet || (KEYS.has(failure.sqlstate) && failure.needs === undefined)) return 'note'
  return isCertain ? undefined : 'warning'
}

/** What the rows have that the server refuses. */
function refusalWords({ sqlstate, column, constraint, key, count, source }: RowFailure): string {
  const many = count !== undefined && isReal({ source }) ? countedOf(count, 'row') : 'rows'
  // The verb of one row, or of several.
  const one = many === '1 row'
  const [have, breaks] = one ? ['has', 'breaks'] : ['have', 'break']
  const inColumn = column === undefined ? '' : ` in ${column}`
  const inKey = key === undefined ? inColumn : ` in ${key}`
  const by = constraint === undefined ? '' : ` ${constraint}`
  switch (sqlstate) {
    case '23502':
      return `${many} would have NULL${inColumn}, which is required`
    case '23505':
      return `${many} are duplicates${inKey} for the unique key${by}`
    case '23503':
      return `${many} ${breaks} the foreign key${by}${inColumn}`
    case '23514':
      return constraint === undefined
        ? `${many} ${one ? 'does' : 'do'} not fit the partition`
        : `${many} ${breaks} the check${by}${inColumn}`
    case '23P01':
      return `${many} ${breaks} the exclusion constraint${by}`
    case '22001':
      return `${many} ${have} a value${inColumn} that is too long`
    case '22003':
      return `${many} ${have} a value${inColumn} that is out of range`
    default:
      return sqlstate.startsWith('22')
        ? `${many} ${have} a value${inColumn} that does not become the new one`
        : `the server refuses ${many}`
  }
}

/** A table that loses fewer rows than 1,000 and 10 % of them by DELETE is cleaned up. */
const SHARE = 10

/** What the up takes from existing tables, one effect for each. */
export const losses = (judging: Judging): readonly Effect[] =>
  perTable(
    judging,
    judging.impact.lost.filter((lost) => lost.count > 0 && !isOfUpdate(judging.impact, lost)),
  ).flatMap(([, lost]) => {
    const isNote = lost.every((one) => isCleanUp(judging, one))
    const brief = lossWords(judging, lost)
    const said = `${brief}, and no down gets them from anywhere`
    return [
      {
        ...lossEffect(judging, 'loses-rows', lost),
        said,
        brief,
        ...(isNote && { atMost: 'note' as const }),
      },
    ]
  })

/** What a down does not bring back of what the up took or changed. */
export const notRestored = (judging: Judging): readonly Effect[] =>
  perTable(
    judging,
    (judging.impact.notRestored ?? []).filter(({ count }) => count > 0),
  ).map(([, lost]) => ({
    ...lossEffect(judging, 'down-loses-rows', lost),
    said: `after up and down, ${lossWords(judging, lost)}`,
  }))

/** An UPDATE of the up is what it is for: a type change alone writes the table again while it changes values. */
const isOfUpdate = ({ rewritten, changed }: Impact, { relation, how }: Lost): boolean =>
  how === 'changed' &&
  (!rewritten.some((one) => one.relation === relation) ||
    changed.some((one) => one.relation === relation && one.updated > 0))

function isCleanUp({ impact }: Judging, { relation, how, what, count }: Lost): boolean {
  const rows = relationNamed(impact, relation)?.rows ?? 0
  return how === 'deleted' && what === 'rows' && count < SMALL_TABLE && count * SHARE < rows
}

/** The losses of a table, or of the partitions of one. */
const perTable = ({ impact }: Judging, lost: readonly Lost[]): ReturnType<typeof groupedBy<Lost>> =>
  groupedBy(lost, ({ relation }) => rootOf(impact, relation))

const lossEffect = (
  judging: Judging,
  rule: 'loses-rows' | 'down-loses-rows',
  lost: readonly [Lost, ...Lost[]],
): Omit<Effect, 'said'> => ({
  rule,
  relations: [...new Set(lost.map(({ relation }) => relation))],
  statement: statementThatTook(judging.impact, lost[0].relation, lost),
  columns: [...new Set(lost.flatMap(({ column }) => column ?? []))],
  atMost: levelFor(judging, lost[0].relation),
})

/** `20,000 rows are dropped`, `the values of state and note are dropped (20,000 and 3)`. Rows stand for all columns. */
function lossWords({ impact }: Judging, all: readonly [Lost, ...Lost[]]): string {
  const known = relationNamed(impact, all[0].relation)
  const lost = summed(all)
  const real = known === undefined || isReal(known)
  const rows = lost.find(({ what }) => what === 'rows')
  if (rows !== undefined) {
    const many = real ? countedOf(rows.count, 'row') : 'rows'
    return `${many} ${rows.count === 1 && real ? 'is' : 'are'} ${WORDS[rows.how]}`
  }
  const values = lost.filter(({ what }) => what === 'values')
  const [first] = values
  const [position] = lost
  if (first === undefined)
    return `the position of the sequence${real && position !== undefined ? ` (${counted(position.count)})` : ''} is lost`
  const names = firstFew(
    values.map(({ column, count }) => `${column ?? 'a column'}${real ? ` (${countedOf(count, 'value')})` : ''}`),
  )
  return `the values of ${names} are ${WORDS[first.how]}`
}

/** Equal losses of several partitions as one. */
const summed = (lost: readonly Lost[]): readonly Lost[] =>
  groupedBy(lost, ({ what, how, column }) => JSON.stringify([what, how, column])).map(([, group]) => ({
    ...group[0],
    count: group.reduce((sum, { count }) => sum + count, 0),
  }))

const WORDS: Readonly<Record<Lost['how'], string>> = {
  dropped: 'dropped',
  deleted: 'deleted',
  truncated: 'removed by TRUNCATE',
  changed: 'changed',
  reset: 'reset',
}

/** The statement that wrote the relation, or locked it most strongly: to drop something takes the strongest lock. */
export function statementThatTook(impact: Impact, relation: string, lost: readonly Lost[] = []): number | undefined {
  const wanted = lost.some(({ how }) => how === 'deleted')
    ? impact.changed.find((change) => change.relation === relation && change.deleted > 0)
    : lost.some(({ how }) => how === 'truncated')
      ? impact.changed.find((change) => change.relation === relation && change.truncated === true)
      : lost.some(({ how }) => how === 'changed')
        ? impact.rewritten.find((one) => one.relation === relation)
        : undefined
  return wanted?.statement ?? impact.holds.find((hold) => hold.relation === relation)?.from
}
