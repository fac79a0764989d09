// Whether seeds may run on a database, and which of them. Pure.
import type { Direction, Migration } from '../model/migration.js'
import { isPlaceHere } from '../model/this-machine.js'
import { unnamedEnvironment, type Refusal } from './refusals.js'
import type { MigrationStatus } from './status.js'

/** The environments that a seed may get. */
const SEED_ENVIRONMENTS = ['development', 'staging', 'test'] as const

/**
 * Why seeds may not run on a database; undefined if they may. `given`: the user named the environment. `production`:
 * the database was once deployed to as production.
 */
export function seedRefusal(options: {
  readonly database: string
  readonly place: string
  readonly environment: string
  readonly given: boolean
  readonly production: boolean
}): Refusal | undefined {
  const { database, place, environment, given, production } = options
  const words = SEED_ENVIRONMENTS.join(', ')
  if (environment === 'production' || production) {
    const why = environment === 'production' ? 'its environment is production' : 'it was once deployed to as production'
    const fix = `Rows that production needs belong in a migration. Seeds are for ${words}.`
    return { kind: 'plan', what: `${database}: seeds do not run here, because ${why}`, fix }
  }
  if (!SEED_ENVIRONMENTS.some((name) => name === environment)) {
    const fix = `Name one of them with --environment or APP_ENV: ${words}.`
    return { kind: 'use', what: `seeds do not support the environment "${environment}"`, fix }
  }
  if (given || isPlaceHere(place)) return undefined
  return {
    kind: 'plan',
    what: unnamedEnvironment(database, place),
    fix: `Name it with --environment or APP_ENV: ${words}.`,
  }
}

/** `left`: the seeds that are applied without this one (before an up, after a down). */
export type SeedStep = {
  readonly migration: Migration
  readonly direction: Direction
  readonly left: readonly Migration[]
}

/** Up: all seeds that are not applied, in the order of their versions. Down: all applied seeds, newest first. */
export function planSeeds(options: {
  readonly seeds: readonly Migration[]
  readonly status: Pick<MigrationStatus, 'applied' | 'pending' | 'late' | 'backwards'>
  readonly direction: Direction
}): readonly SeedStep[] {
  const { seeds, status, direction } = options
  const there = new Set(status.applied.map(({ migration }) => migration))
  const waiting = new Set([...status.late, ...status.pending])
  const ordered = direction === 'up' ? seeds.filter((seed) => waiting.has(seed)) : status.backwards
  return ordered.map((migration) => {
    there.delete(migration)
    const left = seeds.filter((seed) => there.has(seed))
    if (direction === 'up') there.add(migration)
    return { migration, direction, left }
  })
}

/** Why a step cannot run, known before any step runs. The exports of a module are known only when it runs. */
export function unrunnable({ migration, direction }: SeedStep): string | undefined {
  const { id, code, module, refused } = migration
  if (module !== undefined || migration[direction] !== undefined) return undefined
  if (refused !== undefined) return `${id}: ${refused.message}`
  if (code !== undefined) return `${id}: ${code} is not JavaScript or TypeScript that can be read, and is not run here`
  return `${id} has no ${direction}`
}
