// SQL that would take a difference back, where its words are enough to write it.
import type { Difference } from '../core/difference.js'

const LINES = 8

/** Lines to paste at the end of a down; comments for what must be written by hand. They were not run. */
export function repairLines(differences: readonly Difference[]): string {
  const real = differences.filter(({ class: kind }) => kind === 'real')
  const own = real.filter((difference) => !isPartOfConstraint(difference, real))
  const lines = own.slice(0, LINES).map((difference) => repair(difference) ?? byHand(difference))
  const more = own.length - lines.length
  return [...lines, ...(more > 0 ? [`-- and ${more} more`] : [])].join('\n')
}

/** The index of a primary key or unique constraint comes and goes with it. */
const isPartOfConstraint = ({ kind, identity, parent, change }: Difference, all: readonly Difference[]): boolean =>
  kind === 'index' &&
  all.some((d) => d.kind === 'constraint' && d.change === change && d.parent === parent && nameIn(d) === last(identity))

const byHand = ({ change, kind, identity, before }: Difference): string => {
  const words = before === undefined ? '' : `: ${before}`
  const task = change === 'left behind' ? 'take away' : change === 'lost' ? 'bring back' : 'change back'
  return `-- ${task} ${kind} ${identity}${words}`.replaceAll(/\s+/g, ' ').slice(0, 200)
}

const repair = (difference: Difference): string | undefined => {
  switch (difference.change) {
    case 'left behind':
      return dropped(difference)
    case 'lost':
      return made(difference)
    case 'changed':
      return difference.kind === 'column' ? columnChanged(difference) : replaced(difference)
  }
}

/** How DROP names a kind of the catalogue. */
const DROP: Readonly<Record<string, string>> = {
  table: 'TABLE',
  view: 'VIEW',
  matview: 'MATERIALIZED VIEW',
  'foreign table': 'FOREIGN TABLE',
  sequence: 'SEQUENCE',
  index: 'INDEX',
  enum: 'TYPE',
  range: 'TYPE',
  type: 'TYPE',
  'composite type': 'TYPE',
  domain: 'DOMAIN',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  schema: 'SCHEMA',
  extension: 'EXTENSION',
  statistics: 'STATISTICS',
  publication: 'PUBLICATION',
  role: 'ROLE',
}

function dropped(difference: Difference): string | undefined {
  const { kind, identity, parent } = difference
  const table = tableOf(parent)
  const name = nameIn(difference)
  if (table !== undefined && name !== undefined) {
    if (kind === 'column') return `ALTER TABLE ${table} DROP COLUMN ${name};`
    if (kind === 'constraint') return `ALTER TABLE ${table} DROP CONSTRAINT ${name};`
    if (kind === 'trigger' || kind === 'rule' || kind === 'policy')
      return `DROP ${kind.toUpperCase()} ${name} ON ${table};`
  }
  const word = DROP[kind]
  return word === undefined || (parent !== undefined && kind !== 'index') ? undefined : `DROP ${word} ${identity};`
}

function made(difference: Difference): string | undefined {
  const { kind, identity, parent, before } = difference
  const table = tableOf(parent)
  const name = nameIn(difference)
  if (table !== undefined && name !== undefined && before !== undefined && !before.includes('\n')) {
    if (kind === 'column' && PLAIN_COLUMN.test(before)) return `ALTER TABLE ${table} ADD COLUMN ${name} ${before};`
    if (kind === 'constraint' && CONSTRAINT.test(before))
      return `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${before};`
  }
  return kind === 'extension' ? `CREATE EXTENSION ${identity};` : definition(difference)
}

/** Nothing but type, collation, NOT NULL and default: all that ADD COLUMN takes as it stands. */
const PLAIN_COLUMN =
  /^(?!.*\b(?:STORAGE|COMPRESSION|STATISTICS|GENERATED|WITH|inherited|granted|owner|position)\b)[^;]+$/
const CONSTRAINT = /^(?:PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK|EXCLUDE)\b[^;]*$/

/** Definitions that are statements themselves: indexes, triggers, rules, routines. */
const definition = ({ before }: Difference): string | undefined =>
  before !== undefined &&
  /^CREATE (?:UNIQUE )?(?:INDEX|TRIGGER|CONSTRAINT TRIGGER|RULE|OR REPLACE (?:FUNCTION|PROCEDURE))\b/.test(before)
    ? `${before.replace(/;?\s*$/, '')};`
    : undefined

/** What CREATE OR REPLACE does not cover is dropped first. */
function replaced(difference: Difference): string | undefined {
  const create = definition(difference)
  if (create === undefined || create.startsWith('CREATE OR REPLACE')) return create
  const drop = dropped(difference)
  return drop === undefined ? undefined : `${drop}\n${create}`
}

const NOT_NULL = / NOT NULL/

function columnChanged(difference: Difference): string | undefined {
  const { before = '', after = '', parent } = difference
  const table = tableOf(parent)
  const name = nameIn(difference)
  if (table === undefined || name === undefined) return undefined
  if (!PLAIN_COLUMN.test(before) || !PLAIN_COLUMN.test(after)) return undefined
  if (before.replace(NOT_NULL, '') === after) return `ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL;`
  if (after.replace(NOT_NULL, '') === before) return `ALTER TABLE ${table} ALTER COLUMN ${name} DROP NOT NULL;`
  const value = / DEFAULT (.+)$/.exec(before)?.[1]
  if (value !== undefined && withoutDefault(before) === withoutDefault(after)) {
    return `ALTER TABLE ${table} ALTER COLUMN ${name} SET DEFAULT ${value};`
  }
  return withoutDefault(after) === before ? `ALTER TABLE ${table} ALTER COLUMN ${name} DROP DEFAULT;` : undefined
}

const withoutDefault = (words: string): string => words.replace(/ DEFAULT .+$/, '')

const tableOf = (parent: string | undefined): string | undefined =>
  /^(?:table|foreign table) (.+)$/s.exec(parent ?? '')?.[1]

/** The name of a member within its relation: `phone` of `public.users.phone`. */
function nameIn({ identity, parent }: Difference): string | undefined {
  const relation = parent?.slice(parent.indexOf(' ') + 1)
  const table = tableOf(parent) ?? relation
  return table !== undefined && identity.startsWith(`${table}.`) ? identity.slice(table.length + 1) : undefined
}

const last = (identity: string): string => /(?:^|\.)("(?:[^"]|"")*"|[^."]+)$/.exec(identity)?.[1] ?? identity
