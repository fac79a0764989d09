// Random steps on views, functions, triggers and policies.
import {
  chance,
  fresh,
  functionText,
  pick,
  policyText,
  qualified,
  remove,
  signature,
  triggerFunctionText,
  triggerText,
  viewText,
} from './model.mjs'

const PURE = ['IMMUTABLE', 'STABLE', 'VOLATILE']

export function createFunction(model) {
  const args = ['integer', 'text', 'bigint'].slice(0, Math.floor(model.random() * 3))
  const own = chance(model, 0.2) ? pick(model, model.enums) : undefined
  if (own !== undefined) args.push(own)
  const name = fresh(model, 'fn')
  const routine = { schema: 'public', name, args, word: name, volatility: pick(model, PURE) }
  own?.routines.add(routine)
  model.functions.push(routine)
  return { name: `create_${name}`, up: [functionText(routine)], down: [`DROP FUNCTION ${signature(routine)}`] }
}

export function replaceFunction(model) {
  const routine = pick(model, model.functions)
  if (routine === undefined) return undefined
  const down = functionText(routine, 'OR REPLACE ')
  routine.word = fresh(model, 'text')
  routine.volatility = pick(model, PURE)
  return { name: `replace_${routine.name}`, up: [functionText(routine, 'OR REPLACE ')], down: [down] }
}

export function dropFunction(model) {
  const routine = pick(model, model.functions)
  if (routine === undefined) return undefined
  remove(model.functions, routine)
  for (const arg of routine.args) if (typeof arg !== 'string') arg.routines.delete(routine)
  return { name: `drop_${routine.name}`, up: [`DROP FUNCTION ${signature(routine)}`], down: [functionText(routine)] }
}

export function addTrigger(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const existing = chance(model, 0.6) ? pick(model, model.triggerFunctions) : undefined
  const name = fresh(model, 'tfn')
  const routine = existing ?? { schema: 'public', name, word: name, uses: new Set() }
  if (existing === undefined) model.triggerFunctions.push(routine)
  const trigger = {
    name: fresh(model, 'trg'),
    event: pick(model, ['INSERT', 'UPDATE', 'INSERT OR UPDATE']),
    function: routine,
  }
  table.triggers.push(trigger)
  routine.uses.add(trigger)
  const drop = `DROP TRIGGER ${trigger.name} ON ${qualified(table)}`
  return existing === undefined
    ? {
        name: `add_${trigger.name}`,
        up: [triggerFunctionText(routine), triggerText(table, trigger)],
        down: [drop, `DROP FUNCTION ${qualified(routine)}()`],
      }
    : { name: `add_${trigger.name}`, up: [triggerText(table, trigger)], down: [drop] }
}

export function dropTrigger(model) {
  const table = pick(
    model,
    model.tables.filter((each) => each.triggers.length > 0),
  )
  if (table === undefined) return undefined
  const trigger = pick(model, table.triggers)
  remove(table.triggers, trigger)
  trigger.function.uses.delete(trigger)
  return {
    name: `drop_${trigger.name}`,
    up: [`DROP TRIGGER ${trigger.name} ON ${qualified(table)}`],
    down: [triggerText(table, trigger)],
  }
}

export function replaceTriggerFunction(model) {
  const routine = pick(model, model.triggerFunctions)
  if (routine === undefined) return undefined
  const down = triggerFunctionText(routine, 'OR REPLACE ')
  routine.word = fresh(model, 'text')
  return { name: `replace_${routine.name}`, up: [triggerFunctionText(routine, 'OR REPLACE ')], down: [down] }
}

const kindOf = (view) => (view.materialized ? 'MATERIALIZED VIEW' : 'VIEW')

function newView(model, from, materialized) {
  const sources = from.columns.filter((_, at) => at === 0 || chance(model, 0.5))
  const view = {
    schema: 'public',
    name: fresh(model, materialized ? 'mview' : 'view'),
    materialized,
    from,
    columns: sources.map((source) => ({ name: source.name, source, uses: new Set() })),
    where: chance(model, 0.4) ? pick(model, from.columns) : undefined,
  }
  for (const source of [...sources, ...(view.where ? [view.where] : [])]) source.uses.add(view)
  model.views.push(view)
  return { name: `create_${view.name}`, up: [viewText(view)], down: [`DROP ${kindOf(view)} ${qualified(view)}`] }
}

export function createView(model) {
  const table = pick(model, model.tables)
  return table && newView(model, table, false)
}

export function createMaterializedView(model) {
  const table = pick(model, model.tables)
  return table && newView(model, table, true)
}

export function createViewOnView(model) {
  const view = pick(
    model,
    model.views.filter((each) => !each.materialized),
  )
  return view && newView(model, view, false)
}

const unused = (view) => view.columns.every((column) => column.uses.size === 0)

export function replaceView(model) {
  const view = pick(
    model,
    model.views.filter((each) => !each.materialized && each.where === undefined),
  )
  if (view === undefined) return undefined
  const down = viewText(view, 'OR REPLACE ')
  view.where = pick(model, view.from.columns)
  view.where.uses.add(view)
  return { name: `replace_${view.name}`, up: [viewText(view, 'OR REPLACE ')], down: [down] }
}

export function dropView(model) {
  const view = pick(model, model.views.filter(unused))
  if (view === undefined) return undefined
  remove(model.views, view)
  for (const column of view.from.columns) column.uses.delete(view)
  return { name: `drop_${view.name}`, up: [`DROP ${kindOf(view)} ${qualified(view)}`], down: [viewText(view)] }
}

export function renameView(model) {
  const view = pick(model, model.views)
  if (view === undefined) return undefined
  const before = view.name
  view.name = fresh(model, 'view')
  return {
    name: `rename_${before}`,
    up: [`ALTER ${kindOf(view)} public.${before} RENAME TO ${view.name}`],
    down: [`ALTER ${kindOf(view)} public.${view.name} RENAME TO ${before}`],
  }
}

export function addPolicy(model) {
  const table = pick(model, model.tables)
  if (table === undefined) return undefined
  const policy = {
    name: fresh(model, 'policy'),
    command: pick(model, ['ALL', 'SELECT', 'UPDATE', 'DELETE']),
    column: pick(model, table.columns),
  }
  table.policies.push(policy)
  policy.column.uses.add('inside')
  const security = (word) => `ALTER TABLE ${qualified(table)} ${word} ROW LEVEL SECURITY`
  const first = !table.security
  table.security = true
  return {
    name: `add_${policy.name}`,
    up: [policyText(table, policy), ...(first ? [security('ENABLE')] : [])],
    down: [...(first ? [security('DISABLE')] : []), `DROP POLICY ${policy.name} ON ${qualified(table)}`],
  }
}
