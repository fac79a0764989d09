// Ups without a down, and downs without an up.
import type { Direction, Migration } from '../../model/migration.js'
import type { ToolFacts } from '../../model/tool.js'
import { isUpOnly, versionedOf } from '../../model/migration.js'
import { sameVersion } from '../../model/version.js'
import type { Rule, RuleFinding, RuleInput } from '../rule.js'
import { proofOf } from '../proof/proof-results.js'
import { repairText } from '../proof/repair.js'
import { shellWord } from '../../model/shell-quote.js'
import { problemsOf, startOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'

const WHY =
  'Only a backup leads back from this step. A rollback past it stops, or skips it and leaves the schema between two versions.'
const WHY_ALONE = 'No up has this name, so the rollback of the up it belongs to does not find it.'

export const unpaired: Rule = {
  id: 'unpaired',
  title: 'Every up has a down, and every down has an up',
  level: 'error',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;`,
  good: ADD_PHONE,
  run: (input) => {
    const reported = problemsOf(input, 'unpaired')
    const versioned = versionedOf(input.migrations)
    const halves = versioned.filter(({ up, down }) => up === undefined || down === undefined)
    const open = halves.filter((migration) => !isKnown(input, migration))
    const ups = open.filter((m) => m.up !== undefined && m.down === undefined && m.irreversible === undefined)
    const downs = open.filter((m) => m.down !== undefined && m.up === undefined)
    const near = downs.flatMap((down) => {
      const up =
        ups.find((m) => sameVersion(m.version, down.version)) ?? ups.find((m) => m.name === down.name && m.name !== '')
      return up === undefined ? [] : [{ up, down }]
    })
    const alone = ups.filter((m) => !near.some(({ up }) => up === m))
    const asOne = isUpOnly(versioned) ? habit(input, alone) : []
    return [
      ...reported,
      ...near.map(({ up, down }) => nearMiss(input, up, down)),
      ...(asOne.length === 0 ? [] : [withoutAnyDown(asOne, alone.length)]),
      ...alone.filter((m) => !asOne.includes(m)).map((m) => withoutDown(input, m)),
      ...downs.filter((m) => !near.some(({ down }) => down === m)).map((m) => withoutUp(input, m)),
      ...input.migrations.flatMap((m) => moduleWithoutDown(input, m)),
    ]
  },
}

/** The migrations that make one finding together. What a change adds to a folder without downs gets its own finding. */
function habit({ change }: RuleInput, alone: readonly Migration[]): readonly Migration[] {
  if (change === undefined) return alone
  const fresh = new Set([...change.added, ...[...change.edited, ...change.renamed].map(({ now }) => now)])
  const old = alone.filter((migration) => !fresh.has(migration))
  return old.length === 0 ? alone : old
}

const withoutAnyDown = (migrations: readonly Migration[], all: number): RuleFinding => {
  const up = migrations[0]?.up
  return {
    migration: undefined,
    place: up && startOf(up),
    message: `none of the ${all} migrations has a down`,
    why: WHY,
    fix: 'Write downs from now on, newest first. For migrations that stay without one: irreversible in migration-gate.yml, or checks: unpaired: off.',
  }
}

/** Only a run of a module shows what it exports. */
function moduleWithoutDown(input: RuleInput, { id, module }: Migration): readonly RuleFinding[] {
  if (module === undefined || proofOf(input, id)?.down !== 'missing') return []
  const place = { file: module.file, line: 1, column: 1 }
  const fix = `Export one that rolls back what up adds: export async function down({ query }) { ... }`
  return [{ migration: id, place, message: `${id} exports no down`, why: WHY, fix }]
}

/** The layout already reports it, or the other half exists and cannot be read. */
const isKnown = (input: RuleInput, migration: Migration): boolean =>
  migration.code !== undefined ||
  input.problems.some(
    ({ rule, migration: id }) => id === migration.id && ['unpaired', 'unparsable', 'file-name'].includes(rule),
  ) ||
  input.files.some((file) => file.unreadable !== undefined && isOf(file.name, migration.version))

/** Whether the first number of a file's name is this version. */
const isOf = (name: string, version: string): boolean =>
  name.replace(/^\D+/, '').startsWith(version) && !/^\d/.test(name.replace(/^\D+/, '').slice(version.length))

function nearMiss({ tool }: RuleInput, up: Migration, down: Migration): RuleFinding {
  const upFile = up.up?.file ?? ''
  const downFile = down.down?.file ?? ''
  const same = sameVersion(up.version, down.version) ? 'version and another name' : 'name and another version'
  return {
    migration: up.id,
    place: down.down && { file: downFile, line: 1, column: 1 },
    message: `${base(downFile)} and ${base(upFile)} do not pair: same ${same}`,
    why: WHY,
    fix: `git mv ${shellWord(downFile)} ${shellWord(fileFor(tool, upFile, 'down'))}`,
  }
}

function withoutDown(input: RuleInput, migration: Migration): RuleFinding {
  const up = migration.up
  const file = up?.file ?? ''
  const repair = repairText(proofOf(input, migration.id) ?? {})
  const fix = downFix(input.tool, file)
  return {
    migration: migration.id,
    place: up && startOf(up),
    message: `${migration.id} has no down`,
    why: WHY,
    fix: repair === undefined ? fix : `${fix}\n${repair}`,
  }
}

/** Where to write the down. */
function downFix(tool: ToolFacts, up: string): string {
  const declared = '-- migration-gate: irreversible because ...'
  return tool.directions.in === 'one file'
    ? `Add a section to the file:\n${tool.directions.downMarker}\nor give the reason why there is none: ${declared}`
    : `Write ${fileFor(tool, up, 'down')}, or say in the up: ${declared}`
}

const withoutUp = ({ tool }: RuleInput, migration: Migration): RuleFinding => {
  const file = migration.down?.file ?? ''
  return {
    migration: migration.id,
    place: migration.down && startOf(migration.down),
    message: `${migration.id} has no up`,
    why: WHY_ALONE,
    fix: `Write ${fileFor(tool, file, 'up')}, or delete ${base(file)}.`,
  }
}

/** The path of the other half, or words for it. */
const fileFor = ({ directions }: ToolFacts, path: string, to: Direction): string =>
  (directions.in === 'two files' ? directions.otherFile(path, to) : undefined) ?? `the ${to} file`

const base = (path: string): string => path.split('/').at(-1) ?? path
