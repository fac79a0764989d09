// What foreign keys do to the rows that refer to removed or changed ones, and what else a TRUNCATE empties.
import type { Condition } from '../../sql/row-changes.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import { EARLIER, type Change, type Course } from './course.js'
import { differs, howMany, referring, rowsFound, withReferring, type Rows } from './questions.js'
import type { Column, ForeignKey, Table } from './relations.js'
import type { Writing } from './step-facts.js'

type NotAsked = Extract<Question, { readonly why: string }>

/** `rows` are the removed rows of the table itself, with those that refer to removed ones. */
export type Cascades = {
  readonly rows: Rows
  readonly losses: readonly PossibleLoss[]
  readonly changes: readonly Change[]
  readonly tables: readonly Table[]
}

/** The foreign keys to a table before the step, and those that only the live database has. */
function keysTo({ facts }: Writing, table: Table): readonly ForeignKey[] {
  const own = facts.relations.referringTo(table.identity)
  const names = new Set(own.map(({ child, name }) => `${child} ${name}`))
  return [
    ...own,
    ...facts.keys.filter(({ parent, child, name }) => parent === table.identity && !names.has(`${child} ${name}`)),
  ]
}

type Removed = {
  readonly table: Table
  readonly live: string
  readonly rows: Rows
  readonly why: NotAsked | undefined
}

/** Follows the keys from table to table. Rows of tables that refer to each other in a circle are not counted. */
export function cascadesOfDelete(writing: Writing, removed: Removed): Cascades {
  return follow(writing, removed, [removed.table.identity])
}

function follow(writing: Writing, removed: Removed, path: readonly string[]): Cascades {
  const { table, live } = removed
  const keys = keysTo(writing, table).filter(({ onDelete }) => onDelete !== 'NO ACTION' && onDelete !== 'RESTRICT')
  const selfs = keys.filter(({ child, onDelete }) => child === table.identity && onDelete === 'CASCADE')
  const [self] = selfs
  const rows = self === undefined ? removed.rows : withReferring(self, live, removed.rows)
  const parts = keys
    .filter((key) => !selfs.includes(key))
    .flatMap((key) => {
      const child = writing.facts.relations.ofGroup(`relation ${key.child}`)
      return child === undefined ? [] : [keyLosses(writing, { key, child, rows, why: removed.why, path })]
    })
  return {
    rows,
    losses: parts.flatMap((one) => one.losses),
    changes: parts.flatMap((one) => one.changes),
    tables: parts.flatMap((one) => one.tables),
  }
}

type Key = {
  readonly key: ForeignKey
  readonly child: Table
  readonly rows: Rows
  readonly why: NotAsked | undefined
  readonly path: readonly string[]
}

function keyLosses(writing: Writing, { key, child, rows, why: above, path }: Key): Omit<Cascades, 'rows'> {
  const { course, settings } = writing
  const live = course.liveTable(child.identity)
  if (live === undefined) return { losses: [], changes: [], tables: [] }
  const isCircle = path.includes(child.identity)
  const why = above ?? whyNot(course, { key, child, live, isCircle })
  const found = referring(key, { live, only: !child.isPartitioned }, rows)
  const question = why ?? howMany(found, settings)
  if (key.onDelete !== 'CASCADE') {
    const columns = key.columns.map(([name]) => name)
    return {
      losses: columns.map((column) => ({
        kind: 'written',
        verb: `ON DELETE ${key.onDelete}`,
        table: child.identity,
        column,
        question: why ?? valuesOf(question),
      })),
      changes: [{ table: live, columns, by: EARLIER }],
      tables: [child],
    }
  }
  const deeper = isCircle
    ? { losses: [], changes: [], tables: [] }
    : follow(writing, { table: child, live, rows: found, why }, [...path, child.identity])
  return {
    losses: [
      {
        kind: 'written',
        verb: 'ON DELETE CASCADE',
        table: child.identity,
        question: why ?? howMany('rows' in deeper ? deeper.rows : found, settings),
      },
      ...deeper.losses,
    ],
    changes: [{ table: live, columns: 'rows', by: EARLIER }, ...deeper.changes],
    tables: [child, ...deeper.tables],
  }
}

/** The same question, whose rows are values as well: those of the referring columns, of which none is null. */
const valuesOf = (question: Question): Question =>
  'why' in question
    ? question
    : { ...question, sql: question.sql.replace('SELECT count(*), 0 ', 'SELECT count(*), count(*) ') }

function whyNot(
  course: Course,
  { key, child, live, isCircle }: { key: ForeignKey; child: Table; live: string; isCircle: boolean },
): NotAsked | undefined {
  if (isCircle) return { why: 'the tables refer to each other in a circle' }
  const columns = key.columns.map(([name]) => name)
  if (columns.some((name) => course.liveColumn(child.identity, name) !== name)) {
    return { why: 'a step gives other names to its columns' }
  }
  const by = course.writerOf({ table: live, columns, words: new Set() })
  return by === undefined ? undefined : { why: `${by} changes its rows first` }
}

type Updated = {
  readonly table: Table
  readonly live: string
  readonly change: Condition
  readonly own: Column
  readonly liveColumn: string
  readonly value: string
  readonly why: NotAsked | undefined
}

/** Columns that follow a key, or are set to null or a default when it changes. Only the tables next to it are followed. */
export function cascadesOfUpdate(writing: Writing, updated: Updated): Omit<Cascades, 'rows'> {
  const { table, live, change, own, liveColumn, value, why: above } = updated
  const { course, settings, facts } = writing
  const keys = keysTo(writing, table).filter(
    ({ columns, onUpdate }) =>
      onUpdate !== 'NO ACTION' && onUpdate !== 'RESTRICT' && columns.some(([, parent]) => parent === own.name),
  )
  const parts = keys.flatMap((key) => {
    const child = facts.relations.ofGroup(`relation ${key.child}`)
    const childLive = child && course.liveTable(child.identity)
    if (child === undefined || childLive === undefined) return []
    const column = key.columns.find(([, parent]) => parent === own.name)?.[0] ?? ''
    const changed = differs(`(${value}\n)::${own.type}`, `${change.target.name}.${liveColumn}`, own.type)
    const found = referring(key, { live: childLive, only: !child.isPartitioned }, rowsFound(live, change, changed))
    const isCircle = child.identity === table.identity
    const why = above ?? whyNot(course, { key, child, live: childLive, isCircle })
    const question = why ?? valuesOf(howMany(found, settings))
    const loss: PossibleLoss = {
      kind: 'written',
      verb: `ON UPDATE ${key.onUpdate}`,
      table: child.identity,
      column,
      question,
    }
    return [{ loss, change: { table: childLive, columns: [column], by: EARLIER } as const, child }]
  })
  return {
    losses: parts.map(({ loss }) => loss),
    changes: parts.map((one) => one.change),
    tables: parts.map(({ child }) => child),
  }
}

/** `verb` names how a table comes to be emptied. */
export type Truncated = { readonly table: Table; readonly verb: 'TRUNCATE' | 'TRUNCATE CASCADE' }

/** The tables with their partitions and heirs, and with CASCADE all that refer to any of them. */
export function truncatedWith(
  writing: Writing,
  named: readonly { readonly table: Table; readonly only: boolean }[],
  cascade: boolean,
): readonly Truncated[] {
  const { relations } = writing.facts
  const found = new Map<string, Truncated>()
  const open: Truncated[] = []
  const add = (table: Table, verb: Truncated['verb']): void => {
    if (found.has(table.identity)) return
    found.set(table.identity, { table, verb })
    open.push({ table, verb })
  }
  for (const { table, only } of named) {
    add(table, 'TRUNCATE')
    if (!only) for (const one of relations.below(table.identity)) add(one, 'TRUNCATE')
  }
  for (let one = open.shift(); cascade && one !== undefined; one = open.shift()) {
    for (const { child } of keysTo(writing, one.table)) {
      const table = relations.ofGroup(`relation ${child}`)
      if (table === undefined) continue
      add(table, 'TRUNCATE CASCADE')
      for (const part of relations.below(child)) add(part, 'TRUNCATE CASCADE')
    }
  }
  return [...found.values()]
}
