// Folders whose migrations have no way back at all, by habit.
import type { Migration } from './migration.js'

/** From here on, a folder without a single down is one fact, not one for each migration. */
const MANY = 5

/** Whether nobody writes downs here: nothing is gained by what a down of each could be. */
export const isUpOnly = (migrations: readonly Pick<Migration, 'down'>[]): boolean =>
  migrations.length > MANY && migrations.every(({ down }) => down === undefined)
