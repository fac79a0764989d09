// A snapshot without what belongs to a server and not to a schema, so that two servers can be compared.
import { createHash } from 'node:crypto'
import type { TableName } from './history.js'
import type { Snapshot } from './snapshot.js'

/** What `portable` leaves out, as a sentence. */
export const NOT_COMPARED =
  'without owners, rights, settings of the database, versions of extensions, the history and the journal: another server has its own'

type Row = readonly [string, string, Readonly<Record<string, unknown>>]

/** Keys of definitions that say where something lives, not what it is. */
const OF_THE_SERVER = new Set(['owner', 'acl'])

/**
 * Without owners, rights, settings of the database, versions of extensions, and the tool's own table with its sequences.
 * `ignore` are patterns of units (`relation public.events_p*`), in which `*` stands for any text.
 */
export function portable(
  snapshot: Snapshot,
  options: { readonly history: TableName | undefined; readonly ignore?: readonly string[] },
): Snapshot {
  const { history, ignore = [] } = options
  const table = history && `relation ${history.schema}.${history.name}`
  const own = (unit: string): boolean =>
    table !== undefined &&
    (unit === table || unit === `${table}_seeds` || (unit.startsWith(`${table}_`) && unit.endsWith('_seq')))
  const patterns = ignore.map(patternOf)
  return new Map(
    [...snapshot]
      .filter(([unit]) => {
        const plain = unit.replaceAll('"', '')
        return unit !== 'database' && !own(plain) && !patterns.some((pattern) => pattern.test(plain))
      })
      .map(([unit, document]) => [unit, withoutServer(document)]),
  )
}

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

function withoutServer(document: string): string {
  const rows = JSON.parse(document) as readonly Row[]
  return JSON.stringify(
    rows.map(([kind, identity, definition]) => [
      kind,
      identity,
      Object.fromEntries(
        Object.entries(definition).filter(
          ([key]) => !OF_THE_SERVER.has(key) && !(kind === 'extension' && key === 'version'),
        ),
      ),
    ]),
  )
}

/** SHA-256 (hex) of a snapshot, the same for the same units in any order. */
export function fingerprint(snapshot: Snapshot): string {
  const hash = createHash('sha256')
  for (const unit of [...snapshot.keys()].toSorted()) hash.update(`${unit}\0${snapshot.get(unit) ?? ''}\0`)
  return hash.digest('hex')
}
