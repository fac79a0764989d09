// Random steps on indexes, keys and checks.
import {
  addConstraint,
  chance,
  checkText,
  foreignKeyText,
  fresh,
  indexText,
  pick,
  qualified,
  remove,
} from './model.mjs'

const dropConstraint = (table, constraint) => `ALTER TABLE ${qualified(table)} DROP CONSTRAINT ${constraint.name}`
const dropIndexText = (table, index, concurrently = '') => `DROP INDEX ${concurrently}${table.schema}.${index.name}`
/** jsonb has an order too, but nobody indexes it that way. */
const indexable = (table) => table.columns.filter((column) => column.type !== 'jsonb')

function newIndex(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const columns = [pick(model, indexable(table))]
  const second = pick(model, indexable(table))
  if (chance(model, 0.3) && second !== columns[0]) columns.push(second)
  const index = {
    name: fresh(model, 'idx'),
    columns,
    unique: chance(model, 0.15) && table.rows === 0,
    where: chance(model, 0.2) ? pick(model, table.columns) : undefined,
  }
  table.indexes.push(index)
  return { table, index }
}

export function addIndex(model) {
  const made = newIndex(model)
  if (made === undefined) return undefined
  const { table, index } = made
  return { name: `add_${index.name}`, up: [indexText(table, index)], down: [dropIndexText(table, index)] }
}

/** Alone in its file, and outside of any transaction. */
export function addIndexConcurrently(model) {
  const made = newIndex(model)
  if (made === undefined) return undefined
  const { table, index } = made
  return {
    name: `add_${index.name}`,
    up: [indexText(table, index, 'CONCURRENTLY ')],
    down: [dropIndexText(table, index, 'CONCURRENTLY ')],
    transaction: 'none',
  }
}

export function dropIndex(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.indexes.length > 0),
  )
  if (table === undefined) return undefined
  const index = pick(model, table.indexes)
  remove(table.indexes, index)
  return { name: `drop_${index.name}`, up: [dropIndexText(table, index)], down: [indexText(table, index)] }
}

export function renameIndex(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.indexes.length > 0),
  )
  if (table === undefined) return undefined
  const index = pick(model, table.indexes)
  const before = index.name
  index.name = fresh(model, 'idx')
  return {
    name: `rename_${before}`,
    up: [`ALTER INDEX ${table.schema}.${before} RENAME TO ${index.name}`],
    down: [`ALTER INDEX ${table.schema}.${index.name} RENAME TO ${before}`],
  }
}

export function addForeignKey(model) {
  const fits = (column) => column.type === 'bigint' && column.identity === undefined && !column.uses.has('key')
  const table = pick(
    model,
    model.tables.filter((each) => each.rows === 0 && each.columns.some(fits)),
  )
  const target = pick(model, model.tables)
  if (table === undefined || target === table) return undefined
  const key = {
    name: fresh(model, 'fk'),
    column: pick(model, table.columns.filter(fits)),
    target,
    cascade: chance(model, 0.4),
  }
  table.keys.push(key)
  target.referrers.add(key)
  const text = addConstraint(table, key, foreignKeyText(key))
  const up = chance(model, 0.2)
    ? [`${text} NOT VALID`, `ALTER TABLE ${qualified(table)} VALIDATE CONSTRAINT ${key.name}`]
    : [text]
  return { name: `add_${key.name}`, up, down: [dropConstraint(table, key)] }
}

export function dropForeignKey(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.keys.length > 0),
  )
  if (table === undefined) return undefined
  const key = pick(model, table.keys)
  remove(table.keys, key)
  key.target.referrers.delete(key)
  return {
    name: `drop_${key.name}`,
    up: [dropConstraint(table, key)],
    down: [addConstraint(table, key, foreignKeyText(key))],
  }
}

export function addCheck(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const name = fresh(model, 'chk')
  const check = { name, column: pick(model, table.columns), word: name, least: Math.floor(model.random() * 4) }
  table.checks.push(check)
  return {
    name: `add_${name}`,
    up: [addConstraint(table, check, checkText(check))],
    down: [dropConstraint(table, check)],
  }
}

export function dropCheck(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.checks.length > 0),
  )
  if (table === undefined) return undefined
  const check = pick(model, table.checks)
  remove(table.checks, check)
  return {
    name: `drop_${check.name}`,
    up: [dropConstraint(table, check)],
    down: [addConstraint(table, check, checkText(check))],
  }
}

export function renameConstraint(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.checks.length > 0),
  )
  if (table === undefined) return undefined
  const check = pick(model, table.checks)
  const before = check.name
  check.name = fresh(model, 'chk')
  const rename = (from, to) => `ALTER TABLE ${qualified(table)} RENAME CONSTRAINT ${from} TO ${to}`
  return { name: `rename_${before}`, up: [rename(before, check.name)], down: [rename(check.name, before)] }
}
