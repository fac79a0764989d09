// Schemas, extensions, statistics, default privileges, and kinds that can only be dropped.
import { PRIVILEGES, itemsOf } from '../describe/grants.js'
import { nameOfObject } from '../difference.js'
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, namesIn, parentOf } from './names.js'
import { sameBut, text, texts, type Pair, type Work } from './model.js'
import { RANK, noted, step, type Step } from './step.js'
import { sharedSteps } from './shared.js'

/** Kinds whose identity has the form that DROP takes, with the rank of the step. */
const DROPPED: Readonly<Record<string, number>> = {
  cast: RANK.dropOther,
  operator: RANK.dropRoutine,
  collation: RANK.dropType,
  conversion: RANK.dropOther,
  language: RANK.dropExtension,
  'access method': RANK.dropExtension,
  'text search configuration': RANK.dropOther,
  'text search dictionary': RANK.dropOther + 1,
  'text search parser': RANK.dropOther + 2,
  'text search template': RANK.dropOther + 2,
  'event trigger': RANK.dropTrigger,
  'foreign data wrapper': RANK.dropExtension,
  server: RANK.dropExtension - 1,
  publication: RANK.dropOther,
}

export function rareSteps(work: Work, pair: Pair): readonly Step[] {
  const goal = pair.goal?.top
  const here = pair.here?.top
  const kind = goal?.kind ?? here?.kind
  const shared = sharedSteps(work, pair)
  if (shared !== undefined) return shared
  switch (kind) {
    case 'schema':
      return schemaSteps(goal, here)
    case 'extension':
      return extensionSteps(goal, here)
    case 'statistics':
      return statisticsSteps(pair)
    case 'default privileges':
      return defaultPrivileges(goal, here, work.role)
    case 'user mapping':
      return goal === undefined && here !== undefined
        ? [step(RANK.dropOther, `DROP USER MAPPING ${here.identity.replace(/ on (\S+)$/, ' SERVER $1')}`)]
        : [cannot(goal, here)]
    case 'cast':
      return isOfRange(work, (goal ?? here)?.identity ?? '') ? [] : other(pair, kind)
    case 'publication table':
      return publicationTable(goal, here)
    case 'opfamily':
    case 'opclass':
    case 'transform':
      return goal === undefined && here !== undefined ? [dropOther(here, kind)] : [cannot(goal, here)]
    case undefined:
      return []
    default:
      return other(pair, kind)
  }
}

/** A range type creates a cast to its multirange. */
const isOfRange = ({ goal, here }: Work, identity: string): boolean => {
  const type = /^\((.*) AS .*\)$/.exec(identity)?.[1] ?? ''
  return [goal, here].some((side) => side.get(`type ${type}`)?.top?.kind === 'range')
}

function other(pair: Pair, kind: string): readonly Step[] {
  const goal = pair.goal?.top
  const here = pair.here?.top
  const rank = DROPPED[kind]
  if (goal === undefined && here !== undefined && rank !== undefined)
    return [
      step(rank, `DROP ${kind.toUpperCase()} ${here.identity}`, {
        frees: JSON.stringify(here.definition),
        removes: [lastPart(here.identity)],
      }),
    ]
  // Owners, grants and comments have their own steps.
  const isDerived =
    rank !== undefined && goal !== undefined && here !== undefined && sameBut(goal, here, 'owner', 'acl')
  return isDerived ? [] : [cannot(goal, here)]
}

const WORDS: Readonly<Record<string, string>> = {
  opfamily: 'OPERATOR FAMILY',
  opclass: 'OPERATOR CLASS',
  transform: 'TRANSFORM',
}

const dropOther = (here: CatalogueObject, kind: string): Step =>
  step(
    kind === 'opclass' ? RANK.dropOther : RANK.dropOther + 1,
    `DROP ${WORDS[kind] ?? ''} ${here.identity.replace(/^for (.*) on language /, 'FOR $1 LANGUAGE ')}`,
  )

function cannot(goal: CatalogueObject | undefined, here: CatalogueObject | undefined): Step {
  const { kind = '', identity = '' } = goal ?? here ?? {}
  return noted(
    `The catalogue holds too little to roll back the change of the ${nameOfObject({ kind, identity })}: ${here === undefined ? 'it is gone' : goal === undefined ? 'it is new' : 'its definition differs'}.`,
  )
}

function schemaSteps(goal: CatalogueObject | undefined, here: CatalogueObject | undefined): readonly Step[] {
  if (goal === undefined && here !== undefined) return [step(RANK.dropSchema, `DROP SCHEMA ${here.identity}`)]
  if (here === undefined && goal !== undefined) return [step(RANK.makeSchema, `CREATE SCHEMA ${goal.identity}`)]
  return []
}

function extensionSteps(goal: CatalogueObject | undefined, here: CatalogueObject | undefined): readonly Step[] {
  if (goal === undefined) return here === undefined ? [] : [step(RANK.dropExtension, `DROP EXTENSION ${here.identity}`)]
  const schema = text(goal, 'schema')
  if (here === undefined) {
    const where = schema === undefined ? '' : ` WITH SCHEMA ${schema}`
    return [step(RANK.makeExtension, `CREATE EXTENSION ${goal.identity}${where}`)]
  }
  const version = text(goal, 'version')
  return [
    ...(schema === text(here, 'schema')
      ? []
      : [step(RANK.makeExtension, `ALTER EXTENSION ${goal.identity} SET SCHEMA ${schema ?? ''}`)]),
    ...(version === text(here, 'version')
      ? []
      : [step(RANK.makeExtension, `ALTER EXTENSION ${goal.identity} UPDATE TO '${version ?? ''}'`)]),
  ]
}

function statisticsSteps({ goal, here, fate }: Pair): readonly Step[] {
  const wanted = goal?.top
  const now = here?.top
  const isGone = now !== undefined && fate !== 'made' && fate !== 'kept'
  const isMade = wanted !== undefined && (fate === 'made' || fate === 'rebuilt')
  const target = text(wanted, 'target')
  const isSet = wanted !== undefined && target !== (isMade ? undefined : text(now, 'target'))
  return [
    ...(isGone ? [step(RANK.dropStatistics, `DROP STATISTICS ${now.identity}`, { frees: text(now, 'def') })] : []),
    ...(isMade ? [step(RANK.makeStatistics, text(wanted, 'def') ?? '', { needs: text(wanted, 'def') })] : []),
    ...(isSet ? [step(RANK.flags, `ALTER STATISTICS ${wanted.identity} SET STATISTICS ${target ?? '-1'}`)] : []),
  ]
}

/** Statistics are dropped with their table or column. */
export function followsTable(work: Work, statistics: CatalogueObject): boolean {
  const def = text(statistics, 'def') ?? ''
  const table = / FROM (.*)$/s.exec(def)?.[1] ?? ''
  const schema = parentOf(statistics.identity)
  const unit = [`relation ${table}`, `relation ${schema}.${table}`].find((name) => work.here.has(name))
  if (unit === undefined || !work.goal.has(unit)) return unit !== undefined
  const words = namesIn(def)
  const columns = (side: Work['goal']): readonly string[] =>
    side.get(unit)?.objects.flatMap(({ kind, identity }) => (kind === 'column' ? [lastPart(identity)] : [])) ?? []
  return columns(work.here).some((column) => words.has(column) && !columns(work.goal).includes(column))
}

/** pg_default_acl.defaclobjtype */
const OBJECTS: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
}

/** Its name is `owner [schema] letter`; the list replaces the default privileges of new objects. */
function defaultPrivileges(
  goal: CatalogueObject | undefined,
  here: CatalogueObject | undefined,
  role: string,
): readonly Step[] {
  const words = (goal ?? here)?.identity.split(' ') ?? []
  const [owner = '', letter = ''] = [words[0], words.at(-1)]
  const schema = words.length > 2 ? words.slice(1, -1).join(' ') : undefined
  const head = `ALTER DEFAULT PRIVILEGES${owner === role ? '' : ` FOR ROLE ${owner}`}${schema === undefined ? '' : ` IN SCHEMA ${schema}`}`
  const rights = (object: CatalogueObject | undefined): ReadonlyMap<string, string> =>
    new Map(
      (object === undefined ? usual(owner, letter, schema) : itemsOf(texts(object, 'acl'))).map((item) => {
        const [who = '', rest = ''] = item.split('=')
        return [who, rest.split('/')[0] ?? '']
      }),
    )
  const wanted = rights(goal)
  const now = rights(here)
  return [...new Set([...wanted.keys(), ...now.keys()])].flatMap((who) => {
    const to = wanted.get(who) ?? ''
    const from = now.get(who) ?? ''
    if (to === from) return []
    const on = `ON ${OBJECTS[letter] ?? ''}`
    const name = (letters: string): string =>
      [...letters.matchAll(/[A-Za-z]/g)].map(([one]) => PRIVILEGES[one] ?? one).join(', ')
    const gone = without(from, to)
    const added = without(to, from)
    return [
      ...(name(gone) === '' ? [] : [step(RANK.grants, `${head} REVOKE ${name(gone)} ${on} FROM ${who || 'PUBLIC'}`)]),
      ...(name(added) === '' ? [] : [step(RANK.grants, `${head} GRANT ${name(added)} ${on} TO ${who || 'PUBLIC'}`)]),
    ]
  })
}

const without = (letters: string, others: string): string => letters.replaceAll(new RegExp(`[${others}*]`, 'g'), '')

/** acldefault of the kind; within a schema only added privileges count. */
function usual(owner: string, letter: string, schema: string | undefined): readonly string[] {
  if (schema !== undefined) return []
  const own: Readonly<Record<string, string>> = { r: 'arwdDxt', S: 'rwU', f: 'X', T: 'U', n: 'UC' }
  return [`${owner}=${own[letter] ?? ''}/`, ...(letter === 'f' ? ['=X/'] : letter === 'T' ? ['=U/'] : [])]
}

/** `public.t in publication p` */
function publicationTable(goal: CatalogueObject | undefined, here: CatalogueObject | undefined): readonly Step[] {
  const names = /^(.*) in publication (.*)$/s.exec((goal ?? here)?.identity ?? '')
  const [, table = '', publication = ''] = names ?? []
  const columns = text(goal, 'columns')
  const where = text(goal, 'where')
  const what = `${table}${columns === undefined ? '' : ` (${columns})`}${where === undefined ? '' : ` WHERE (${where})`}`
  return [
    ...(here === undefined ? [] : [step(RANK.dropOther - 1, `ALTER PUBLICATION ${publication} DROP TABLE ${table}`)]),
    ...(goal === undefined ? [] : [step(RANK.makeOther, `ALTER PUBLICATION ${publication} ADD TABLE ${what}`)]),
  ]
}
