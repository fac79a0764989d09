// What a plan or a rollback would do, lose and meet, in words that every surface shares.
import type { ApprovalReport } from '../../release/gate.js'
import type { Ahead, RelationSize, StepAhead } from '../../release/preview.js'
import type { Tried } from '../../release/recovery.js'
import type { BackupReport } from '../../release/backup.js'
import { isLoss, type Loss } from '../../catalog/data-loss.js'
import type { LiveReport, TargetReport } from '../../report/run-report.js'
import { shortDigest } from '../../release/approval-digest.js'
import { count, counted, duration, few, moment } from './format.js'
import { oneLine } from './escape.js'
import { deedsOf } from './effects.js'

/** One step of any target, in the order in which they run. */
export type AheadRow = {
  readonly number: string
  readonly database: string
  readonly step: string
  readonly does: string
  readonly size: string
  readonly loses: string
  readonly final: boolean
}

export function aheadRows(report: LiveReport): readonly AheadRow[] {
  const all = report.targets.flatMap((target) => (target.ahead?.steps ?? []).map((step) => ({ target, step })))
  return all.map(({ target, step }, at) => ({
    number: count(at + 1),
    database: oneLine(target.name),
    step: oneLine(step.id),
    does: doesPhrase(step),
    size: sizePhrase(step.sizes),
    loses: lossPhrase(step),
    final: step.losses.some(isLoss),
  }))
}

/** So many deeds of a step are told in a row. */
const DEEDS = 4

function doesPhrase({ rehearsed, does, rewrites }: StepAhead): string {
  if (!rehearsed) return 'unknown'
  const deeds = deedsOf(does).map(({ verb, name }) => `${verb} ${name}`)
  const files = rewrites.map((table) => `writes ${short(table)} anew`)
  const all = [...deeds, ...files]
  return all.length === 0 ? 'nothing in the schema' : oneLine(few(all, DEEDS))
}

const short = (name: string): string => name.replace(/^public\./, '')

/** Of the largest relation that is there already. */
function sizePhrase(sizes: readonly RelationSize[]): string {
  const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes)
  return largest === undefined ? '' : `about ${counted(largest.rows, 'row')}, ${bytesPhrase(largest.bytes)}`
}

/** `41 MB`, `1.2 GB`: decimal, as disks are sold. */
function bytesPhrase(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1]
  return `${unit === 0 || value >= 10 ? Math.round(value).toString() : value.toFixed(1)} ${units[unit] ?? ''}`
}

function lossPhrase({ rehearsed, losses, does }: Pick<StepAhead, 'rehearsed' | 'losses' | 'does'>): string {
  const told = losses.filter(isLoss).map(lossWords)
  if (told.length > 0) return oneLine(few(told, DEEDS))
  if (!rehearsed) return 'unknown'
  return does.length === 0 && losses.length === 0 ? 'nothing that was seen' : 'nothing'
}

function lossWords(loss: Loss): string {
  const table = short(loss.table)
  switch (loss.kind) {
    case 'table':
      return loss.rows === undefined ? `all rows of ${table} (not counted)` : `${counted(loss.rows, 'row')} of ${table}`
    case 'column': {
      const column = `${table}.${loss.column}`
      if (loss.values === undefined || loss.rows === undefined) return `all values of ${column} (not counted)`
      return `${counted(loss.values, 'value')} of ${column} in ${counted(loss.rows, 'row')}`
    }
    case 'written':
      return `what ${loss.verb} takes from ${table} (not counted)`
  }
}

/** What came of trying a way back before anybody takes it. */
export function triedPhrase({ result, why, losses }: Tried): string {
  const lost = losses.map(lossWords)
  const would = lost.length === 0 ? 'nothing that was counted would be lost' : `it would lose ${few(lost, DEEDS)}`
  switch (result) {
    case 'ran':
      return oneLine(`tried on a copy: its downs run, and ${would}`)
    case 'failed':
      return oneLine(`tried on a copy: it does not take back all: ${why ?? ''}; ${would}`)
    case 'unknown':
      return oneLine(`could not be tried on a copy: ${why ?? ''}; ${would}`)
  }
}

/** What stands in the way now, what was not seen, and the way back: sentences, each once, with the databases it is true of. */
export function nowSentences(targets: readonly TargetReport[]): readonly string[] {
  const names = new Map<string, string[]>()
  for (const target of targets) {
    for (const text of sentencesOf(target)) names.set(text, [...(names.get(text) ?? []), target.name])
  }
  return [...names].map(([text, of]) =>
    oneLine(of.length === targets.length && of.length > 1 ? text : `${of.join(', ')}: ${text}`),
  )
}

function sentencesOf({ ahead }: TargetReport): readonly string[] {
  if (ahead === undefined) return []
  const { conditions, drift, notCompared, room } = ahead
  const drifted =
    drift === undefined
      ? []
      : drift.length === 0
        ? ['drift: none']
        : [
            `drift: ${few(
              drift.map(({ kind, identity, change }) => `${kind} ${identity} ${DRIFT[change]}`),
              5,
            )}`,
          ]
  return [
    ...conditions.map(({ kind, what }) => `${kind === 'blocks' ? 'in the way' : 'careful'}: ${what}`),
    ...(room.needed === 0
      ? []
      : [
          `room: ${bytesPhrase(room.needed)} needed, ${room.free === undefined ? 'unknown how much is free' : `${bytesPhrase(room.free)} free`}`,
        ]),
    ...drifted,
    ...notCompared,
    ...backSentences(ahead),
  ]
}

const DRIFT = { 'left behind': 'is there and in no file', lost: 'is missing', changed: 'is another one' } as const

function backSentences({ steps }: Ahead): readonly string[] {
  const words = steps.map(({ id, back, backWhy }) => ({ id, back, backWhy }))
  const proved = words.filter(({ back }) => back === 'proved').map(({ id }) => id)
  const not = words.filter(({ back }) => back === 'not')
  return [
    ...(proved.length === 0 ? [] : [`way back: proved for ${few(proved, 5)}`]),
    ...not.map(({ id, backWhy }) => `way back: ${id} only from the backup, because of its down: ${backWhy ?? ''}`),
  ]
}

/** `core_db at db-1:5432/core_db (system 7391…)`. */
export const targetSentence = ({ name, place, ahead }: TargetReport): string => {
  const system = ahead?.identity.system
  return oneLine(`${name} at ${place ?? 'an unknown place'}${system === undefined ? '' : ` (system ${system})`}`)
}

/** `3f9c2a1b for production, expires 2026-11-23 16:00 UTC`. */
export const sheetPhrase = ({ digest, sheet }: ApprovalReport): string =>
  oneLine(`${shortDigest(digest)} for ${sheet.environment}, expires ${moment(sheet.expires)}`)

export function backupPhrase(backup: BackupReport): string {
  if (backup.kind === 'external') return oneLine(`your own, ${backup.id} (nothing about it was checked)`)
  const how = backup.proof === 'restored' ? 'restored and compared' : 'read back whole'
  const { path, bytes, encrypted, milliseconds } = backup
  return oneLine(
    `${path}, ${bytesPhrase(bytes)}${encrypted ? ', encrypted' : ''}, ${how}, ${duration(milliseconds)}${backup.notes.map((note) => `; ${note}`).join('')}`,
  )
}

export const SEEN_WORDS = { held: 'yes', broken: 'NO', open: 'for you' } as const
