// "This migration cannot be rolled back, on purpose": declared in a comment of its files, or in the config.
import type { DatabaseConfig } from '../model/config.js'
import type { Irreversible } from '../model/migration.js'
import type { Problem } from '../model/finding.js'
import type { SourceFile } from '../model/source.js'
import { findByVersion } from '../model/version.js'

const MARKER = /^[ \t]*--[ \t]*migration-gate:[ \t]*irreversible\b[ \t]*(?:because\b)?[ \t:,;-]*([^\n]*)$/i

/** What the files declare; a marker without a reason is a problem and does not count. The config comes after the files. */
export function irreversibleOf(options: {
  readonly id: string
  readonly version: string
  readonly files: readonly SourceFile[]
  readonly config: Pick<DatabaseConfig, 'irreversible'>
}): { readonly irreversible: Irreversible | undefined; readonly problems: readonly Problem[] } {
  const marks = options.files.flatMap(marksOf)
  const problems = marks
    .filter((mark) => mark.reason === '')
    .map(({ place }) => ({
      rule: 'unparsable',
      migration: options.id,
      place,
      message: 'the irreversible marker gives no reason',
      why: 'The person who rolls back at night must know why this migration stops them.',
      fix: '-- migration-gate: irreversible because <the reason in a few words>',
    }))
  const declared = marks.find((mark) => mark.reason !== '')
  const configured = findByVersion(options.config.irreversible, options)
  return {
    irreversible: declared ?? (configured === undefined ? undefined : { reason: configured, place: undefined }),
    problems,
  }
}

function marksOf(file: SourceFile): readonly (Irreversible & { readonly reason: string })[] {
  if (!/migration-gate:/i.test(file.text)) return []
  return file.text.split('\n').flatMap((line, i) => {
    const reason = MARKER.exec(line)?.[1]?.trimEnd()
    if (reason === undefined) return []
    return [{ reason, place: { file: file.path, line: i + 1, column: line.indexOf('--') + 1 } }]
  })
}
