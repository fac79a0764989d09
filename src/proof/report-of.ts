// What a report says of a migration.
import type { Difference } from '../core/difference.js'
import { filesOf, type Migration, type Script } from '../core/migration.js'
import type { MigrationReport, Proof } from '../core/report.js'

/**
 * What is known of a migration from its files, and its proof where there is one. With `touched` also its text and what it
 * `does` to the schema, as far as that is known.
 */
export function reportOf(
  migration: Migration,
  proof: Proof | undefined,
  { touched, does }: { readonly touched: boolean; readonly does?: readonly Difference[] | undefined },
): MigrationReport {
  const { id, version, name, kind, irreversible, up, down, code } = migration
  const files = filesOf({ up, down, code })
  return {
    id,
    version,
    name,
    kind,
    files,
    irreversible: irreversible?.reason,
    proof,
    ...(touched && { ...(does && { does }), sql: { up: textOf(up) ?? '', down: textOf(down) } }),
  }
}

/** No reviewer reads more than this of one script. */
const MOST_CHARACTERS = 64 * 1024

/** As the tool sends it, message by message. */
function textOf(script: Script | undefined): string | undefined {
  if (script === undefined) return undefined
  const text = script.messages
    .map((message) => message.text.trim())
    .filter((message) => message !== '')
    .join('\n\n')
  if (text.length <= MOST_CHARACTERS) return text
  const shown = text.slice(0, MOST_CHARACTERS)
  return `${shown}\n-- (cut here: these are ${shown.length} of ${text.length} characters)`
}
