// All cases of the exam.
import type { Case } from './case.js'
import { clients } from './cases/clients.js'
import { columns } from './cases/columns.js'
import { constraints } from './cases/constraints.js'
import { hidden } from './cases/hidden.js'
import { indexes } from './cases/indexes.js'
import { locks } from './cases/locks.js'
import { partitions } from './cases/partitions.js'
import { rows } from './cases/rows.js'

/** By what they are about. */
export const families: Readonly<Record<string, readonly Case[]>> = {
  indexes,
  constraints,
  columns,
  locks,
  rows,
  clients,
  partitions,
  hidden,
}
