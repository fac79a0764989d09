// A migration that others have applied has another name or version.
import { numberOf, sameNumber } from '../../model/change.js'
import { filesOf, type Migration } from '../../model/migration.js'
import { shellWord } from '../../model/shell-quote.js'
import type { Move } from '../../model/tool.js'
import { firstLines, foldMany } from '../fold.js'
import { moveLines, newNumberOf } from '../numbers.js'
import { sameFiles } from '../one-offence.js'
import type { ChangeInput, Rule, RuleFinding, RuleInput } from '../rule.js'
import { isLoneDown } from '../read-input.js'
import { runOnChange, firstPlace, restoreCommand } from './merged.js'
import { movedIn } from './moved-files.js'
import { repairedIn } from './repaired.js'
import { DELETED_PHONE } from '../samples.js'

const WHY =
  'Tools know a migration by its version, some by its whole name. Databases that have applied it would run it a second time, or report that an applied migration is missing.'

export const mergedRenamed: Rule = {
  id: 'merged-renamed',
  title: 'A merged migration keeps its name',
  level: 'error',
  why: WHY,
  bad: `${DELETED_PHONE}
-- 00003_add_phone.up.sql
ALTER TABLE users ADD COLUMN phone text;
-- 00003_add_phone.down.sql
ALTER TABLE users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.up.sql, as merged
ALTER TABLE users ADD COLUMN phone text;
-- 00002_add_phone.down.sql, as merged
ALTER TABLE users DROP COLUMN phone;
-- 00003_add_fax.up.sql
ALTER TABLE users ADD COLUMN fax text;
-- 00003_add_fax.down.sql
ALTER TABLE users DROP COLUMN fax;`,
  run: runOnChange((change, input) => {
    const found = [...renamed(change, input), ...halvesElsewhere(change, input), ...filesElsewhere(change, input)]
    const fix = firstLines(found.flatMap((one) => one.fix.split('\n')))
    const what = `merged migrations (in ${change.branch}) have other names`
    return foldMany(input, found, { rule: 'merged-renamed', what, fix })
  }),
}

/** A name that was broken may be put right. */
function renamed(change: ChangeInput, input: RuleInput): readonly RuleFinding[] {
  const repaired = new Set(repairedIn(input).map(({ edited }) => edited))
  return change.renamed
    .filter((edited) => !repaired.has(edited) && !isLoneDown(input, edited.before))
    .map(({ now, before, up, down }) => {
      const what = sameNumber(now, before) ? 'name' : 'version'
      const more = up === undefined && down === undefined ? '' : ', and its text has changed too'
      return {
        migration: now.id,
        place: firstPlace(now),
        message: `${before.id} is merged (in ${change.branch}), and its ${what} is ${what === 'name' ? now.id : numberOf(now)} now${more}`,
        why: WHY,
        fix: (more === '' ? backTo(before, now, input) : apart(before, now, change, input)).join('\n'),
        same: sameFiles(now),
      }
    })
}

/** The merged one comes back, and what is here becomes a new migration. */
function apart(before: Migration, now: Migration, change: ChangeInput, input: RuleInput): readonly string[] {
  const moves = sameNumber(now, before) ? (newNumberOf(input, now)?.moves ?? []) : []
  return [
    ...(moves.length === 0 ? [] : ['What is here goes into a new migration:', ...moveLines(moves)]),
    `Restore the merged one: ${restoreCommand(change, filesOf(before))}`,
  ]
}

/** What gives a migration its old name again. */
function backTo(before: Migration, now: Migration, { tool }: RuleInput): readonly string[] {
  const pairs = [
    [now.up?.file, before.up?.file],
    [now.down?.file, before.down?.file],
    [now.code, before.code],
  ]
  const moves = pairs.flatMap(([from, to]) => {
    if (from === undefined || to === undefined) return []
    return tool.naming.named === 'folder' ? [{ from: folderOf(from), to: folderOf(to) }] : [{ from, to }]
  })
  return [...new Set(moveLines(moves.filter(({ from, to }) => from !== to)))]
}

/** The up or the down of a migration that is still there has another name. A wrong one may be put right. */
function halvesElsewhere(change: ChangeInput, input: RuleInput): readonly RuleFinding[] {
  const owners = new Map(change.base.flatMap((one) => filesOf(one).map((file) => [file, one] as const)))
  const known = new Map(input.migrations.map((one) => [one.id, one]))
  return movedIn(input).flatMap((move) => {
    const before = owners.get(move.from)
    const now = known.get(before?.id ?? '')
    if (
      before === undefined ||
      now === undefined ||
      isLoneDown(input, before) ||
      wasWrong(move.from, before, change, input)
    )
      return []
    const direction = before.up?.file === move.from ? 'up' : 'down'
    return [
      {
        migration: now.id,
        place: { file: move.to, line: 1, column: 1 },
        message: `${now.id} is merged (in ${change.branch}), and its ${direction} is ${namedFrom(input.folder, move.to)} now`,
        why: WHY,
        fix: moveLines([{ from: move.to, to: move.from }]).join('\n'),
        same: [
          { file: move.to },
          ...sameFiles(now, ...input.migrations.filter((one) => filesOf(one).includes(move.to))),
        ],
      },
    ]
  })
}

/** Whether the base had a finding about the name of a file. */
const wasWrong = (file: string, { id }: Migration, { base, baseProblems }: ChangeInput, { tool }: RuleInput): boolean =>
  baseProblems.some(({ rule, migration }) => rule === 'unpaired' && migration === id) ||
  tool.naming.judge({ migrations: base, files: [] }).some((name) => name.file === file && name.wrong === 'name')

/** The tool does not see the files any more, but they are still there. */
const filesElsewhere = (change: ChangeInput, input: RuleInput): readonly RuleFinding[] =>
  change.deleted.flatMap((gone) => {
    const files = filesOf(gone)
    const moves = files.flatMap((file) => movedIn(input).find(({ from }) => from === file) ?? [])
    const [first] = moves
    if (first === undefined || isLoneDown(input, gone)) return []
    return [
      {
        migration: gone.id,
        place: { file: first.to, line: 1, column: 1 },
        message: `${gone.id} is merged (in ${change.branch}), and its file is ${namedFrom(input.folder, first.to)} now`,
        why: WHY,
        fix: putBack(moves, files, change, input).join('\n'),
        same: moves.flatMap(({ to }) => [to, ...foldersAbove(to)].map((file) => ({ file }))),
      },
    ]
  })

/** A folder that is gone comes back as a whole: files cannot be moved into it. */
function putBack(
  moves: readonly Move[],
  files: readonly string[],
  change: ChangeInput,
  { tool }: RuleInput,
): readonly string[] {
  const folders = moves.map(({ from, to }) => ({ from: folderOf(to), to: folderOf(from) }))
  const [first] = folders
  const lost = files.filter((file) => !moves.some(({ from }) => from === file))
  const restored = lost.length === 0 ? [] : [restoreCommand(change, lost)]
  if (tool.naming.named !== 'folder')
    return [...moveLines(moves.map(({ from, to }) => ({ from: to, to: from }))), ...restored]
  const isWhole = first !== undefined && folders.every(({ from, to }) => from === first.from && to === first.to)
  if (isWhole) return [...moveLines([first]), ...restored]
  return [restoreCommand(change, files), `git rm ${moves.map(({ to }) => shellWord(to)).join(' ')}`]
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))
/** A tool may name a folder that holds nothing for it. */
const foldersAbove = (path: string): readonly string[] =>
  path.includes('/') ? [folderOf(path), ...foldersAbove(folderOf(path))] : []

const namedFrom = (folder: string, path: string): string =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
