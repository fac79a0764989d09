// Columns: their form in CREATE TABLE, and how ALTER TABLE changes them.
import { rowsWithNull } from './failing-rows.js'
import type { CatalogueObject } from '../snapshot.js'
import { keepsValues } from '../type-width.js'
import { extended, lastPart, parentOf, SET_ASIDE } from './names.js'
import { find, isInherited, isSet, keyOf, ofKind, text, texts, type Pair, type Side, type Work } from './model.js'
import { optionsOf, sequenceOfColumn, serialOf } from './sequences.js'
import { RANK, noted, step, type Step } from './step.js'

/** `name type ...` with everything but storage settings and grants. */
export function columnSql(column: CatalogueObject, goal: Side, here: Side): string {
  const name = lastPart(column.identity)
  const sequence = sequenceOfColumn(goal, column)
  const known = sequence !== undefined && here.has(`relation ${sequence.identity}`)
  const serial = known ? undefined : serialOf(column, sequence)
  if (serial !== undefined) return `${name} ${serial}`
  const collation = text(column, 'collation')
  const foreign = texts(column, 'foreign_options').map((option) => option.replace(/^([^=]*)=(.*)$/s, "$1 '$2'"))
  return [
    name,
    text(column, 'type') ?? '',
    ...(foreign.length === 0 ? [] : [`OPTIONS (${foreign.join(', ')})`]),
    ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
    ...valueOf(column, sequence),
    ...(isSet(column, 'notnull') && text(column, 'identity') === undefined ? ['NOT NULL'] : []),
  ].join(' ')
}

function valueOf(column: CatalogueObject, sequence: CatalogueObject | undefined): readonly string[] {
  const generated = text(column, 'generated')
  const expression = text(column, 'default')
  if (generated !== undefined)
    return [`GENERATED ALWAYS AS (${expression ?? ''}) ${generated === 'v' ? 'VIRTUAL' : 'STORED'}`]
  if (text(column, 'identity') !== undefined) return [identitySql(column, sequence)]
  return expression === undefined ? [] : [`DEFAULT ${expression}`]
}

function identitySql(column: CatalogueObject, sequence: CatalogueObject | undefined): string {
  const how = text(column, 'identity') === 'a' ? 'ALWAYS' : 'BY DEFAULT'
  const usual = `${lastPart(parentOf(column.identity))}_${lastPart(column.identity)}_seq`
  const named =
    sequence === undefined || lastPart(sequence.identity) === usual ? [] : [`SEQUENCE NAME ${sequence.identity}`]
  const options = [...named, ...(sequence === undefined ? [] : optionsOf(sequence))]
  return `GENERATED ${how} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`
}

/** The settings of a column that only ALTER TABLE can change, compared with the current ones; none for a new column. */
export function settingSteps(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const table = parentOf(goal.identity)
  const say = (action: string): Step =>
    step(RANK.alterColumn, `ALTER TABLE ${table} ALTER COLUMN ${lastPart(goal.identity)} ${action}`)
  const set = (key: string, words: (value: string) => string, none: string | undefined): readonly Step[] => {
    const wanted = text(goal, key)
    const now = text(here, key)
    if (wanted === now) return []
    return wanted !== undefined ? [say(words(wanted))] : none === undefined ? [] : [say(none)]
  }
  const options = texts(goal, 'options')
  const gone = texts(here, 'options').filter((one) => !options.some((other) => nameOf(other) === nameOf(one)))
  return [
    ...set('storage', (value) => `SET STORAGE ${STORAGE[value] ?? 'DEFAULT'}`, usualStorage(here)),
    ...set('compression', (value) => `SET COMPRESSION ${value === 'l' ? 'lz4' : 'pglz'}`, 'SET COMPRESSION default'),
    ...set('statistics', (value) => `SET STATISTICS ${value}`, 'SET STATISTICS -1'),
    ...(gone.length === 0 ? [] : [say(`RESET (${gone.map(nameOf).join(', ')})`)]),
    ...(options.length === 0 || text(goal, 'options') === text(here, 'options')
      ? []
      : [say(`SET (${options.join(', ')})`)]),
  ]
}

const STORAGE: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' }

/** The default storage of a type, which a snapshot does not name: MAIN for numeric, EXTENDED for all other types with TOAST. */
const usualStorage = (here: CatalogueObject | undefined): string =>
  `SET STORAGE ${/^numeric/.test(text(here, 'type') ?? '') ? 'MAIN' : 'EXTENDED'}`

const nameOf = (option: string): string => option.split('=')[0] ?? option

/** The columns of a table that both sides have. */
export function columnSteps(work: Work, pair: Pair): readonly Step[] {
  const table = pair.goal?.top?.identity ?? ''
  const goals = ofKind(pair.goal, 'column')
  const heres = ofKind(pair.here, 'column')
  const remade = (column: CatalogueObject): boolean => work.rebuilt.has(keyOf(column))
  const dropped = heres.filter((one) => !isInherited(one) && (find(pair.goal, one) === undefined || remade(one)))
  const made = goals.filter((one) => !isInherited(one) && (find(pair.here, one) === undefined || remade(one)))
  const kept = goals.flatMap((goal) => {
    const here = find(pair.here, goal)
    return here === undefined || remade(goal) ? [] : [{ goal, here }]
  })
  return [
    ...dropped.map((one) => dropColumn(table, one)),
    ...made.flatMap((one) => [makeColumn(work, table, one), ...settingSteps(one, undefined)]),
    ...inTheMiddle(goals, made, table),
    ...kept.flatMap((both) => alterColumn(work, table, both)),
  ]
}

function dropColumn(table: string, column: CatalogueObject): Step {
  const name = lastPart(column.identity)
  return step(RANK.dropColumn, `ALTER TABLE ${table} DROP COLUMN ${name}`, {
    removes: [lastPart(table), name],
    frees: takenBy(column),
    loses: text(column, 'generated') === undefined ? `what the column ${column.identity} holds` : undefined,
  })
}

/** A generated column also needs the columns in its expression. */
const takenBy = (column: CatalogueObject): string =>
  [text(column, 'type'), text(column, 'default'), text(column, 'generated') && parentOf(column.identity)].join(' ')

function makeColumn(work: Work, table: string, column: CatalogueObject): Step {
  const name = lastPart(column.identity)
  return step(RANK.makeColumn, `ALTER TABLE ${table} ADD COLUMN ${columnSql(column, work.goal, work.here)}`, {
    makes: [lastPart(table), name],
    needs: `${takenBy(column)} ${text(column, 'collation') ?? ''} ${lastPart(table)}`,
    note: noteOnContent(column),
  })
}

/** The data that a column made again does not get back; undefined where PostgreSQL computes its values. */
function noteOnContent(column: CatalogueObject): string | undefined {
  const { identity } = column
  const isWithoutValue = ['default', 'identity', 'generated'].every((key) => text(column, key) === undefined)
  if (isSet(column, 'notnull') && isWithoutValue) {
    return withoutDefault(column)
  }
  return text(column, 'generated') === undefined ? `The data of the column ${identity} is not brought back.` : undefined
}

function inTheMiddle(
  goals: readonly CatalogueObject[],
  made: readonly CatalogueObject[],
  table: string,
): readonly Step[] {
  const last = goals.findLastIndex((column) => !made.includes(column))
  const moved = made.filter((column) => goals.indexOf(column) < last).map(({ identity }) => lastPart(identity))
  if (moved.length === 0) return []
  return [noted(`An added column comes last in its table, so the position of ${moved.join(', ')} in ${table} changes.`)]
}

type Both = { readonly goal: CatalogueObject; readonly here: CatalogueObject }

function alterColumn(work: Work, table: string, { goal, here }: Both): readonly Step[] {
  const name = lastPart(goal.identity)
  const alter = (rank: number, action: string, more: Omit<Step, 'sql' | 'rank'> = {}): Step =>
    step(rank, `ALTER TABLE ${table} ALTER COLUMN ${name} ${action}`, more)
  const inherited = isInherited(goal) && isInherited(here)
  const retyped = !inherited && work.retyped.has(keyOf(goal))
  const was = text(goal, 'default')
  const is = text(here, 'default')
  const unmade = text(here, 'generated') !== undefined && text(goal, 'generated') === undefined
  const renewed = was !== is || retyped
  const identity = identitySteps(work, { goal, here }, alter)
  return [
    ...(unmade ? [alter(RANK.dropDefault, 'DROP EXPRESSION', { frees: is })] : []),
    ...(!unmade &&
    is !== undefined &&
    text(here, 'generated') === undefined &&
    renewed &&
    (retyped || was === undefined)
      ? [alter(RANK.dropDefault, 'DROP DEFAULT', { frees: is })]
      : []),
    ...(retyped ? [retype(table, { goal, here })] : []),
    ...(was !== undefined && text(goal, 'generated') === undefined && (renewed || unmade)
      ? [alter(RANK.makeDefault, `SET DEFAULT ${was}`, { needs: was, frees: is })]
      : []),
    ...identity,
    ...(inherited || isSet(goal, 'notnull') === isSet(here, 'notnull')
      ? []
      : isSet(goal, 'notnull') && work.fresh.has(keyOf(goal))
        ? [filled(table, goal)]
        : [notNull(alter, goal)]),
    ...settingSteps(goal, here),
  ]
}

type Alter = (rank: number, action: string, more?: Omit<Step, 'sql' | 'rank'>) => Step

const notNull = (alter: Alter, goal: CatalogueObject): Step =>
  isSet(goal, 'notnull')
    ? alter(RANK.alterColumn, 'SET NOT NULL', {
        note: rowsWithNull(goal.identity),
      })
    : // A primary key or an identity that is removed must be gone before. One that is added sets NOT NULL again.
      alter(RANK.alterColumn, 'DROP NOT NULL')

/** A column that was made without NOT NULL: its rows get the default first, where there is one. */
function filled(table: string, goal: CatalogueObject): Step {
  const name = lastPart(goal.identity)
  const set = `ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`
  if (text(goal, 'default') === undefined) return step(RANK.fill, set, { note: withoutDefault(goal) })
  const note = `The data of the column ${goal.identity} is not brought back: all rows get its default.`
  return step(RANK.fill, [`UPDATE ${table} SET ${name} = DEFAULT WHERE ${name} IS NULL`, set], { note })
}

const withoutDefault = ({ identity }: CatalogueObject): string =>
  `The column ${identity} was NOT NULL without a default: it cannot be restored in a table with rows. Its data is not brought back.`

function identitySteps(work: Work, { goal, here }: Both, alter: Alter): readonly Step[] {
  const was = text(goal, 'identity')
  const is = text(here, 'identity')
  if (was === is) return []
  if (was === undefined) return [alter(RANK.dropDefault, 'DROP IDENTITY')]
  if (is === undefined) return [alter(RANK.makeDefault, `ADD ${identitySql(goal, sequenceOfColumn(work.goal, goal))}`)]
  return [alter(RANK.alterColumn, `SET GENERATED ${was === 'a' ? 'ALWAYS' : 'BY DEFAULT'}`)]
}

function retype(table: string, { goal, here }: Both): Step {
  const name = lastPart(goal.identity)
  const to = text(goal, 'type') ?? ''
  const from = text(here, 'type') ?? ''
  const collation = text(goal, 'collation')
  const aside = to === from && collation === text(here, 'collation')
  const list = from.endsWith('[]') ? '[]' : ''
  // An explicit cast cuts a longer text, where an assignment refuses it (PostgreSQL, "Character Types").
  const cast = LIMITED.test(to) ? '' : `::${to}`
  const way = `${name}${aside || !areAkin(from, to) ? `::text${list}` : ''}${cast}`
  const collate = collation === undefined ? '' : ` COLLATE ${collation}`
  return step(RANK.retype, `ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${to}${collate} USING ${way}`, {
    needs: `${to} ${collation ?? ''}`,
    frees: aside ? extended(lastPart(to.replace(/(?:\[\])+$/, '')), SET_ASIDE) : from,
    note:
      to === from
        ? undefined
        : `Values of ${goal.identity} that ${to} cannot hold make the line fail (it was ${from} after the up).${keepsValues(to, from) ? '' : ` What ${from} could not hold is not brought back.`}`,
  })
}

/** Texts with a length. */
const LIMITED = /^character(?: varying)?\(\d+\)$/

const FAMILIES = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)\b/,
  /^(?:timestamp|date)\b/,
  /^(?:time|interval)\b/,
  /^jsonb?$/,
  /^(?:integer|boolean)$/,
  /^(?:inet|cidr)$/,
]
const TEXTUAL = /^(?:text|character varying|character|citext|name)\b/

/** Whether PostgreSQL has a cast between two types; every type casts to and from text. */
const areAkin = (a: string, b: string): boolean =>
  a.endsWith('[]') === b.endsWith('[]') &&
  (TEXTUAL.test(a) || TEXTUAL.test(b) || FAMILIES.some((family) => family.test(a) && family.test(b)))
