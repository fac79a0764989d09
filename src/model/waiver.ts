// A waiver accepts a finding until a day, with a reason: one sentence, in a migration or in the config.
import type { Finding } from './finding.js'
import type { Place } from './source.js'

/** `until` is the last day of the waiver, YYYY-MM-DD in UTC. Without a database or migration it applies to all. */
export type Waiver = {
  readonly rule: string
  readonly database: string | undefined
  readonly migration: string | undefined
  readonly until: string
  readonly reason: string
}

/** `file` is the file of the migration that contains it, undefined for one of the config. */
export type PlacedWaiver = Waiver & { readonly place: Place; readonly file: string | undefined }

/** The form of a waiver, for messages. */
export const WAIVER_FORM = 'allow <rule> until YYYY-MM-DD because <reason>'
export const CONFIG_WAIVER_FORM = 'allow <rule> in <database> [<migration>] until YYYY-MM-DD because <reason>'

const SENTENCE = /^allow\s+(\S+)(?:\s+in\s+(\S+)(?:\s+(?!until\s)(\S+))?)?\s+until\s+(\S+)\s+because\s+(\S.*?)\s*$/i

/** The content of a sentence, or its fault. */
export function parseWaiver(text: string): Waiver | { readonly wrong: string } {
  const [, rule, database, migration, until, reason] = SENTENCE.exec(text.trim()) ?? []
  if (rule === undefined || until === undefined || reason === undefined) {
    return { wrong: 'it does not say which rule, until when and why' }
  }
  if (!isDay(until)) return { wrong: `"${until}" is not a day (YYYY-MM-DD)` }
  return { rule, database, migration, until, reason }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** The last day counts. `now` in milliseconds since 1970. */
export const isExpired = ({ until }: Pick<Waiver, 'until'>, now: number): boolean =>
  new Date(now).toISOString().slice(0, 10) > until

/** A comment of a migration that begins as a waiver, and its content. */
export type WaiverLine = { readonly place: Place; readonly text: string; readonly said: ReturnType<typeof parseWaiver> }

const MARKER = /^[ \t]*--[ \t]*migration-gate:[ \t]*(allow\b.*)$/i

/** Every line of a file that begins as a waiver, also an invalid one, so that it can be reported. */
export function waiverLines(file: { path: string; text: string }): readonly WaiverLine[] {
  if (!/migration-gate:/i.test(file.text)) return []
  return file.text.split('\n').flatMap((line, i) => {
    const text = MARKER.exec(line)?.[1]?.trimEnd()
    if (text === undefined) return []
    return [{ place: { file: file.path, line: i + 1, column: line.indexOf('--') + 1 }, text, said: parseWaiver(text) }]
  })
}

/** Whether a waiver covers a finding. `filesOf` gives the files of the migration of a finding. */
export function covers(
  waiver: PlacedWaiver,
  finding: Finding,
  filesOf: (finding: Finding) => readonly string[],
): boolean {
  const { rule, database, migration, file } = waiver
  if (rule !== finding.rule || (database !== undefined && database !== finding.database)) return false
  if (file !== undefined) return finding.place?.file === file || filesOf(finding).includes(file)
  if (migration === undefined) return true
  const id = finding.migration ?? ''
  return id === migration || (id.startsWith(migration) && !/^[A-Za-z0-9]/.test(id.slice(migration.length)))
}
