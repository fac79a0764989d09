// What foreign keys do to the rows that refer to removed or changed ones, and what else a TRUNCATE empties.
import type { Condition } from '../../sql/effects/row-changes.js'
import type { PossibleLoss, Question } from '../data-loss.js'
import { EARLIER, type Change, type Course } from './course.js'
import { differs, howMany, referring, rowsFound, withReferring, type Rows } from './questions.js'
import type { Column, ForeignKey, Table } from './relations.js'
import type { Writing } from './step-facts.js'

type NotAsked = Extract<Question, { readonly why: string }>

/** `rows` are the removed rows of the table itself, with those that refer to removed ones; `why` they cannot be counted. */
export type Cascades = {
  readonly rows: Rows
  readonly why: NotAsked | undefined
  readonly losses: readonly PossibleLoss[]
  readonly changes: readonly Change[]
  /** Tables of which rows go, and tables of which columns are set to null or a default. */
  readonly tables: readonly Table[]
  readonly updated: readonly Table[]
}

/** A foreign key with the table that refers by it. `live` is its live name. */
type Referrer = { readonly key: ForeignKey; readonly child: Table; readonly live: string }

/** The foreign keys to a table before the step, and those that only the live database has. */
function referrersOf({ facts, course }: Writing, table: Table): readonly Referrer[] {
  const own = facts.relations.referringTo(table.identity)
  const names = new Set(own.map(({ child, name }) => `${child} ${name}`))
  const others = facts.keys.filter(
    ({ parent, child, name }) => parent === table.identity && !names.has(`${child} ${name}`),
  )
  return [
    ...own.flatMap((key): readonly Referrer[] => {
      const child = facts.relations.ofGroup(`relation ${key.child}`)
      const live = child && course.liveTable(child.identity)
      return child === undefined || live === undefined ? [] : [{ key, child, live }]
    }),
    ...others.flatMap((key): readonly Referrer[] => {
      const child = facts.relations.ofGroup(`relation ${key.child}`)
      const live = child && course.liveTable(child.identity)
      return child === undefined || live === undefined ? [] : [{ key, child, live }]
    }),
  ]
}

type Removed = {
  readonly table: Table
  readonly live: string
  readonly rows: Rows
  readonly why: NotAsked | undefined
}

/** A table of which rows go with those of others: by which keys, and from which tables. */
type Reached = {
  readonly child: Table
  readonly live: string
  readonly by: readonly (Referrer & { readonly parent: string })[]
}

/**
 * Follows the keys from table to table. A row that goes by several keys counts once. Rows of tables that refer to each other
 * in a circle are not counted.
 */
export function cascadesOfDelete(writing: Writing, { table, live, rows: given, why }: Removed): Cascades {
  const { settings } = writing
  const { order, circle } = reachedFrom(writing, { child: table, live, by: [] })
  const rows = new Map<string, Rows>()
  const losses: PossibleLoss[] = []
  const changes: Change[] = []
  const updated: Table[] = []
  for (const { child, live: name, by } of order) {
    const incoming = by.flatMap(({ key, parent }) => {
      const found = rows.get(parent)
      return found === undefined || parent === child.identity ? [] : [{ key, rows: found }]
    })
    const isRoot = child.identity === table.identity
    const found = isRoot ? given : referring({ live: name, only: !child.isPartitioned }, incoming)
    const self = by.find(({ parent }) => parent === child.identity)
    const all = self === undefined ? found : withReferring(self.key, name, found)
    rows.set(child.identity, all)
    if (!isRoot) {
      const not = why ?? (circle ? { why: CIRCLE } : whyNot(writing.course, by, { child, live: name }))
      const question = not ?? howMany(all, settings)
      losses.push({ kind: 'written', verb: 'ON DELETE CASCADE', table: child.identity, question })
      changes.push({ table: name, columns: 'rows', by: EARLIER })
    }
    for (const one of referrersOf(writing, child).filter(({ key }) => key.onDelete.startsWith('SET'))) {
      const set = nulled(writing, one, { rows: all, why: why ?? (circle ? { why: CIRCLE } : undefined) })
      losses.push(...set.losses)
      changes.push(set.change)
      updated.push(one.child)
    }
  }
  const [root = given] = [rows.get(table.identity)]
  const tables = order.slice(1).map(({ child }) => child)
  return { rows: root, why: circle ? { why: CIRCLE } : undefined, losses, changes, tables, updated }
}

const CIRCLE = 'the tables refer to each other in a circle'

/** The tables that a cascade reaches, each behind all that lead to it. `circle`: there is no such order. */
function reachedFrom(
  writing: Writing,
  root: Reached,
): { readonly order: readonly Reached[]; readonly circle: boolean } {
  const found = new Map<string, Reached>([[root.child.identity, root]])
  const open = [root.child]
  for (let table = open.shift(); table !== undefined; table = open.shift()) {
    const parent = table.identity
    for (const one of referrersOf(writing, table).filter(({ key }) => key.onDelete === 'CASCADE')) {
      const known = found.get(one.child.identity)
      found.set(one.child.identity, {
        child: one.child,
        live: one.live,
        by: [...(known?.by ?? []), { ...one, parent }],
      })
      if (known === undefined) open.push(one.child)
    }
  }
  const order: Reached[] = []
  const left = new Map(found)
  const isReady = ({ child, by }: Reached): boolean =>
    by.every(({ parent }) => parent === child.identity || !left.has(parent) || child.identity === root.child.identity)
  for (let next = [...left.values()].find(isReady); next !== undefined; next = [...left.values()].find(isReady)) {
    order.push(next)
    left.delete(next.child.identity)
  }
  const isBack = found.get(root.child.identity)?.by.some(({ parent }) => parent !== root.child.identity) === true
  return { order: [...order, ...left.values()], circle: isBack || left.size > 0 }
}

/** Columns that are set to null or a default. */
function nulled(
  { course, settings }: Writing,
  { key, child, live }: Referrer,
  { rows, why: above }: { readonly rows: Rows; readonly why: NotAsked | undefined },
): { readonly losses: readonly PossibleLoss[]; readonly change: Change } {
  const why = above ?? whyNot(course, [{ key }], { child, live })
  const question = why ?? valuesOf(howMany(referring({ live, only: !child.isPartitioned }, [{ key, rows }]), settings))
  const columns = key.columns.map(([name]) => name)
  return {
    losses: columns.map((column) => ({
      kind: 'written',
      verb: `ON DELETE ${key.onDelete}`,
      table: child.identity,
      column,
      question,
    })),
    change: { table: live, columns, by: EARLIER },
  }
}

/** The same question, whose rows are values as well: those of the referring columns, of which none is null. */
const valuesOf = (question: Question): Question =>
  'why' in question
    ? question
    : { ...question, sql: question.sql.replace('SELECT count(*), 0 ', 'SELECT count(*), count(*) ') }

function whyNot(
  course: Course,
  keys: readonly Pick<Referrer, 'key'>[],
  { child, live }: { readonly child: Table; readonly live: string },
): NotAsked | undefined {
  const columns = keys.flatMap(({ key }) => key.columns.map(([name]) => name))
  const isKept = (name: string): boolean => course.liveColumn(child.identity, name) === name
  if (!columns.every(isKept)) return { why: 'a step gives other names to its columns' }
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
export function cascadesOfUpdate(writing: Writing, updated: Updated): Omit<Cascades, 'rows' | 'why' | 'updated'> {
  const { table, live, change, own, liveColumn, value, why: above } = updated
  const { course, settings } = writing
  const keys = referrersOf(writing, table).filter(
    ({ key: { columns, onUpdate } }) =>
      onUpdate !== 'NO ACTION' && onUpdate !== 'RESTRICT' && columns.some(([, parent]) => parent === own.name),
  )
  const parts = keys.map((one) => {
    const { key, child, live: childLive } = one
    const column = key.columns.find(([, parent]) => parent === own.name)?.[0] ?? ''
    const changed = differs(`(${value}\n)::${own.type}`, `${change.target.name}.${liveColumn}`, own.type)
    const rows = rowsFound(live, change, changed)
    const found = referring({ live: childLive, only: !child.isPartitioned }, [{ key, rows }])
    const circle = child.identity === table.identity ? { why: CIRCLE } : undefined
    const why = above ?? circle ?? whyNot(course, [one], { child, live: childLive })
    const loss: PossibleLoss = {
      kind: 'written',
      verb: `ON UPDATE ${key.onUpdate}`,
      table: child.identity,
      column,
      question: why ?? valuesOf(howMany(found, settings)),
    }
    return { loss, change: { table: childLive, columns: [column], by: EARLIER } as const, child }
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
    for (const { child } of referrersOf(writing, one.table)) {
      add(child, 'TRUNCATE CASCADE')
      for (const part of relations.below(child.identity)) add(part, 'TRUNCATE CASCADE')
    }
  }
  return [...found.values()]
}
