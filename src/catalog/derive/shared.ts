// Roles, settings, tablespaces, databases, replication: what all databases of a server share, and the database itself.
import { ROLE_FLAGS } from '../describe/cluster.js'
import { itemsOf } from '../describe/grants.js'
import { literal } from '../../sql/quote.js'
import type { CatalogueObject } from '../snapshot.js'
import { sameBut, text, texts, type Pair, type Work } from './model.js'
import { RANK, noted, step, type Step } from './step.js'

type State = CatalogueObject | undefined

/** Undefined for a kind that is not shared. */
export function sharedSteps(work: Work, { unit, ...pair }: Pair): readonly Step[] | undefined {
  const goal = pair.goal?.top
  const here = pair.here?.top
  switch (goal?.kind ?? here?.kind) {
    case 'role':
      return roleSteps(work, goal, here)
    case 'setting of all roles':
      return settingStep('ALTER ROLE ALL', goal, here)
    case 'server setting':
      return settingStep('ALTER SYSTEM', goal, here, alone)
    case 'parameter':
      return goal === undefined && here !== undefined ? parameterGone(here) : []
    case 'tablespace':
      return tablespaceSteps(goal, here)
    case 'database':
      return databaseSteps(unit, goal, here)
    case 'replication origin':
      return [
        ...(here === undefined ? [] : [call('pg_replication_origin_drop', here)]),
        ...(goal === undefined ? [] : [call('pg_replication_origin_create', goal)]),
      ]
    case 'replication slot':
      return slotSteps(goal, here)
    case 'subscription':
      return subscriptionSteps(goal, here)
    case 'prepared transaction':
      return here === undefined ? [] : [alone(`ROLLBACK PREPARED ${literal(here.identity)}`)]
    case 'security label':
      return [labelStep(goal, here)]
    default:
      return undefined
  }
}

/** A statement that refuses a transaction, and so most tools' downs: a person has to write a file for it. */
const alone = (sql: string): Step => ({
  ...noted(`This runs in no transaction, so it needs a file that asks for none: ${sql};`),
  alone: sql,
})

const tooLittle = (kind: string, { identity }: CatalogueObject, what: string): Step =>
  noted(`The catalogue holds too little to roll back the change of the ${kind} ${identity}: ${what}.`)

/** An identity is a quoted name where it has to be one, as an argument of a function it is text. */
const argument = ({ identity }: CatalogueObject): string =>
  literal(identity.startsWith('"') ? identity.slice(1, -1).replaceAll('""', '"') : identity)

const call = (name: string, object: CatalogueObject): Step =>
  step(RANK.makeOther, `SELECT ${name}(${argument(object)})`)

/** Settings whose value is a list of names, each in its own quotes (PostgreSQL, GUC_LIST_QUOTE in guc_tables.c). */
const LISTS =
  /^(?:search_path|temp_tablespaces|(?:local|session|shared)_preload_libraries|unix_socket_directories|createrole_self_grant)$/

function valueOf(name: string, value: string): string {
  if (!LISTS.test(name)) return literal(value)
  const items = value.match(/"(?:[^"]|"")*"|[^,\s][^,]*/g) ?? []
  return items.length === 0
    ? "''"
    : items
        .map((item) => literal(item.startsWith('"') ? item.slice(1, -1).replaceAll('""', '"') : item.trim()))
        .join(', ')
}

/** The end of ALTER ROLE, ALTER DATABASE and ALTER SYSTEM. */
const setting = (name: string, value: string | undefined): string =>
  value === undefined ? `RESET ${name}` : `SET ${name} TO ${valueOf(name, value)}`

const flagged = (sql: string): Step => step(RANK.flags, sql)

function settingStep(head: string, goal: State, here: State, wrap = flagged): readonly Step[] {
  const { identity } = goal ?? here ?? { identity: '' }
  const value = text(goal, 'value')
  if (goal !== undefined && value === undefined)
    return [tooLittle('setting', goal, 'its value is a secret, which a snapshot does not hold')]
  return [wrap(`${head} ${setting(identity, value)}`)]
}

/** `name=value`, behind a role for ALTER ROLE .. IN DATABASE. */
const ITEM = /^(?:("(?:[^"]|"")+"|[^\s"=]+) )?([^\s=]+)=(.*)$/s

/** The settings that differ, as role, name and wanted value. */
function changedSettings(
  wanted: readonly string[],
  now: readonly string[],
): readonly { readonly role: string | undefined; readonly end: string }[] {
  const read = (
    items: readonly string[],
  ): ReadonlyMap<string, { role: string | undefined; name: string; value: string }> =>
    new Map(
      items.flatMap((item) => {
        const [, role, name, value] = ITEM.exec(item) ?? []
        return name === undefined || value === undefined
          ? []
          : [[`${role ?? ''} ${name}`, { role, name, value }] as const]
      }),
    )
  const goal = read(wanted)
  const here = read(now)
  return [...new Set([...here.keys(), ...goal.keys()])].flatMap((key) => {
    const value = goal.get(key)?.value
    const one = goal.get(key) ?? here.get(key)
    return one === undefined || value === here.get(key)?.value
      ? []
      : [{ role: one.role, end: setting(one.name, value) }]
  })
}

/** The defaults of CREATE ROLE. */
const USUAL: Readonly<Record<string, boolean>> = { rolinherit: true }

function roleSteps(work: Work, goal: State, here: State): readonly Step[] {
  if (goal === undefined) return here === undefined ? [] : [step(RANK.role, `DROP ROLE ${here.identity}`)]
  const { identity } = goal
  const isOwn = here !== undefined && identity === work.role && work.words?.has(identity) === false
  const role = isOwn ? 'CURRENT_USER' : identity
  const words = Object.entries(ROLE_FLAGS).flatMap(([key, word]) => {
    const wanted = goal.definition[key] === true
    const now = here === undefined ? USUAL[key] === true : here.definition[key] === true
    return wanted === now ? [] : [wanted ? word : `NO${word}`]
  })
  const limit = goal.definition['rolconnlimit']
  if (typeof limit === 'number' && limit !== (here?.definition['rolconnlimit'] ?? -1))
    words.push(`CONNECTION LIMIT ${limit}`)
  const until = text(goal, 'rolvaliduntil')
  if (until !== text(here, 'rolvaliduntil')) words.push(`VALID UNTIL ${literal(until ?? 'infinity')}`)
  const hasPassword = goal.definition['rolpassword'] === true
  const losesPassword = !hasPassword && here?.definition['rolpassword'] === true
  if (losesPassword) words.push('PASSWORD NULL')
  const verb = here === undefined ? 'CREATE' : 'ALTER'
  const notes =
    here === undefined
      ? [
          `The role ${goal.identity} is created again without its password, and without what it owned or was granted elsewhere.`,
        ]
      : hasPassword && here.definition['rolpassword'] !== true
        ? [`The password of the role ${goal.identity} is not restored: a snapshot does not hold it.`]
        : []
  const settings = changedSettings(texts(goal, 'rolconfig'), texts(here, 'rolconfig'))
  return [
    ...(here === undefined || words.length > 0
      ? [step(RANK.makeSchema, [`${verb} ROLE ${role}`, ...words].join(' '))]
      : []),
    ...notes.map(noted),
    ...settings.map(({ end }) => step(RANK.flags, `ALTER ROLE ${role} ${end}`)),
    ...memberships(role, goal, here),
  ]
}

/** A membership in the words of a snapshot: the group, and what is unusual about it. */
const MEMBERSHIP = /^(.*?)( with admin option)?( with inherit false)?( with set false)?$/s

function memberships(role: string, goal: CatalogueObject, here: State): readonly Step[] {
  const wanted = texts(goal, 'member_of')
  const now = texts(here, 'member_of')
  const parts = (membership: string): readonly string[] => MEMBERSHIP.exec(membership) ?? []
  return [
    ...now
      .filter((one) => !wanted.includes(one))
      .map((one) => step(RANK.grants, `REVOKE ${parts(one)[1] ?? ''} FROM ${role}`)),
    ...wanted
      .filter((one) => !now.includes(one))
      .map((one) => {
        const [, group = '', admin, inherit, set] = parts(one)
        const options = [
          ...(admin === undefined ? [] : ['ADMIN OPTION']),
          ...(inherit === undefined ? [] : ['INHERIT FALSE']),
          ...(set === undefined ? [] : ['SET FALSE']),
        ]
        const end = options.length === 0 ? '' : ` WITH ${options.join(', ')}`
        return step(RANK.grants, `GRANT ${group} TO ${role}${end}`)
      }),
  ]
}

/** It exists as long as a right on it does. */
const parameterGone = (here: CatalogueObject): readonly Step[] =>
  itemsOf(here.definition['acl']).flatMap((item) => {
    const [, grantee = '', grantor] = /^(.*)=[A-Za-z*]*\/(.*)$/s.exec(item) ?? []
    return grantee === grantor
      ? []
      : [step(RANK.grants, `REVOKE ALL ON PARAMETER ${here.identity} FROM ${grantee || 'PUBLIC'}`)]
  })

function tablespaceSteps(goal: State, here: State): readonly Step[] {
  if (here === undefined || goal === undefined) {
    const location = literal(text(goal, 'location') ?? '')
    const sql =
      goal === undefined
        ? `DROP TABLESPACE ${here?.identity ?? ''}`
        : `CREATE TABLESPACE ${goal.identity} LOCATION ${location}`
    return [alone(sql)]
  }
  const wanted = texts(goal, 'options')
  const now = texts(here, 'options')
  const names = (items: readonly string[]): readonly string[] => items.map((item) => item.slice(0, item.indexOf('=')))
  const gone = names(now).filter((name) => !names(wanted).includes(name))
  const set = wanted.filter((item) => !now.includes(item)).map((item) => item.replace('=', ' = '))
  return [
    ...(gone.length === 0 ? [] : [step(RANK.flags, `ALTER TABLESPACE ${here.identity} RESET (${gone.join(', ')})`)]),
    ...(set.length === 0 ? [] : [step(RANK.flags, `ALTER TABLESPACE ${here.identity} SET (${set.join(', ')})`)]),
  ]
}

/** The name of the unit of the database that is migrated: it has another name on each server. */
const OWN = 'database'

/** A statement about a database; `%I` stands for its name. */
export function aboutDatabase(unit: string, identity: string, statement: string): string {
  if (unit !== OWN) return statement.replace('%I', identity)
  const template = literal(statement.replaceAll('%', '%%').replace('%%I', '%I'))
  return `DO $down$ BEGIN EXECUTE format(${template}, current_database()); END $down$`
}

function databaseSteps(unit: string, goal: State, here: State): readonly Step[] {
  if (here === undefined || goal === undefined) {
    const sql = goal === undefined ? `DROP DATABASE ${here?.identity ?? ''}` : `CREATE DATABASE ${goal.identity}`
    return [
      alone(sql),
      ...(goal === undefined ? [] : [noted(`What was in the database ${goal.identity} does not come back.`)]),
    ]
  }
  const about = (rank: number, statement: string): Step => step(rank, aboutDatabase(unit, goal.identity, statement))
  const [limit, wasLimit] = [text(goal, 'connection_limit'), text(here, 'connection_limit')]
  const [comment, wasComment] = [text(goal, 'comment'), text(here, 'comment')]
  const [owner, wasOwner] = [text(goal, 'owner'), text(here, 'owner')]
  const flags = (['template', 'closed'] as const).filter((key) => text(goal, key) !== text(here, key))
  const word = { template: 'IS_TEMPLATE', closed: 'ALLOW_CONNECTIONS' }
  const isOn = (key: 'template' | 'closed'): boolean => (text(goal, key) !== undefined) === (key === 'template')
  return [
    ...changedSettings(texts(goal, 'settings'), texts(here, 'settings')).map(({ role, end }) =>
      about(RANK.flags, role === undefined ? `ALTER DATABASE %I ${end}` : `ALTER ROLE ${role} IN DATABASE %I ${end}`),
    ),
    ...(limit === wasLimit ? [] : [about(RANK.flags, `ALTER DATABASE %I CONNECTION LIMIT ${limit ?? '-1'}`)]),
    ...flags.map((key) => about(RANK.flags, `ALTER DATABASE %I ${word[key]} ${String(isOn(key))}`)),
    ...(owner === wasOwner ? [] : [about(RANK.owner, `ALTER DATABASE %I OWNER TO ${owner ?? 'CURRENT_USER'}`)]),
    ...(comment === wasComment
      ? []
      : [about(RANK.comment, `COMMENT ON DATABASE %I IS ${comment === undefined ? 'NULL' : literal(comment)}`)]),
    ...(sameBut(goal, here, 'settings', 'connection_limit', 'template', 'closed', 'owner', 'comment', 'acl')
      ? []
      : [tooLittle('database', goal, 'its definition differs')]),
  ]
}

function slotSteps(goal: State, here: State): readonly Step[] {
  const plugin = text(goal, 'plugin')
  const make = (slot: CatalogueObject): Step =>
    plugin === undefined
      ? call('pg_create_physical_replication_slot', slot)
      : step(RANK.makeOther, `SELECT pg_create_logical_replication_slot(${argument(slot)}, ${literal(plugin)})`)
  return [
    ...(here === undefined ? [] : [call('pg_drop_replication_slot', here)]),
    ...(goal === undefined
      ? []
      : [make(goal), noted(`The replication slot ${goal.identity} starts again at the current place of the WAL.`)]),
  ]
}

function subscriptionSteps(goal: State, here: State): readonly Step[] {
  if (goal !== undefined)
    return [tooLittle('subscription', goal, here === undefined ? 'it is gone' : 'its definition differs')]
  if (here === undefined) return []
  const slot = text(here, 'slot')
  return [
    step(RANK.dropOther, [
      ...(text(here, 'enabled') === undefined ? [] : [`ALTER SUBSCRIPTION ${here.identity} DISABLE`]),
      ...(slot === undefined ? [] : [`ALTER SUBSCRIPTION ${here.identity} SET (slot_name = NONE)`]),
      `DROP SUBSCRIPTION ${here.identity}`,
    ]),
    ...(slot === undefined
      ? []
      : [noted(`The replication slot ${slot} stays at the publisher, if it was made there.`)]),
  ]
}

function labelStep(goal: State, here: State): Step {
  const { identity } = goal ?? here ?? { identity: '' }
  const [, kind = '', name = '', provider = ''] = /^(\w+) (.*) by (.*)$/s.exec(identity) ?? []
  const label = text(goal, 'label')
  return step(
    RANK.comment,
    `SECURITY LABEL FOR ${provider} ON ${kind.toUpperCase()} ${name} IS ${label === undefined ? 'NULL' : literal(label)}`,
  )
}
