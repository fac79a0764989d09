// Puts together what the catalogue, the validators and a scratch copy say about a restore of a dump.
import { firstFew } from '../../../model/list-words.js'
import { identifier } from '../../../sql/quote.js'
import type { DumpObstacle } from '../../../release/backup.js'
import { isDatabaseError } from '../session.js'
import { lastRows, type Link } from '../live/connection.js'
import { analyse, failsWith, type Analysis, type Doubt, type Lost } from './analysis.js'
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

/**
 * Runs nothing of the database's own, and changes nothing. `rows`: whether to look for rows, or to take all tables as
 * filled, because they are still to be restored. Rejects as `send` does.
 */
export function readFacts(link: Link, path: readonly string[], rows: 'look' | 'all' = 'look'): Promise<Facts> {
  return inEmptyPath(link, async () => {
    const expressions = await readStoredExpressions(link)
    const routines = [...new Set(expressions.flatMap((one) => one.routines))]
    const { lost, doubts, reads } = analyse(expressions, await readNames(link, routines, path))
    const asked = [...lost, ...doubts, ...reads].flatMap(({ expression }) => expression.tables)
    const relations = [...asked, ...reads.map(({ relation }) => relation)]
    const filled = rows === 'all' ? new Set(relations) : await relationsWithRows(link, relations)
    const all = await readDependences(link, reads)
    const dependences = all.filter(
      ({ read }) => filled.has(read.relation) && read.expression.tables.some((table) => filled.has(table)),
    )
    return { lost, doubts, filled, dependences, path }
  })
}

/** So many relations are looked at with one question. */
const AT_ONCE = 100

/** A relation that this role may not read, or that is locked, counts as one with rows. */
async function relationsWithRows(link: Link, oids: readonly string[]): Promise<ReadonlySet<string>> {
  const all = [...new Set(oids)]
  if (all.length === 0) return new Set()
  const relations = lastRows(
    await link.send(
      `SELECT c.oid, c.oid::pg_catalog.regclass FROM pg_catalog.pg_class c WHERE c.oid IN (${all.join(', ')}) AND c.relkind <> 'f'`,
    ),
  ).map(([oid, name]) => ({ oid: oid ?? '', name: name ?? '' }))
  const filled = new Set<string>()
  for (let at = 0; at < relations.length; at += AT_ONCE) {
    const some = relations.slice(at, at + AT_ONCE)
    const known = await haveRows(link, some)
    for (const one of some) {
      const [has] = known === undefined ? ((await haveRows(link, [one])) ?? [true]) : [known[some.indexOf(one)]]
      if (has === true) filled.add(one.oid)
    }
  }
  return filled
}

/** In the order of the relations; undefined if the server refuses one of them. */
async function haveRows(link: Link, relations: readonly { name: string }[]): Promise<readonly boolean[] | undefined> {
  const each = relations.map(({ name }) => `EXISTS (SELECT FROM ${name})`)
  try {
    const [row] = lastRows(await link.send(`SAVEPOINT gate; SELECT ${each.join(', ')}`))
    return (row ?? []).map((word) => word === 't')
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return undefined
  } finally {
    if (!link.isLost()) await link.send('ROLLBACK TO gate; RELEASE gate')
  }
}

type Asked = Probe | { readonly why: string }

/** Whether a scratch copy can tell more. */
export const needsProbe = (facts: Facts): boolean =>
  facts.doubts.length > 0 ||
  facts.dependences.some(({ read }) => isCheck(read.expression)) ||
  facts.lost.some(({ expression }) => !hasRows(expression, facts) && expression.again !== '')

const hasRows = ({ tables }: StoredExpression, { filled }: Facts): boolean =>
  tables.length === 0 || tables.some((table) => filled.has(table))

/** `probe`: a scratch copy, or why there is none. */
export async function obstaclesFrom(facts: Facts, probe: Asked): Promise<readonly DumpObstacle[]> {
  const { lost, unknown } = await decide(facts, probe)
  return [
    ...(await lostObstacles([...facts.lost, ...lost], facts, probe)),
    ...(await orderObstacles(facts, probe)),
    ...unknownObstacles(unknown, 'why' in probe ? probe.why : undefined),
  ]
}

async function decide(
  { doubts, path }: Facts,
  probe: Asked,
): Promise<{ readonly lost: readonly Lost[]; readonly unknown: readonly Doubt[] }> {
  const lost: Lost[] = []
  const unknown: Doubt[] = []
  for (const doubt of doubts) {
    const { expression, routine, ghost, open } = doubt
    const answer = 'why' in probe ? undefined : await probe.routine(routine.identity)
    const one = (how: string, schemas: Lost['schemas']): unknown => lost.push({ expression, routine, how, schemas })
    if (answer?.word === 'lost' && answer.here) one(failsWith(answer.message), path)
    else if (answer?.word === 'lost' && ghost) one(`fails (${answer.message})`, undefined)
    else if (answer?.word === 'differs') one('gives other results with the empty search_path of pg_restore', path)
    else if (answer === undefined || (answer.word === 'ran' ? open.ran : open.notRun)) unknown.push(doubt)
  }
  return { lost, unknown }
}

async function lostObstacles(lost: readonly Lost[], facts: Facts, probe: Asked): Promise<readonly DumpObstacle[]> {
  const groups = new Map<string, Lost[]>()
  for (const one of lost) {
    const key = `${await lostKind(one, facts, probe)} ${one.routine.identity}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups].flatMap(([key, [first, ...more]]): readonly DumpObstacle[] => {
    // The repair of what fails now also repairs what would fail later.
    if (first === undefined || (key.startsWith('later') && groups.has(key.replace('later', 'fails')))) return []
    const { routine, how, schemas = [] } = first
    const users = firstFew([first, ...more].map(({ expression }) => expression.what))
    const extension =
      routine.extension === undefined
        ? ''
        : ` (of the extension ${routine.extension}, whose functions a dump does not hold: call it through one of your own with a search_path)`
    return [
      {
        kind: key.startsWith('fails') ? 'fails' : 'later',
        what: `${users} ${more.length === 0 ? 'calls' : 'call'} ${routine.identity}${extension}, which ${how}`,
        repair:
          schemas.length === 0 || routine.extension !== undefined
            ? []
            : [`ALTER FUNCTION ${routine.identity} SET search_path = ${schemas.map(plain).join(', ')}, pg_temp;`],
      },
    ]
  })
}

/** Without a row nothing calls it, but the server may expand it, or compute what does not depend on a row. */
async function lostKind({ expression, routine }: Lost, facts: Facts, probe: Asked): Promise<'fails' | 'later'> {
  if (hasRows(expression, facts)) return 'fails'
  if (expression.again === '') return 'later'
  const fails = 'why' in probe ? routine.language === 'sql' : await probe.fails(expression.again)
  return fails ? 'fails' : 'later'
}

/** Quoted where it has to be. */
const plain = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : identifier(name))

const isCheck = ({ kind }: StoredExpression): boolean => kind === 'check' || kind === 'domain'

async function orderObstacles({ dependences }: Facts, probe: Asked): Promise<readonly DumpObstacle[]> {
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

async function orderObstacle(group: readonly Dependence[], probe: Asked): Promise<DumpObstacle | undefined> {
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
      : [
          `ALTER DOMAIN ${of} DROP CONSTRAINT ${name};`,
          `ALTER DOMAIN ${of} ADD CONSTRAINT ${name} ${definition} NOT VALID;`,
        ]
  return answer === 'always false'
    ? {
        kind: 'fails',
        what: `${expression.what} ${order}, so its rows are refused; with NOT VALID it is added after the rows, and new rows are checked as before`,
        repair,
      }
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
  return [{ kind: 'unknown', what: `${firstFew(each)}, for ${users}${because}`, repair: [] }]
}
