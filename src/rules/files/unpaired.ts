// Ups without a down, and downs without an up.
import type { Problem } from '../../model/finding.js'
import { filesOf, isUpOnly, versionedOf, type Direction, type Migration } from '../../model/migration.js'
import type { ToolFacts } from '../../model/tool.js'
import { restoreAllCommand, restoreCommand } from '../change/merged.js'
import { movedIn } from '../change/moved-files.js'
import { foldMany } from '../fold.js'
import { moveLines, newNumberOf } from '../numbers.js'
import type { Rule, RuleFinding, RuleInput, Same } from '../rule.js'
import { proofOf } from '../proof/proof-results.js'
import { repairText } from '../proof/repair.js'
import { startOf } from '../read-input.js'
import { ADD_PHONE } from '../samples.js'
import { nearHalves, newPathOf, openHalves, type NearHalf } from './near-half.js'

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
    const versioned = versionedOf(input.migrations)
    const open = openHalves(input).filter((migration) => !isKnown(input, migration))
    const moved = new Set(movedIn(input).map(({ from }) => from))
    const near = nearHalves(
      input,
      open.filter(
        (one) => !(['up', 'down'] as const).some((direction) => moved.has(lostHalf(input, one, direction) ?? '')),
      ),
    )
    const isAlone = (migration: Migration): boolean =>
      !hasBadHalf(input, migration) &&
      !near.some(({ migration: half, file }) => half === migration || filesOf(migration).includes(file))
    const ups = open.filter((one) => one.up !== undefined && one.irreversible === undefined && isAlone(one))
    const downs = open.filter((one) => one.up === undefined && isAlone(one))
    const lost = ups.filter((one) => lostHalf(input, one, 'down') !== undefined)
    const asOne = isUpOnly(versioned) ? habit(input, ups) : []
    const alone = ups.filter((one) => !asOne.includes(one))
    return [
      ...input.problems.filter(({ rule }) => rule === 'unpaired').map((problem) => asReported(input, problem)),
      ...near.map((half) => nearMiss(input, half)),
      ...(asOne.length === 0 ? [] : [withoutAnyDown(asOne, ups.length)]),
      ...lostDowns(
        input,
        alone.filter((one) => lost.includes(one)),
      ),
      ...alone.filter((one) => !lost.includes(one)).map((one) => withoutDown(input, one)),
      ...downs.map((one) => withoutUp(input, one)),
      ...input.migrations.flatMap((one) => moduleWithoutDown(input, one)),
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
  input.problems.some(({ rule, migration: id }) => id === migration.id && ['unpaired', 'unparsable'].includes(rule)) ||
  input.files.some((file) => file.unreadable !== undefined && isOf(file.name, migration.version))

/** Its other half is there under a name that the tool leaves out. */
const hasBadHalf = (input: RuleInput, { id }: Migration): boolean =>
  input.problems.some(({ rule, migration }) => rule === 'file-name' && migration === id)

/** Whether the first number of a file's name is this version. */
const isOf = (name: string, version: string): boolean =>
  name.replace(/^\D+/, '').startsWith(version) && !/^\d/.test(name.replace(/^\D+/, '').slice(version.length))

function nearMiss(input: RuleInput, { migration, missing, file, move, how }: NearHalf): RuleFinding {
  const own = migration.up?.file ?? migration.down?.file ?? ''
  const differs = { version: 'same name and another version', name: 'same version and another name' }
  return {
    migration: migration.id,
    place: { file, line: 1, column: 1 },
    message:
      how === 'word'
        ? `${base(file)} is not read as the ${missing} of ${migration.id}`
        : `${base(file)} and ${base(own)} do not pair: ${differs[how]}`,
    why: missing === 'up' ? WHY_ALONE : WHY,
    fix:
      move === undefined
        ? `Rename ${base(file)}: it should be the ${missing} of ${base(own)}.`
        : moveLines([move]).join('\n'),
    same: [{ file }, ...goneAs(input, migration, missing, own)],
  }
}

/** A half that the change takes away is an edit of the migration; `file` is what is left of it. */
const goneAs = (input: RuleInput, migration: Migration, half: Direction, file: string): readonly Same[] =>
  lostHalf(input, migration, half) === undefined
    ? []
    : [{ file, by: [half === 'up' ? 'merged-edited' : 'merged-down-edited'] }]

/** A migration with both halves, whose names differ; other problems as they are. */
function asReported(input: RuleInput, problem: Problem): RuleFinding {
  const { migration: id, place, message, why, fix } = problem
  const both = input.migrations.find((one) => one.id === id && one.up !== undefined && one.down !== undefined)
  if (both?.up === undefined || both.down === undefined || input.tool.directions.in === 'one file') {
    return { migration: id, place, message, why, fix }
  }
  const { otherFile } = input.tool.directions
  const [up, down] = [both.up.file, both.down.file]
  const asUp = { from: down, to: otherFile(up, 'down') }
  const asDown = { from: up, to: otherFile(down, 'up') }
  const isMerged = (file: string): boolean => input.change?.baseTexts.has(file) === true
  const misnamed = new Set(input.tool.naming.judge(input).map(({ file }) => file))
  const prefersDown = isMerged(down) === isMerged(up) ? misnamed.has(up) && !misnamed.has(down) : isMerged(down)
  const move = [prefersDown ? asDown : asUp, asUp, asDown].find(({ to }) => to !== undefined)
  const isMoving = newNumberOf(input, both) !== undefined
  const rename = move?.to === undefined || isMoving ? [] : moveLines([{ from: move.from, to: move.to }])
  return {
    migration: id,
    place: move === undefined ? place : { file: move.from, line: 1, column: 1 },
    message,
    why,
    fix:
      rename.length === 0
        ? fix
        : [...rename, 'If they do not belong together, give one of them another version.'].join('\n'),
    same: [
      { file: up, by: NAMES },
      { file: down, by: NAMES },
    ],
  }
}

const NAMES = ['file-name', 'file-name-words']

/** The file of the base branch that a migration has no more. */
function lostHalf({ change }: RuleInput, { id }: Migration, direction: Direction): string | undefined {
  const file = change?.base.find((one) => one.id === id)?.[direction]?.file
  return file !== undefined && change?.edited.some(({ now }) => now.id === id) === true ? file : undefined
}

/** Downs that a change deletes. */
function lostDowns(input: RuleInput, migrations: readonly Migration[]): readonly RuleFinding[] {
  const { change, folder } = input
  if (change === undefined) return []
  const lost = migrations.flatMap((one) => lostHalf(input, one, 'down') ?? [])
  const what = `migrations have lost their downs (those of ${change.branch})`
  return foldMany(
    input,
    migrations.map((one) => withoutDown(input, one)),
    { rule: 'unpaired', what, fix: `Restore them: ${restoreAllCommand(change, folder, lost)}` },
  )
}

function withoutDown(input: RuleInput, migration: Migration): RuleFinding {
  const up = migration.up
  const file = up?.file ?? ''
  const repair = repairText(proofOf(input, migration.id) ?? {})
  const fix = restoreFix(input, migration, 'down') ?? downFix(input.tool, newPathOf(input, migration, file))
  return {
    migration: migration.id,
    place: up && startOf(up),
    message: `${migration.id} has no down`,
    why: WHY,
    fix: repair === undefined ? fix : `${fix}\n${repair}`,
    same: goneAs(input, migration, 'down', file),
  }
}

/** The command that restores a half of the base branch. A file that holds both may have lost it by an edit. */
function restoreFix(input: RuleInput, migration: Migration, direction: Direction): string | undefined {
  const lost = lostHalf(input, migration, direction)
  if (input.change === undefined || lost === undefined || filesOf(migration).includes(lost)) return undefined
  return `Restore it: ${restoreCommand(input.change, [lost])}`
}

/** Where to write the down. */
function downFix(tool: ToolFacts, up: string): string {
  const declared = '-- migration-gate: irreversible because ...'
  return tool.directions.in === 'one file'
    ? `Add a section to the file:\n${tool.directions.downMarker}\nor give the reason why there is none: ${declared}`
    : `Write ${fileFor(tool, up, 'down')}, or say in the up: ${declared}`
}

const withoutUp = (input: RuleInput, migration: Migration): RuleFinding => {
  const file = migration.down?.file ?? ''
  const write = `Write ${fileFor(input.tool, newPathOf(input, migration, file), 'up')}, or delete ${base(file)}.`
  return {
    migration: migration.id,
    place: migration.down && startOf(migration.down),
    message: `${migration.id} has no up`,
    why: WHY_ALONE,
    fix: restoreFix(input, migration, 'up') ?? write,
    same: [{ file }],
  }
}

/** The path of the other half, or words for it. */
const fileFor = ({ directions }: ToolFacts, path: string, to: Direction): string =>
  (directions.in === 'two files' ? directions.otherFile(path, to) : undefined) ?? `the ${to} file`

const base = (path: string): string => path.split('/').at(-1) ?? path
