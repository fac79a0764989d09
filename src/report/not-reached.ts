// Migrations of a change about which nothing is known, because they are proved as one with an older one that fails.
import type { MigrationReport } from './check-report.js'

/** Whether the run of its group stopped at a fault that was there before the change: then nothing was proved about it. */
export const isNotReached = ({ before, touched, proof }: MigrationReport): boolean =>
  before === true && proof?.up === 'failed' && (touched === 'added' || touched === 'edited')
