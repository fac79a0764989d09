// Whether two runs speak of the same problem.
import { hash } from 'node:crypto'
import type { Finding } from './finding.js'

/**
 * A short text that stays the same while lines move and files are formatted: of the rule, the database, the migration and
 * what is said without numbers and quotes. Where one is said of several places in a migration, they share it.
 */
export function findingIdentity({ rule, database, migration, place, message }: Finding): string {
  const said = message.replaceAll(/\d[\d,.]*/g, '0').replaceAll(/\s+/g, ' ')
  const where = migration ?? place?.file ?? ''
  return hash('sha256', JSON.stringify([rule, database, where, said])).slice(0, 16)
}
