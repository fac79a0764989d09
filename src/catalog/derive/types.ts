// Enums, domains, ranges and composite types.
import { literal } from '../../sql/quote.js'
import type { CatalogueObject } from '../snapshot.js'
import { extended, lastPart, parentOf, SET_ASIDE } from './names.js'
import { find, isFresh, isSet, keyOf, ofKind, text, texts, type Pair, type Unit, type Work } from './model.js'
import { RANK, noted, step, type Step } from './step.js'

export function typeSteps(work: Work, pair: Pair): readonly Step[] {
  const goal = pair.goal
  const here = pair.here
  const setAside = pair.fate === 'rebuilt' && goal?.top?.kind === 'enum' && here?.top?.kind === 'enum'
  if (setAside) return [...renewEnum(goal), noted(lostLabels(goal, here))]
  return [
    ...(here?.top !== undefined && (pair.fate === 'dropped' || pair.fate === 'rebuilt') ? [drop(here, here.top)] : []),
    ...(goal?.top !== undefined && (pair.fate === 'made' || pair.fate === 'rebuilt') ? make(goal, goal.top) : []),
    ...(goal?.top !== undefined && here?.top !== undefined && pair.fate === 'kept' ? alter(work, pair) : []),
  ]
}

function drop(unit: Unit, top: CatalogueObject): Step {
  const word = top.kind === 'domain' ? 'DOMAIN' : 'TYPE'
  const frees = unit.objects
    .flatMap((object) => ['base', 'default', 'def', 'range', 'type'].map((key) => text(object, key) ?? ''))
    .join(' ')
  return step(RANK.dropType, `DROP ${word} ${top.identity}`, { removes: [lastPart(top.identity)], frees })
}

const labels = (values: readonly string[]): string => values.map(literal).join(', ')

function make(unit: Unit, top: CatalogueObject): readonly Step[] {
  const makes = [lastPart(top.identity)]
  switch (top.kind) {
    case 'enum':
      return [step(RANK.makeType, `CREATE TYPE ${top.identity} AS ENUM (${labels(texts(top, 'labels'))})`, { makes })]
    case 'domain':
      return [step(RANK.makeType, domainSql(unit, top), { makes, needs: domainSql(unit, top) })]
    case 'range':
      return [
        step(RANK.makeType, `CREATE TYPE ${top.identity} AS RANGE (${rangeSql(top)})`, { makes, needs: rangeSql(top) }),
      ]
    case 'composite type': {
      const attributes = ofKind(unit, 'column').map(attributeSql)
      const sql = `CREATE TYPE ${top.identity} AS (${attributes.join(', ')})`
      return [step(RANK.makeType, sql, { makes, needs: attributes.join(' ') })]
    }
    default:
      return [noted(`The catalogue holds too little to create the base type ${top.identity} again.`)]
  }
}

function attributeSql(column: CatalogueObject): string {
  const collation = text(column, 'collation')
  return `${lastPart(column.identity)} ${text(column, 'type') ?? ''}${collation === undefined ? '' : ` COLLATE ${collation}`}`
}

function domainSql(unit: Unit, top: CatalogueObject): string {
  const collation = text(top, 'collation')
  const value = text(top, 'default')
  return [
    `CREATE DOMAIN ${top.identity} AS ${text(top, 'base') ?? ''}`,
    ...(collation === undefined || collation === '"default"' ? [] : [`COLLATE ${collation}`]),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
    ...(isSet(top, 'notnull') ? ['NOT NULL'] : []),
    ...checks(unit).map((one) => `CONSTRAINT ${lastPart(one.identity)} ${text(one, 'def') ?? ''}`),
  ].join(' ')
}

/** From PostgreSQL 17 on, NOT NULL of a domain is also a constraint. */
const checks = (unit: Unit | undefined): readonly CatalogueObject[] =>
  ofKind(unit, 'domain constraint').filter((one) => !(text(one, 'def') ?? '').startsWith('NOT NULL'))

/** `subtype opclass [collation] [canonical] [subtype difference]`; the subtype may have several words. */
function rangeSql(top: CatalogueObject): string {
  const [, subtype = '', opclass = '', rest = ''] = /^(.*?) (\S+_ops)(?: (.*))?$/.exec(text(top, 'range') ?? '') ?? []
  const words = rest.split(' ').filter((word) => word !== '')
  const collation = words.find((word) => /^(?:"|[A-Z]|[a-z]{2,3}_[A-Z])/.test(word))
  const functions = words.filter((word) => word !== collation)
  const difference = functions.at(-1)
  const canonical = functions.length > 1 ? functions[0] : undefined
  return [
    `SUBTYPE = ${subtype}`,
    ...(opclass === '' ? [] : [`SUBTYPE_OPCLASS = ${opclass}`]),
    ...(collation === undefined ? [] : [`COLLATION = ${collation}`]),
    ...(canonical === undefined ? [] : [`CANONICAL = ${canonical}`]),
    ...(difference === undefined ? [] : [`SUBTYPE_DIFF = ${difference}`]),
  ].join(', ')
}

function renewEnum(goal: Unit): readonly Step[] {
  const identity = goal.top?.identity ?? ''
  const name = lastPart(identity)
  const aside = extended(name, SET_ASIDE)
  return [
    step(RANK.setAside, `ALTER TYPE ${identity} RENAME TO ${aside}`, { removes: [name] }),
    ...(goal.top === undefined ? [] : make(goal, goal.top)),
    step(RANK.dropSetAside, `DROP TYPE ${parentOf(identity)}.${aside}`, { removes: [aside] }),
  ]
}

function lostLabels(goal: Unit, here: Unit): string {
  const wanted = texts(goal.top, 'labels')
  const gone = texts(here.top, 'labels').filter((label) => !wanted.includes(label))
  const what = `The enum ${goal.top?.identity ?? ''} is created again, because PostgreSQL cannot remove a value from an enum.`
  return gone.length === 0 ? what : `${what} Rows that hold ${labels(gone)} make the line fail.`
}

/** Whether added values alone turn one enum into the other. */
export const onlyAdds = (goal: CatalogueObject, here: CatalogueObject): boolean => {
  const wanted = texts(goal, 'labels')
  const now = texts(here, 'labels')
  const common = wanted.filter((label) => now.includes(label))
  return common.length === now.length && common.every((label, at) => label === now[at])
}

function alter(work: Work, pair: Pair): readonly Step[] {
  const goal = pair.goal?.top
  const here = pair.here?.top
  if (goal === undefined || here === undefined) return []
  switch (goal.kind) {
    case 'enum':
      return addLabels(goal, here)
    case 'domain':
      return alterDomain(work, pair, { goal, here })
    case 'composite type':
      return alterComposite(pair, goal.identity)
    default:
      return []
  }
}

function addLabels(goal: CatalogueObject, here: CatalogueObject): readonly Step[] {
  const wanted = texts(goal, 'labels')
  return wanted.flatMap((label, at) => {
    if (texts(here, 'labels').includes(label)) return []
    const before = wanted[at - 1]
    const place = before === undefined ? ` BEFORE ${literal(wanted[at + 1] ?? '')}` : ` AFTER ${literal(before)}`
    const isOnly = wanted.length === 1
    return [step(RANK.makeType, `ALTER TYPE ${goal.identity} ADD VALUE ${literal(label)}${isOnly ? '' : place}`)]
  })
}

function alterDomain(
  work: Work,
  pair: Pair,
  { goal, here }: { goal: CatalogueObject; here: CatalogueObject },
): readonly Step[] {
  const say = (rank: number, action: string, needs?: string): Step =>
    step(rank, `ALTER DOMAIN ${goal.identity} ${action}`, { needs, frees: text(here, 'default') })
  const value = text(goal, 'default')
  const gone = checks(pair.here).filter((one) => work.rebuilt.has(keyOf(one)) || find(pair.goal, one) === undefined)
  const made = checks(pair.goal).filter((one) => isFresh(work, pair, one))
  return [
    ...gone.map((one) =>
      step(RANK.dropConstraint, `ALTER DOMAIN ${goal.identity} DROP CONSTRAINT ${lastPart(one.identity)}`, {
        frees: text(one, 'def'),
      }),
    ),
    ...(value === text(here, 'default')
      ? []
      : [say(RANK.alterColumn, value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`, value)]),
    ...(isSet(goal, 'notnull') === isSet(here, 'notnull')
      ? []
      : [say(RANK.alterColumn, isSet(goal, 'notnull') ? 'SET NOT NULL' : 'DROP NOT NULL')]),
    ...made.map((one) =>
      say(RANK.makeConstraint, `ADD CONSTRAINT ${lastPart(one.identity)} ${text(one, 'def') ?? ''}`, text(one, 'def')),
    ),
  ]
}

function alterComposite(pair: Pair, identity: string): readonly Step[] {
  const goals = ofKind(pair.goal, 'column')
  const heres = ofKind(pair.here, 'column')
  const say = (rank: number, action: string, more: Omit<Step, 'sql' | 'rank'> = {}): Step =>
    step(rank, `ALTER TYPE ${identity} ${action}`, more)
  return [
    ...heres
      .filter((one) => find(pair.goal, one) === undefined)
      .map((one) =>
        say(RANK.dropColumn, `DROP ATTRIBUTE ${lastPart(one.identity)}`, {
          frees: text(one, 'type'),
          loses: `what the attribute ${one.identity} holds`,
        }),
      ),
    ...goals.flatMap((one) => {
      const here = find(pair.here, one)
      if (here === undefined)
        return [say(RANK.makeColumn, `ADD ATTRIBUTE ${attributeSql(one)}`, { needs: text(one, 'type') })]
      if (text(here, 'type') === text(one, 'type')) return []
      const change = `ALTER ATTRIBUTE ${lastPart(one.identity)} TYPE ${text(one, 'type') ?? ''}`
      return [say(RANK.retype, change, { needs: text(one, 'type'), frees: text(here, 'type') })]
    }),
  ]
}
