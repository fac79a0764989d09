// Random steps on types, sequences, schemas, extensions, partitions, grants and rows.
import { chance, fresh, functionText, pick, qualified, remove, signature, typeText } from './model.mjs'

const labelsText = (labels) => labels.map((label) => `'${label}'`).join(', ')

export function createEnum(model) {
  const type = {
    schema: 'public',
    name: fresh(model, 'kind'),
    labels: ['new', 'open', 'done'],
    columns: new Set(),
    routines: new Set(),
  }
  model.enums.push(type)
  return {
    name: `create_${type.name}`,
    up: [`CREATE TYPE ${qualified(type)} AS ENUM (${labelsText(type.labels)})`],
    down: [`DROP TYPE ${qualified(type)}`],
  }
}

/** PostgreSQL cannot take a label away; this step says so. */
export function addEnumLabel(model) {
  const type = pick(model, model.enums)
  if (type === undefined) return undefined
  const label = fresh(model, 'label')
  type.labels.push(label)
  return {
    name: `add_${label}`,
    up: [`ALTER TYPE ${qualified(type)} ADD VALUE '${label}'`],
    down: undefined,
    irreversible: 'an enum label cannot be removed',
  }
}

/** The other way: the down makes the type anew. Only where no column or function has it. */
export function addEnumLabelOfUnused(model) {
  const type = pick(
    model,
    model.enums.filter((each) => each.columns.size === 0 && each.routines.size === 0),
  )
  if (type === undefined) return undefined
  const label = fresh(model, 'label')
  const before = [...type.labels]
  type.labels.push(label)
  return {
    name: `add_${label}`,
    up: [`ALTER TYPE ${qualified(type)} ADD VALUE '${label}'`],
    down: [`DROP TYPE ${qualified(type)}`, `CREATE TYPE ${qualified(type)} AS ENUM (${labelsText(before)})`],
    alone: true,
  }
}

export function renameEnumLabel(model) {
  const type = pick(model, model.enums)
  if (type === undefined) return undefined
  const at = Math.floor(model.random() * type.labels.length)
  const before = type.labels[at]
  type.labels[at] = fresh(model, 'label')
  const rename = (from, to) => `ALTER TYPE ${qualified(type)} RENAME VALUE '${from}' TO '${to}'`
  return { name: `rename_${before}`, up: [rename(before, type.labels[at])], down: [rename(type.labels[at], before)] }
}

export function renameEnum(model) {
  const type = pick(model, model.enums)
  if (type === undefined) return undefined
  const before = type.name
  type.name = fresh(model, 'kind')
  const rename = (from, to) => `ALTER TYPE public.${from} RENAME TO ${to}`
  return { name: `rename_${before}`, up: [rename(before, type.name)], down: [rename(type.name, before)] }
}

export function createDomain(model) {
  const type = { schema: 'public', name: fresh(model, 'dom'), columns: new Set() }
  model.domains.push(type)
  return {
    name: `create_${type.name}`,
    up: [`CREATE DOMAIN ${qualified(type)} AS text CONSTRAINT ${type.name}_filled CHECK (VALUE <> '')`],
    down: [`DROP DOMAIN ${qualified(type)}`],
  }
}

export function domainConstraint(model) {
  const type = pick(model, model.domains)
  if (type === undefined) return undefined
  const name = fresh(model, 'domchk')
  return {
    name: `add_${name}`,
    up: [`ALTER DOMAIN ${qualified(type)} ADD CONSTRAINT ${name} CHECK (length(VALUE) < 100)`],
    down: [`ALTER DOMAIN ${qualified(type)} DROP CONSTRAINT ${name}`],
  }
}

export function createSequence(model) {
  const sequence = { schema: 'public', name: fresh(model, 'seq'), step: 1 }
  model.sequences.push(sequence)
  return {
    name: `create_${sequence.name}`,
    up: [`CREATE SEQUENCE ${qualified(sequence)}`],
    down: [`DROP SEQUENCE ${qualified(sequence)}`],
  }
}

export function alterSequence(model) {
  const sequence = pick(model, model.sequences)
  if (sequence === undefined) return undefined
  const before = sequence.step
  sequence.step = before + 1 + Math.floor(model.random() * 9)
  const alter = (step) => `ALTER SEQUENCE ${qualified(sequence)} INCREMENT BY ${step}`
  return { name: `step_${sequence.name}`, up: [alter(sequence.step)], down: [alter(before)] }
}

export function ownSequence(model) {
  const sequence = pick(model, model.sequences)
  const table = pick(
    model,
    model.tables.filter((each) => each.schema === 'public'),
  )
  if (sequence === undefined || table === undefined) return undefined
  remove(model.sequences, sequence)
  const column = pick(model, table.columns)
  column.uses.add('sequence')
  table.referrers.add(sequence)
  return {
    name: `own_${sequence.name}`,
    up: [`ALTER SEQUENCE ${qualified(sequence)} OWNED BY ${qualified(table)}.${column.name}`],
    down: [`ALTER SEQUENCE ${qualified(sequence)} OWNED BY NONE`],
  }
}

export function createSchema(model) {
  const name = fresh(model, 'area')
  model.schemas.push(name)
  return { name: `create_${name}`, up: [`CREATE SCHEMA ${name}`], down: [`DROP SCHEMA ${name}`] }
}

export function createExtension(model) {
  const name = pick(
    model,
    ['citext', 'hstore', 'pg_trgm'].filter((each) => !model.extensions.includes(each)),
  )
  if (name === undefined) return undefined
  model.extensions.push(name)
  return { name: `extension_${name}`, up: [`CREATE EXTENSION ${name}`], down: [`DROP EXTENSION ${name}`] }
}

export function createParted(model) {
  const name = fresh(model, 'part')
  const table = { schema: 'public', name, next: 0, parts: [] }
  model.parted.push(table)
  return {
    name: `create_${name}`,
    up: [
      `CREATE TABLE ${qualified(table)} (id bigint, at date, label text) PARTITION BY RANGE (id)`,
      `CREATE INDEX ON ${qualified(table)} (at)`,
    ],
    down: [`DROP TABLE ${qualified(table)}`],
  }
}

const bounds = (part) => `FOR VALUES FROM (${part.at * 100}) TO (${part.at * 100 + 100})`

export function addPartition(model) {
  const table = pick(model, model.parted)
  if (table === undefined) return undefined
  const part = { schema: 'public', name: `${table.name}_p${table.next}`, at: table.next }
  table.next++
  table.parts.push(part)
  return {
    name: `add_${part.name}`,
    up: [`CREATE TABLE ${qualified(part)} PARTITION OF ${qualified(table)} ${bounds(part)}`],
    down: [`DROP TABLE ${qualified(part)}`],
  }
}

export function detachPartition(model) {
  const table = pick(
    model,
    model.parted.filter((each) => each.parts.length > 0),
  )
  if (table === undefined) return undefined
  const part = pick(model, table.parts)
  remove(table.parts, part)
  return {
    name: `detach_${part.name}`,
    up: [`ALTER TABLE ${qualified(table)} DETACH PARTITION ${qualified(part)}`],
    down: [`ALTER TABLE ${qualified(table)} ATTACH PARTITION ${qualified(part)} ${bounds(part)}`],
  }
}

export function grantTable(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  table.granted = !table.granted
  const grant = `GRANT SELECT ON ${qualified(table)} TO PUBLIC`
  const revoke = `REVOKE SELECT ON ${qualified(table)} FROM PUBLIC`
  const [up, down] = table.granted ? [grant, revoke] : [revoke, grant]
  return { name: `rights_${table.name}`, up: [up], down: [down] }
}

/** The same through the back door: nothing in the text of the file names the object as such. */
export function grantInBlock(model) {
  const step = grantTable(model)
  const block = (text) => `DO $do$ BEGIN EXECUTE '${text}'; END $do$`
  return step && { ...step, up: step.up.map(block), down: step.down.map(block) }
}

/** The function goes with its right in the same step, as a copy: the model's own functions stay as they are. */
export function revokeFunction(model) {
  const name = fresh(model, 'fn')
  const routine = { schema: 'public', name, args: [], word: name, volatility: 'STABLE' }
  return {
    name: `private_${name}`,
    up: [functionText(routine), `REVOKE EXECUTE ON FUNCTION ${signature(routine)} FROM PUBLIC`],
    down: [`DROP FUNCTION ${signature(routine)}`],
  }
}

export function createLookup(model) {
  const table = { schema: 'public', name: fresh(model, 'lookup'), codes: [] }
  model.lookups.push(table)
  return {
    name: `create_${table.name}`,
    up: [`CREATE TABLE ${qualified(table)} (code text CONSTRAINT ${table.name}_pk PRIMARY KEY, label text)`],
    down: [`DROP TABLE ${qualified(table)}`],
  }
}

export function insertRows(model) {
  const table = pick(model, model.lookups)
  if (table === undefined) return undefined
  const codes = [fresh(model, 'code'), fresh(model, 'code')]
  table.codes.push(...codes)
  return {
    name: `rows_${codes[0]}`,
    up: [
      `INSERT INTO ${qualified(table)} (code, label) VALUES ${codes.map((code) => `('${code}', 'first')`).join(', ')}`,
    ],
    down: [`DELETE FROM ${qualified(table)} WHERE code IN (${labelsText(codes)})`],
  }
}

export function updateRows(model) {
  const table = pick(
    model,
    model.lookups.filter((each) => each.codes.length > 0),
  )
  if (table === undefined) return undefined
  const code = table.codes.shift()
  const update = (label) => `UPDATE ${qualified(table)} SET label = '${label}' WHERE code = '${code}'`
  return { name: `label_${code}`, up: [update('second')], down: [update('first')] }
}

export function doBlock(model) {
  const name = fresh(model, 'made')
  return {
    name: `create_${name}`,
    up: [
      `DO $do$\nBEGIN\n  IF to_regclass('public.${name}') IS NULL THEN\n    CREATE TABLE public.${name} (id integer, label ${typeText(chance(model, 0.5) ? 'text' : 'varchar(40)')});\n  END IF;\nEND\n$do$`,
    ],
    down: [`DROP TABLE IF EXISTS public.${name}`],
  }
}
