// What a plan or a rollback would do and lose, and what could stop it, as phrases shared by every output format.
import { structuredPatch } from 'diff'
import type { ApprovalReport } from '../../release/gate.js'
import type { Preview, DownText, RelationSize, StepAhead } from '../../release/preview.js'
import type { Tried, LiveReport, TargetReport } from '../../report/run-report.js'
import type { BackupReport } from '../../release/backup.js'
import { isLoss } from '../../catalog/data-loss.js'
import { shortDigest } from '../../release/approval-digest.js'
import { count, counted, duration, firstFew, utcTime } from './format.js'
import { DRIFT_WORDS } from './difference.js'
import { oneLine } from './escape.js'
import { schemaEffects } from './effects.js'
import { lossesPhrase, withoutPublic } from './losses.js'

/** One step as a row of a table, in the order in which the steps run. `losesData`: rows or values really get lost. */
export type PreviewRow = {
  readonly number: string
  readonly database: string
  readonly step: string
  readonly effects: string
  readonly size: string
  readonly dataLoss: string
  readonly losesData: boolean
}

export function previewRows(report: LiveReport): readonly PreviewRow[] {
  const all = report.targets.flatMap((target) => (target.ahead?.steps ?? []).map((step) => ({ target, step })))
  return all.map(({ target, step }, at) => ({
    number: count(at + 1),
    database: oneLine(target.name),
    step: oneLine(step.id),
    effects: effectsPhrase(step),
    size: sizePhrase(step.sizes),
    dataLoss: dataLossPhrase(step),
    losesData: step.losses.some(isLoss),
  }))
}

/** Up to this many effects of a step are listed in a row; more are counted. Each rewritten table is named. */
const MOST_ITEMS = 4

function effectsPhrase({ rehearsed, does, rewrites }: StepAhead): string {
  if (!rehearsed) return 'unknown'
  const effects = schemaEffects(does).map(({ verb, name }) => `${verb} ${name}`)
  // First, because it is what production feels: no one writes to the table meanwhile, and it needs room.
  const rewritten = rewrites.map((table) => `rewrites table ${withoutPublic(table)}`)
  const shown = [...rewritten, firstFew(effects, Math.max(1, MOST_ITEMS - rewritten.length))].filter(
    (one) => one !== '',
  )
  return shown.length === 0 ? 'no schema change' : oneLine(shown.join(', '))
}

/** The size of the largest existing table, index or materialized view that the step touches; empty where it touches none. */
function sizePhrase(sizes: readonly RelationSize[]): string {
  const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes)
  return largest === undefined ? '' : `about ${counted(largest.rows, 'row')}, ${bytesPhrase(largest.bytes)}`
}

/** `41 MB`, `1.2 GB`: decimal units. */
function bytesPhrase(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1]
  return `${unit === 0 || value >= 10 ? Math.round(value).toString() : value.toFixed(1)} ${units[unit] ?? ''}`
}

function dataLossPhrase({ rehearsed, losses, does }: Pick<StepAhead, 'rehearsed' | 'losses' | 'does'>): string {
  const real = lossesPhrase(losses)
  if (real !== '') return rehearsed ? real : `${real}; the rest is unknown`
  if (!rehearsed) return 'unknown'
  return does.length === 0 && losses.length === 0 ? 'none found' : 'none'
}

/** The result of a dry run of a rollback on a copy. */
export function dryRunPhrase({ result, why, losses }: Tried): string {
  const lost = lossesPhrase(losses)
  const dataLoss = `data loss: ${lost === '' ? 'none counted' : lost}`
  switch (result) {
    case 'ran':
      return oneLine(`dry run on a copy: the downs run; ${dataLoss}`)
    case 'failed':
      return oneLine(`dry run on a copy: it does not roll back everything: ${why ?? ''}; ${dataLoss}`)
    case 'unknown':
      return oneLine(`no dry run on a copy: ${why ?? ''}; ${dataLoss}`)
  }
}

/** The lines of a diff from the down that was recorded (`-`) to the one in the file (`+`); empty where one is missing. */
export const downSourceDiff = ({ recorded, file }: DownText): readonly string[] =>
  recorded === undefined || file === undefined
    ? []
    : structuredPatch('', '', recorded, file, '', '', { context: 1 }).hunks.flatMap(({ lines }) => lines)

/** Blockers, disk space, drift, what was not compared, and the way to roll back: each sentence once, with its databases. */
export function previewSentences(targets: readonly TargetReport[]): readonly string[] {
  const names = new Map<string, string[]>()
  for (const target of targets) {
    for (const text of targetSentences(target)) names.set(text, [...(names.get(text) ?? []), target.name])
  }
  return [...names].map(([text, of]) =>
    oneLine(of.length === targets.length && of.length > 1 ? text : `${of.join(', ')}: ${text}`),
  )
}

function targetSentences({ ahead }: TargetReport): readonly string[] {
  if (ahead === undefined) return []
  const { conditions, drift, notCompared, room } = ahead
  const drifted =
    drift === undefined
      ? []
      : drift.length === 0
        ? ['drift: none']
        : [
            `drift: ${firstFew(
              drift.map(({ kind, identity, change }) => `${kind} ${identity} (${DRIFT_WORDS[change]})`),
              5,
            )}`,
          ]
  return [
    ...conditions.map(({ kind, what }) => `${kind === 'blocks' ? 'blocked' : 'warning'}: ${what}`),
    ...(room.needed === 0
      ? []
      : [
          `disk space: ${bytesPhrase(room.needed)} needed, ${room.free === undefined ? 'free space unknown' : `${bytesPhrase(room.free)} free`}`,
        ]),
    ...drifted,
    ...notCompared,
    ...rollbackSentences(ahead),
  ]
}

function rollbackSentences({ steps }: Preview): readonly string[] {
  const ids = (found: readonly StepAhead[]): string =>
    firstFew(
      found.map(({ id }) => id),
      5,
    )
  const proved = steps.filter(({ back }) => back === 'proved')
  const whole = proved.filter(({ irreversible }) => irreversible === undefined)
  const schemaOnly = proved.filter(({ irreversible }) => irreversible !== undefined)
  const not = steps.filter(({ back }) => back === 'not')
  return [
    ...(whole.length === 0 ? [] : [`rollback proved: ${ids(whole)}`]),
    ...(schemaOnly.length === 0 ? [] : [`rollback proved for the schema, not for the lost data: ${ids(schemaOnly)}`]),
    ...not.map(({ id, backWhy }) => `rollback of ${id} only from the backup, because of its down: ${backWhy ?? ''}`),
  ]
}

/** `core_db at db-1:5432/core_db (system 7391…)`. */
export const addressPhrase = ({ name, place, ahead }: TargetReport): string => {
  const system = ahead?.identity.system
  return oneLine(`${name} at ${place ?? 'an unknown address'}${system === undefined ? '' : ` (system ${system})`}`)
}

/** `3f9c2a1b for production, expires 2026-11-23 16:00 UTC`. */
export const planPhrase = ({ digest, sheet }: ApprovalReport): string =>
  oneLine(`${shortDigest(digest)} for ${sheet.environment}, expires ${utcTime(sheet.expires)}`)

/** Where a backup is and how it was verified. */
export function backupPhrase(backup: BackupReport): string {
  if (backup.kind === 'external') return oneLine(`your own, ${backup.id} (not checked)`)
  const how = backup.proof === 'restored' ? 'restored and compared' : 'read back completely'
  const { path, bytes, encrypted, milliseconds } = backup
  return oneLine(
    `${path}, ${bytesPhrase(bytes)}${encrypted ? ', encrypted' : ''}, ${how}, ${duration(milliseconds)}${backup.notes.map((note) => `; ${note}`).join('')}`,
  )
}

/** The result of a check after a run. */
export const RESULT_WORDS = { held: 'yes', broken: 'NO', open: 'for you' } as const
