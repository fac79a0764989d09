// Random chains of migrations with correct downs: the same seed always gives the same chain, and every script is valid SQL.
import * as constraints from './chain/constraints.mjs'
import * as logic from './chain/logic.mjs'
import { chance, newModel, pick, seeded } from './chain/model.mjs'
import * as others from './chain/others.mjs'
import * as tables from './chain/tables.mjs'

/** How often each kind of step comes, relative to the others. */
const BENCH = [
  [tables.createTable, 16],
  [tables.addColumn, 20],
  [tables.dropColumn, 2],
  [tables.alterType, 3],
  [tables.setNotNull, 3],
  [tables.dropNotNull, 2],
  [tables.changeDefault, 4],
  [tables.comment, 2],
  [constraints.addIndex, 14],
  [constraints.dropIndex, 2],
  [constraints.addForeignKey, 8],
  [constraints.addCheck, 7],
  [constraints.dropCheck, 1],
  [others.createEnum, 4],
  [others.addEnumLabelOfUnused, 1],
  [logic.addTrigger, 5],
  [logic.createView, 5],
  [logic.createViewOnView, 1],
  [logic.replaceView, 1],
  [logic.createFunction, 6],
  [logic.replaceFunction, 3],
]

const EVERY = [
  ...BENCH,
  [tables.dropTable, 2],
  [tables.moveTable, 2],
  [tables.fillFactor, 2],
  [tables.createTableAs, 2],
  [constraints.addIndexConcurrently, 2],
  [constraints.dropForeignKey, 2],
  [others.renameEnumLabel, 2],
  [others.createDomain, 2],
  [others.domainConstraint, 2],
  [others.createSequence, 3],
  [others.alterSequence, 2],
  [others.ownSequence, 1],
  [others.createSchema, 3],
  [others.createExtension, 1],
  [others.createParted, 2],
  [others.addPartition, 4],
  [others.detachPartition, 1],
  [others.grantTable, 4],
  [others.grantInBlock, 2],
  [others.revokeFunction, 1],
  [others.createLookup, 2],
  [others.insertRows, 4],
  [others.updateRows, 2],
  [others.doBlock, 2],
  [logic.dropFunction, 2],
  [logic.dropTrigger, 2],
  [logic.replaceTriggerFunction, 2],
  [logic.createMaterializedView, 2],
  [logic.dropView, 3],
  [logic.addPolicy, 4],
]

const MIXES = { bench: { steps: BENCH, own: 0 }, all: { steps: EVERY, own: 0.04 } }

const COLUMN_RENAMES = [[tables.renameColumn, 1]]
const RENAMES = [
  [tables.renameColumn, 4],
  [tables.renameTable, 2],
  [constraints.renameIndex, 1],
  [constraints.renameConstraint, 1],
  [others.renameEnum, 1],
  [logic.renameView, 1],
]

function weighted(model, steps) {
  let at = model.random() * steps.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [step, weight] of steps) {
    at -= weight
    if (at < 0) return step
  }
  return steps[0][0]
}

/** One step that fits the schema as it is; a new table when nothing else was found. */
function nextStep(model, steps) {
  for (let tries = 0; tries < 8; tries++) {
    const step = weighted(model, steps)(model)
    if (step !== undefined) return step
  }
  return tables.createTable(model)
}

const script = (statements) => statements.map((statement) => `${statement};\n`).join('')
const ownTransaction = (text) => `BEGIN;\n${text}COMMIT;\n`

/** Ways to break a down, each one valid SQL up to the place where it is wrong. */
const BREAKS = [
  (down, version) => ({
    broken: 'left behind',
    down: [...down, `CREATE TABLE IF NOT EXISTS public.left_${version} (id integer)`],
  }),
  (down, version) => ({ broken: 'fails', down: [...down, `DROP TABLE public.never_${version}`] }),
  (down) => (down.length < 2 ? undefined : { broken: 'left behind', down: down.slice(0, -1) }),
  () => ({ broken: 'empty', down: [] }),
]

function breakDown(model, down, version) {
  for (;;) {
    const broken = pick(model, BREAKS)(down, version)
    if (broken !== undefined) return broken
  }
}

function migration(model, options, at) {
  const version = String(at + 1).padStart(5, '0')
  const mix = MIXES[options.mix]
  const renames = options.mix === 'bench' ? COLUMN_RENAMES : RENAMES
  const first = nextStep(model, chance(model, options.renames) ? renames : mix.steps)
  const steps = [first]
  const single = (step) => step.transaction !== undefined || step.alone === true || step.down === undefined
  for (let more = chance(model, 0.35) ? 1 + Math.floor(model.random() * 2) : 0; more > 0 && !single(first); more--) {
    const step = nextStep(
      model,
      mix.steps.filter(([make]) => !ALONE.has(make)),
    )
    steps.push(step)
  }
  const up = steps.flatMap((step) => step.up)
  const down = first.down && steps.toReversed().flatMap((step) => step.down)
  const broken = down !== undefined && chance(model, options.broken) ? breakDown(model, down, version) : { down }
  const own = first.transaction === undefined && chance(model, mix.own)
  const wrap = own ? ownTransaction : (text) => text
  return {
    version,
    name: first.name,
    up: wrap(script(up)),
    down: broken.down && (broken.down.length === 0 ? '' : wrap(script(broken.down))),
    transaction: first.transaction ?? (own ? 'own' : 'wrapped'),
    irreversible: first.irreversible,
    broken: broken.broken,
  }
}

/** Steps that must be the only one of their migration. */
const ALONE = new Set([constraints.addIndexConcurrently, others.addEnumLabelOfUnused, others.addEnumLabel])

/** See chains.d.mts. */
export function makeChain({
  seed,
  length,
  mix = 'all',
  renames = mix === 'all' ? 0.1 : 0,
  broken = 0,
  irreversible = 0,
}) {
  const model = newModel(seeded(seed))
  const options = { mix, renames, broken }
  return Array.from({ length }, (_, at) => {
    if (chance(model, irreversible) && model.enums.length > 0) {
      const step = others.addEnumLabel(model)
      return {
        version: String(at + 1).padStart(5, '0'),
        name: step.name,
        up: `-- migration-gate: irreversible because ${step.irreversible}\n${script(step.up)}`,
        down: undefined,
        transaction: 'wrapped',
        irreversible: step.irreversible,
        broken: undefined,
      }
    }
    return migration(model, options, at)
  })
}
