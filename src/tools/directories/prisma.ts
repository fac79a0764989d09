// Prisma's migrations: `<version>_<name>/migration.sql`, and by hand a `down.sql` beside it.
import type { Migration } from '../../model/migration.js'

/** The only name that Prisma Migrate runs (https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories). */
export const PRISMA_UP = 'migration.sql'

/** Whether Prisma's own table records what is applied: this program never writes it. */
export const isPrismas = (migrations: readonly Migration[]): boolean =>
  migrations.some(({ up }) => up?.file.endsWith(`/${PRISMA_UP}`) === true)
