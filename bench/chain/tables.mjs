// Random steps on tables and their columns. Each gives its statements up and down, or undefined when nothing fits.
import {
  chance,
  columnParts,
  columnText,
  commentText,
  fresh,
  freshTable,
  newColumn,
  notNullName,
  pick,
  qualified,
  remove,
  sameNotNull,
  tableStatements,
  typeText,
} from './model.mjs'

export function createTable(model) {
  const table = {
    schema: chance(model, 0.2) ? pick(model, model.schemas) : 'public',
    name: freshTable(model),
    key: fresh(model, 'pk'),
    columns: [],
    indexes: [],
    checks: [],
    keys: [],
    triggers: [],
    policies: [],
    referrers: new Set(),
    security: false,
    granted: false,
    fill: undefined,
    comment: undefined,
    renamed: false,
    rows: 0,
  }
  const id = { name: 'id', type: 'bigint', identity: chance(model, 0.6), uses: new Set(['key']), default: undefined }
  id.notNull = notNullName(table, id)
  table.columns.push(id)
  for (let more = 2 + Math.floor(model.random() * 5); more > 0; more--) table.columns.push(newColumn(model, table))
  model.tables.push(table)
  return { name: `create_${table.name}`, up: tableStatements(table), down: [`DROP TABLE ${qualified(table)}`] }
}

const mayBeMadeAgain = (table) =>
  !table.renamed &&
  table.referrers.size === 0 &&
  table.columns.every(
    (column) => sameNotNull(table, column) && [...column.uses].every((use) => use === 'key' || use === 'inside'),
  )

export function dropTable(model) {
  const table = pick(model, model.tables.filter(mayBeMadeAgain))
  if (table === undefined) return undefined
  remove(model.tables, table)
  for (const key of table.keys) key.target.referrers.delete(key)
  for (const trigger of table.triggers) trigger.function.uses.delete(trigger)
  for (const column of table.columns) if (typeof column.type !== 'string') column.type.columns.delete(column)
  return { name: `drop_${table.name}`, up: [`DROP TABLE ${qualified(table)}`], down: tableStatements(table) }
}

export function renameTable(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const before = { schema: table.schema, name: table.name }
  table.name = freshTable(model)
  table.renamed = true
  return {
    name: `rename_${before.name}`,
    up: [`ALTER TABLE ${qualified(before)} RENAME TO ${table.name}`],
    down: [`ALTER TABLE ${qualified(table)} RENAME TO ${before.name}`],
  }
}

export function moveTable(model) {
  const table = pick(model, model.tables)
  const schema =
    table &&
    pick(
      model,
      model.schemas.filter((name) => name !== table.schema),
    )
  if (schema === undefined) return undefined
  const before = { schema: table.schema, name: table.name }
  table.schema = schema
  return {
    name: `move_${table.name}`,
    up: [`ALTER TABLE ${qualified(before)} SET SCHEMA ${schema}`],
    down: [`ALTER TABLE ${qualified(table)} SET SCHEMA ${before.schema}`],
  }
}

export function addColumn(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const column = newColumn(model, table)
  table.columns.push(column)
  return {
    name: `add_${column.name}`,
    up: [`ALTER TABLE ${qualified(table)} ADD COLUMN ${columnText(column)}`],
    down: [`ALTER TABLE ${qualified(table)} DROP COLUMN ${column.name}`],
  }
}

/** Only the last column: any other one comes back in another place. */
export function dropColumn(model) {
  const fits = (table) => {
    const column = table.columns.at(-1)
    return column.uses.size === 0 && sameNotNull(table, column) && (table.rows === 0 || column.notNull === undefined)
  }
  const table = pick(model, model.tables.filter(fits))
  if (table === undefined) return undefined
  const column = table.columns.at(-1)
  const down = [`ALTER TABLE ${qualified(table)} ADD COLUMN ${columnText(column)}`, ...columnParts(table, column)]
  table.columns.pop()
  table.indexes = table.indexes.filter((index) => !index.columns.includes(column) && index.where !== column)
  table.checks = table.checks.filter((check) => check.column !== column)
  for (const key of table.keys.filter((each) => each.column === column)) key.target.referrers.delete(key)
  table.keys = table.keys.filter((key) => key.column !== column)
  if (typeof column.type !== 'string') column.type.columns.delete(column)
  return { name: `drop_${column.name}`, up: [`ALTER TABLE ${qualified(table)} DROP COLUMN ${column.name}`], down }
}

export function renameColumn(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const column = pick(model, table.columns)
  const before = column.name
  column.name = fresh(model, 'col')
  return {
    name: `rename_${before}`,
    up: [`ALTER TABLE ${qualified(table)} RENAME COLUMN ${before} TO ${column.name}`],
    down: [`ALTER TABLE ${qualified(table)} RENAME COLUMN ${column.name} TO ${before}`],
  }
}

const WIDER = { integer: 'bigint', 'varchar(40)': 'varchar(80)', date: 'timestamptz', text: 'varchar(500)' }

/** A column of a table that fits, as `[table, column]`. */
function pickColumn(model, fits) {
  const all = model.tables.flatMap((table) => table.columns.filter((c) => fits(c, table)).map((c) => [table, c]))
  return pick(model, all)
}

export function alterType(model) {
  const free = (column, table) =>
    column.uses.size === 0 &&
    column.default === undefined &&
    WIDER[column.type] !== undefined &&
    !table.keys.some((key) => key.column === column) &&
    !table.checks.some((check) => check.column === column)
  const found = pickColumn(model, free)
  if (found === undefined) return undefined
  const [table, column] = found
  const before = column.type
  column.type = WIDER[before]
  const alter = (type) => `ALTER TABLE ${qualified(table)} ALTER COLUMN ${column.name} TYPE ${type}`
  return { name: `widen_${column.name}`, up: [alter(column.type)], down: [alter(typeText(before))] }
}

export function setNotNull(model) {
  const found = pickColumn(model, (column, table) => column.notNull === undefined && table.rows === 0)
  if (found === undefined) return undefined
  const [table, column] = found
  column.notNull = notNullName(table, column)
  const alter = (what) => `ALTER TABLE ${qualified(table)} ALTER COLUMN ${column.name} ${what} NOT NULL`
  return { name: `require_${column.name}`, up: [alter('SET')], down: [alter('DROP')] }
}

export function dropNotNull(model) {
  const free = (column, table) =>
    column.notNull !== undefined && sameNotNull(table, column) && !column.uses.has('key') && table.rows === 0
  const found = pickColumn(model, free)
  if (found === undefined) return undefined
  const [table, column] = found
  column.notNull = undefined
  const alter = (what) => `ALTER TABLE ${qualified(table)} ALTER COLUMN ${column.name} ${what} NOT NULL`
  return { name: `allow_null_${column.name}`, up: [alter('DROP')], down: [alter('SET')] }
}

export function changeDefault(model) {
  const found = pickColumn(model, (column) => ['integer', 'bigint', 'text'].includes(column.type) && !column.identity)
  if (found === undefined) return undefined
  const [table, column] = found
  const before = column.default
  const value = Math.floor(model.random() * 1000)
  column.default =
    chance(model, 0.3) && before !== undefined ? undefined : column.type === 'text' ? `'d${value}'` : `${value}`
  const alter = (text) =>
    `ALTER TABLE ${qualified(table)} ALTER COLUMN ${column.name} ${text === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${text}`}`
  return { name: `default_${column.name}`, up: [alter(column.default)], down: [alter(before)] }
}

export function comment(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  if (chance(model, 0.4)) {
    const text = (value) => `COMMENT ON TABLE ${qualified(table)} IS ${value === undefined ? 'NULL' : `'${value}'`}`
    const before = table.comment
    table.comment = fresh(model, 'comment')
    return { name: table.comment, up: [text(table.comment)], down: [text(before)] }
  }
  const column = pick(model, table.columns)
  const down = commentText(table, column)
  column.comment = fresh(model, 'comment')
  return { name: column.comment, up: [commentText(table, column)], down: [down] }
}

export function fillFactor(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.fill === undefined),
  )
  if (table === undefined) return undefined
  table.fill = 50 + Math.floor(model.random() * 40)
  return {
    name: `fill_${table.name}`,
    up: [`ALTER TABLE ${qualified(table)} SET (fillfactor = ${table.fill})`],
    down: [`ALTER TABLE ${qualified(table)} RESET (fillfactor)`],
  }
}

/** The table is forgotten: nothing later is built on it. */
export function createTableAs(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const columns = table.columns.filter((column) => typeof column.type === 'string')
  const name = `public.${fresh(model, 'copy')}`
  return {
    name: name.slice(7),
    up: [`CREATE TABLE ${name} AS SELECT ${columns.map((column) => column.name).join(', ')} FROM ${qualified(table)}`],
    down: [`DROP TABLE ${name}`],
  }
}
