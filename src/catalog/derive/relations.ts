// Tables, foreign tables, views and materialized views as a whole.
import { DETACHED, isNotNull, isForeignKey, ownConstraints } from './constraints.js'
import { columnSql, settingSteps } from './columns.js'
import { lastPart } from './names.js'
import { isInherited, isSet, keyOf, ofKind, text, texts, type Pair, type Unit, type Work } from './model.js'
import type { CatalogueObject } from '../snapshot.js'
import { RANK, step, type Step } from './step.js'

const WORDS: Readonly<Record<string, string>> = {
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  view: 'VIEW',
  matview: 'MATERIALIZED VIEW',
}

/** The relation itself: dropped, made, or changed by ALTER TABLE as a whole. */
export function relationSteps(work: Work, pair: Pair): readonly Step[] {
  const { fate } = pair
  const goal = pair.goal
  const here = pair.here
  return [
    ...(here?.top !== undefined && (fate === 'dropped' || fate === 'rebuilt') ? [dropRelation(here, here.top)] : []),
    ...(goal?.top !== undefined && (fate === 'made' || fate === 'rebuilt') ? makeRelation(work, goal, goal.top) : []),
    ...(goal?.top !== undefined && here?.top !== undefined && fate === 'kept' ? alter(goal.top, here.top) : []),
  ]
}

function dropRelation(unit: Unit, top: CatalogueObject): Step {
  const isView = top.kind === 'view' || top.kind === 'matview'
  const parts = unit.objects.filter(({ kind }) => kind !== 'comment').map(takes)
  return step(isView ? RANK.dropView : RANK.dropTable, `DROP ${WORDS[top.kind] ?? 'TABLE'} ${top.identity}`, {
    removes: [lastPart(top.identity)],
    frees: parts.join('\n'),
    loses: top.kind === 'table' ? `the table ${top.identity} with all its rows` : undefined,
  })
}

/** The text in which an object of a relation mentions others. */
const takes = (object: CatalogueObject): string =>
  ['type', 'default', 'def', 'query', 'using', 'check', 'parents', 'server', 'of_type']
    .map((key) => text(object, key) ?? '')
    .join(' ')

function makeRelation(work: Work, unit: Unit, top: CatalogueObject): readonly Step[] {
  switch (top.kind) {
    case 'view':
    case 'matview':
      return [makeView(top, RANK.makeView, 'CREATE'), ...viewDefaults(unit)]
    default:
      return makeTable(work, unit, top)
  }
}

const withOptions = (options: readonly string[]): string =>
  options.length === 0 ? '' : ` WITH (${options.join(', ')})`

function makeView(top: CatalogueObject, rank: number, verb: string, frees?: string): Step {
  const query = (text(top, 'query') ?? '').trim().replace(/;$/, '')
  const word = WORDS[top.kind] ?? 'VIEW'
  const data = isSet(top, 'unpopulated') ? '\nWITH NO DATA' : ''
  const sql = `${verb} ${word} ${top.identity}${withOptions(texts(top, 'options'))} AS\n${query}${data}`
  return step(rank, sql, { makes: [lastPart(top.identity)], needs: query, frees })
}

const viewDefaults = (unit: Unit): readonly Step[] =>
  ofKind(unit, 'column').flatMap((column) => {
    const value = text(column, 'default')
    const action = `ALTER COLUMN ${lastPart(column.identity)} SET DEFAULT ${value ?? ''}`
    return value === undefined ? [] : [step(RANK.flags, `ALTER VIEW ${unit.top?.identity ?? ''} ${action}`)]
  })

function makeTable(work: Work, unit: Unit, top: CatalogueObject): readonly Step[] {
  const own = ofKind(unit, 'column').filter((column) => !isInherited(column))
  const inside = ownConstraints(unit).filter((constraint) => !isForeignKey(constraint))
  const named = ofKind(unit, 'constraint').filter((one) => isNotNull(one) && !isInherited(one) && !hasUsualName(one))
  const parents = texts(top, 'parents')
  const bound = text(top, 'partition_bound')
  const type = text(top, 'of_type')
  const [parent] = bound === undefined || own.length > 0 ? [] : parents
  const lines = [
    ...(type === undefined ? own.map((column) => columnSql(column, work.goal, work.here)) : []),
    ...[...inside, ...named].map((one) => `CONSTRAINT ${lastPart(one.identity)} ${text(one, 'def') ?? ''}`),
  ]
  const body = lines.length > 0 ? ` (\n    ${lines.join(',\n    ')}\n)` : (parent ?? type) === undefined ? ' ()' : ''
  const unlogged = text(top, 'persistence') === 'u' ? 'UNLOGGED ' : ''
  const sql = [
    `CREATE ${unlogged}${WORDS[top.kind] ?? 'TABLE'} ${top.identity}`,
    parent !== undefined ? ` PARTITION OF ${parent}` : type !== undefined ? ` OF ${type}` : '',
    body,
    parent === undefined ? '' : ` ${bound ?? ''}`,
    tail(top),
  ].join('')
  const needs = [...own.map(takes), ...inside.map(takes), parents.join(' '), text(top, 'server'), type].join('\n')
  const note = top.kind === 'table' ? `The rows of ${top.identity} are not brought back.` : undefined
  return [
    step(RANK.makeTable, sql, { makes: [lastPart(top.identity)], needs, note }),
    ...(bound !== undefined && own.length > 0 ? parents.map((one) => attach(top.identity, one, bound)) : []),
    ...own.flatMap((column) => settingSteps(column, undefined)),
    ...flags(top, undefined),
  ]
}

const attach = (table: string, parent: string, bound: string): Step =>
  step(RANK.attach, `ALTER TABLE ${parent} ATTACH PARTITION ${table} ${bound}`, {
    needs: `${lastPart(table)} ${parent}`,
  })

/** The name that PostgreSQL itself gives a NOT NULL constraint. */
const hasUsualName = ({ identity, definition }: CatalogueObject): boolean => {
  const column = /^NOT NULL (.*?)(?: NO INHERIT)?$/.exec(String(definition['def']))?.[1] ?? ''
  const name = lastPart(identity)
  const table = lastPart(identity.slice(0, -lastPart(identity).length - 1))
  return name === `${table}_${column}_not_null`
}

function tail(top: CatalogueObject): string {
  const key = text(top, 'partition_by')
  const [method, space, server] = ['access_method', 'tablespace', 'server'].map((name) => text(top, name))
  const inherits = text(top, 'partition_bound') === undefined ? texts(top, 'parents') : []
  const foreign = texts(top, 'foreign_options').map((option) => option.replace(/^([^=]*)=(.*)$/s, "$1 '$2'"))
  return [
    inherits.length === 0 ? '' : ` INHERITS (${inherits.join(', ')})`,
    server === undefined ? '' : ` SERVER ${server}`,
    foreign.length === 0 ? '' : ` OPTIONS (${foreign.join(', ')})`,
    key === undefined ? '' : ` PARTITION BY ${key}`,
    method === undefined ? '' : ` USING ${method}`,
    withOptions(allOptions(top)),
    space === undefined ? '' : ` TABLESPACE ${space}`,
  ].join('')
}

function alter(goal: CatalogueObject, here: CatalogueObject): readonly Step[] {
  if (goal.kind === 'view')
    return text(goal, 'query') === text(here, 'query') ? storageOptions(goal, here) : [replace(goal, here)]
  const parents = text(goal, 'partition_bound') === text(here, 'partition_bound') ? [] : partition(goal, here)
  return [...parents, ...flags(goal, here), ...storageOptions(goal, here)]
}

const replace = (goal: CatalogueObject, here: CatalogueObject): Step =>
  makeView(goal, RANK.makeView, 'CREATE OR REPLACE', text(here, 'query'))

const allOptions = (top: CatalogueObject): readonly string[] => [
  ...texts(top, 'options'),
  ...texts(top, 'toast_options').map((option) => `toast.${option}`),
]

function storageOptions(goal: CatalogueObject, here: CatalogueObject): readonly Step[] {
  const wanted = allOptions(goal)
  const now = allOptions(here)
  const name = (option: string): string => option.split('=')[0] ?? option
  const gone = now.map(name).filter((one) => !wanted.map(name).includes(one))
  const added = wanted.filter((option) => !now.includes(option))
  const say = (action: string): Step =>
    step(RANK.flags, `ALTER ${WORDS[goal.kind] ?? 'TABLE'} ${goal.identity} ${action}`)
  return [
    ...(gone.length === 0 ? [] : [say(`RESET (${gone.join(', ')})`)]),
    ...(added.length === 0 ? [] : [say(`SET (${added.join(', ')})`)]),
  ]
}

function partition(goal: CatalogueObject, here: CatalogueObject): readonly Step[] {
  const from = texts(here, 'parents')[0]
  const to = texts(goal, 'parents')[0]
  const bound = text(goal, 'partition_bound')
  const detached = from === undefined || text(here, 'partition_bound') === undefined
  return [
    ...(detached
      ? []
      : [
          step(RANK.detach, `ALTER TABLE ${from} DETACH PARTITION ${here.identity}`, {
            frees: from,
            makes: [DETACHED],
          }),
        ]),
    ...(to === undefined || bound === undefined ? [] : [attach(goal.identity, to, bound)]),
  ]
}

/** The settings of a whole table that ALTER TABLE changes. `here` is undefined for a new table. */
function flags(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const say = (action: string, rank: number = RANK.flags): Step => step(rank, `ALTER TABLE ${goal.identity} ${action}`)
  const turned = (key: string, on: string, off: string): readonly Step[] =>
    isSet(goal, key) === isSet(here, key) ? [] : [say(isSet(goal, key) ? on : off)]
  const wanted = text(goal, 'replica_identity')
  const now = text(here, 'replica_identity')
  const identity = wanted === 'n' ? 'NOTHING' : wanted === 'f' ? 'FULL' : 'DEFAULT'
  const isKept = here !== undefined
  const [logged, space] = ['persistence', 'tablespace'].map((key) => text(goal, key) !== text(here, key))
  const heirs = texts(goal, 'parents')
  const were = texts(here, 'parents')
  const inherits = isKept && text(goal, 'partition_bound') === undefined && text(here, 'partition_bound') === undefined
  const type = text(goal, 'of_type')
  const old = text(here, 'of_type')
  return [
    ...(isKept && type !== old ? [say(type === undefined ? 'NOT OF' : `OF ${type}`)] : []),
    ...turned('row_security', 'ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY'),
    ...turned('force_row_security', 'FORCE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY'),
    ...(wanted === now || wanted === 'i' ? [] : [say(`REPLICA IDENTITY ${identity}`)]),
    ...(isKept && logged === true ? [say(`SET ${text(goal, 'persistence') === 'u' ? 'UNLOGGED' : 'LOGGED'}`)] : []),
    ...(isKept && space === true ? [say(`SET TABLESPACE ${text(goal, 'tablespace') ?? 'pg_default'}`)] : []),
    ...(inherits ? were.filter((one) => !heirs.includes(one)).map((one) => say(`NO INHERIT ${one}`, RANK.detach)) : []),
    ...(inherits ? heirs.filter((one) => !were.includes(one)).map((one) => say(`INHERIT ${one}`)) : []),
  ]
}

/** PostgreSQL replaces a view only if columns are added at its end. */
export function isReplaceable(goal: Unit, here: Unit): boolean {
  const shape = (unit: Unit): readonly string[] =>
    ofKind(unit, 'column').map(
      (column) => `${keyOf(column)} ${text(column, 'type') ?? ''} ${text(column, 'collation') ?? ''}`,
    )
  const wanted = shape(goal)
  const now = shape(here)
  return now.every((column, at) => wanted[at] === column)
}
