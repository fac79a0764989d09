// Puts together what the catalogue, the validators and a scratch copy say about a restore of a dump.
import { firstFew } from '../../../model/list-words.js'
import { identifier } from '../../../sql/quote.js'
import type { DumpObstacle } from '../../../release/dump-obstacles.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../live/connection.js'
import { analyse, type Analysis, type Doubt, type Lost } from './analysis.js'
import { readDependences, type Dependence } from './load-order.js'
import type { Probe } from './probe.js'
import { readNames } from './routines.js'
import { inEmptyPath } from './session.js'
import { readStoredExpressions, type StoredExpression } from './stored-expressions.js'

/**
 * What the database itself shows. `filled` are OIDs of relations with rows. `path`: where a session on it searches.
 * `dependences` are those between tables with rows.
 */
export type Facts = Omit<Analysis, 'reads'> & {
  readonly filled: ReadonlySet<string>
  readonly dependences: readonly Dependence[]
  readonly path: readonly string[]
}

/** Runs nothing of the database's own, and changes nothing. Rejects as `send` does. */
export function readFacts(link: Link, path: readonly string[]): Promise<Facts> {
  return inEmptyPath(link, async () => {
    const expressions = await readStoredExpressions(link)
    const routines = [...new Set(expressions.flatMap((one) => one.routines))]
    const { lost, doubts, reads } = analyse(expressions, await readNames(link, routines, path))
    const asked = [...lost, ...doubts, ...reads].flatMap(({ expression }) => expression.tables)
    const filled = await relationsWithRows(link, [...asked, ...reads.map(({ relation }) => relation)])
    const all = await readDependences(link, reads)
    const dependences = all.filter(
      ({ read }) => filled.has(read.relation) && read.expression.tables.some((table) => filled.has(table)),
    )
    return { lost, doubts, filled, dependences, path }
  })
}

/** A relation that this role may not read counts as one with rows. */
async function relationsWithRows(link: Link, oids: readonly string[]): Promise<ReadonlySet<string>> {
  const all = [...new Set(oids)]
  if (all.length === 0) return new Set()
  const names = lastRows(
    await link.send(`SELECT c.oid, c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c WHERE c.oid IN (${all.join(', ')}) AND c.relkind <> 'f'`),
  )
  const filled = new Set<string>()
  for (const [oid, name] of names) {
    try {
      const rows = lastRows(await link.send(`SAVEPOINT gate; SELECT EXISTS (SELECT FROM ${name ?? ''})`))
      if (rows[0]?.[0] === 't') filled.add(oid ?? '')
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      filled.add(oid ?? '')
    } finally {
      if (!link.isLost()) await link.send('ROLLBACK TO gate; RELEASE gate')
    }
  }
  return filled
}

/** Whether a scratch copy can tell more. */
export const needsProbe = ({ doubts, dependences }: Facts): boolean =>
  doubts.length > 0 || dependences.some(({ read }) => isCheck(read.expression))

/** `probe`: a scratch copy, or why there is none. */
export async function obstaclesFrom(facts: Facts, probe: Probe | { readonly why: string }): Promise<readonly DumpObstacle[]> {
  const found: { readonly lost: readonly Lost[]; readonly unknown: readonly Doubt[] } = await decide(facts, probe)
  return [
    ...lostObstacles([...facts.lost, ...found.lost], facts),
    ...(await orderObstacles(facts, probe)),
    ...unknownObstacles(found.unknown, 'why' in probe ? probe.why : undefined),
  ]
}

async function decide(
  { doubts, path }: Facts,
  probe: Probe | { readonly why: string },
): Promise<{ readonly lost: readonly Lost[]; readonly unknown: readonly Doubt[] }> {
  const lost: Lost[] = []
  const unknown: Doubt[] = []
  for (const doubt of doubts) {
    const { expression, routine, named } = doubt
    const answer = 'why' in probe ? undefined : await probe.routine(routine.identity)
    if (answer?.word === 'lost') lost.push({ expression, routine, missing: [answer.message], isMessage: true, schemas: path })
    else if (answer === undefined || isStillOpen(doubt, answer.word, named)) unknown.push(doubt)
  }
  return { lost, unknown }
}

/** A text that is put together may name anything on another way through the routine. */
const isStillOpen = ({ routine }: Doubt, word: 'ran' | 'unknown', named: boolean): boolean =>
  word === 'ran' ? named && routine.body?.runsText === true : named

/** Planned when they are made, also without a row: there an SQL function may be expanded. */
const PLANNED = new Set<StoredExpression['kind']>(['generated', 'index', 'partition key', 'materialized view', 'event trigger'])

function lostObstacles(lost: readonly Lost[], { filled }: Facts): readonly DumpObstacle[] {
  const groups = new Map<string, Lost[]>()
  for (const one of lost) {
    const { expression, routine } = one
    const isRun = expression.tables.length === 0 || expression.tables.some((table) => filled.has(table))
    const kind = isRun || (routine.language === 'sql' && PLANNED.has(expression.kind)) ? 'fails' : 'later'
    groups.set(`${kind} ${routine.identity}`, [...(groups.get(`${kind} ${routine.identity}`) ?? []), one])
  }
  return [...groups].flatMap(([key, [first, ...more]]): readonly DumpObstacle[] => {
    if (first === undefined) return []
    const kind = key.startsWith('fails') ? 'fails' : 'later'
    const { routine, missing, isMessage, schemas } = first
    const users = firstFew([first, ...more].map(({ expression }) => expression.what))
    const how = isMessage
      ? `fails with the empty search_path of pg_restore (${missing.join(', ')})`
      : `names ${firstFew(missing)} without a schema, and the search_path of pg_restore is empty`
    const extension = routine.extension === undefined ? '' : ` (of the extension ${routine.extension}, whose functions a dump does not hold: call it through one of your own with a search_path)`
    return [
      {
        kind,
        what: `${users} ${more.length === 0 ? 'calls' : 'call'} ${routine.identity}${extension}, which ${how}`,
        repair:
          schemas === undefined || schemas.length === 0 || routine.extension !== undefined
            ? []
            : [`ALTER FUNCTION ${routine.identity} SET search_path = ${schemas.map(plain).join(', ')}, pg_temp;`],
      },
    ]
  })
}

/** Quoted where it has to be. */
const plain = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : identifier(name))

const isCheck = ({ kind }: StoredExpression): boolean => kind === 'check' || kind === 'domain'

async function orderObstacles(
  { dependences }: Facts,
  probe: Probe | { readonly why: string },
): Promise<readonly DumpObstacle[]> {
  const groups = new Map<string, Dependence[]>()
  for (const one of dependences) {
    const { what } = one.read.expression
    groups.set(what, [...(groups.get(what) ?? []), one])
  }
  const found: DumpObstacle[] = []
  for (const group of groups.values()) {
    const one = await orderObstacle(group, probe)
    if (one !== undefined) found.push(one)
  }
  return found
}

async function orderObstacle(
  group: readonly Dependence[],
  probe: Probe | { readonly why: string },
): Promise<DumpObstacle | undefined> {
  const [first] = group
  if (first === undefined) return undefined
  const { expression } = first.read
  const late = group.filter(({ table, source }) => table.oid === source.oid || isLoadedLater(source, table))
  const [example] = late
  if (example === undefined) {
    if (expression.kind !== 'generated') return undefined
    const reads = `${nameOf(first.source)} has by then`
    return { kind: 'unknown', repair: [], what: `${expression.what} is computed again, from the rows that ${reads}` }
  }
  const [table, source] = [nameOf(example.table), nameOf(example.source)]
  const order =
    table === source
      ? `reads ${source} itself, which is still empty while pg_restore loads it`
      : `reads ${source}, which pg_restore loads after ${table}`
  if (!isCheck(expression)) {
    const what = `${expression.what} ${order}, so its values would be other ones; make it a plain column that a trigger fills`
    return { kind: 'fails', what, repair: [] }
  }
  const { table: of, name, definition } = expression
  const answer =
    'why' in probe
      ? 'unknown'
      : await probe.check({ kind: expression.kind === 'check' ? 'table' : 'domain', name: of, definition })
  if (answer === 'never false') return undefined
  const repair =
    expression.kind === 'check'
      ? [`ALTER TABLE ${of} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${definition} NOT VALID;`]
      : [`ALTER DOMAIN ${of} DROP CONSTRAINT ${name};`, `ALTER DOMAIN ${of} ADD CONSTRAINT ${name} ${definition} NOT VALID;`]
  return answer === 'always false'
    ? { kind: 'fails', what: `${expression.what} ${order}, so its rows are refused; with NOT VALID it is added after the rows, and new rows are checked as before`, repair }
    : { kind: 'unknown', what: `${expression.what} ${order}`, repair }
}

const nameOf = ({ schema, name }: Dependence['table']): string => `${plain(schema)}.${plain(name)}`

/** By the bytes of schema and name (pg_dump, DOTypeNameCompare). */
function isLoadedLater(one: Dependence['table'], other: Dependence['table']): boolean {
  const bySchema = Buffer.compare(Buffer.from(one.schema), Buffer.from(other.schema))
  return (bySchema === 0 ? Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)) : bySchema) > 0
}

function unknownObstacles(doubts: readonly Doubt[], why: string | undefined): readonly DumpObstacle[] {
  if (doubts.length === 0) return []
  const each = [...new Set(doubts.map(({ routine, why: reason }) => `${routine.identity} ${reason}`))]
  const because = why === undefined ? '' : ` (${why})`
  const users = firstFew([...new Set(doubts.map(({ expression }) => expression.what))])
  return [
    { kind: 'unknown', what: `${firstFew(each)}, for ${users}${because}`, repair: [] },
  ]
}
