// All planted cases: one or more for every kind of thing that a snapshot must see, and correct pairs that must stay clean.
import type { Planted } from './case.js'
import { columns } from './columns.js'
import { constraints } from './constraints.js'
import { correct } from './correct.js'
import { definitions } from './definitions.js'
import { grants } from './grants.js'
import { logic } from './logic.js'
import { rare } from './rare.js'
import { shared } from './server.js'
import { tables } from './tables.js'

export type { Planted, PlantedDifference } from './case.js'

export const planted: readonly Planted[] = [
  ...tables,
  ...columns,
  ...constraints,
  ...logic,
  ...definitions,
  ...rare,
  ...grants,
  ...shared,
  ...correct,
]
