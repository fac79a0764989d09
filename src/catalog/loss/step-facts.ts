// What is known of a step before it runs on a live database: its script, and what it did on a scratch database.
import type { Script } from '../../model/migration.js'
import type { Fates } from '../identity.js'
import type { Snapshot } from '../snapshot.js'
import type { Course } from './course.js'
import type { ForeignKey, Relations } from './relations.js'

/**
 * What a step did on a scratch database. `rewrites` are tables whose files it rewrote, `written` those of which it may
 * have written rows, by the locks that it took, both with their names before it; undefined where its locks were not seen.
 * `foreign` are functions of extensions that its text may call.
 */
export type Rehearsed = {
  readonly after: Snapshot
  readonly fates: Fates
  readonly rewrites: readonly string[]
  readonly written: readonly string[] | undefined
  readonly foreign: ReadonlySet<string>
}

/**
 * `back` is the script of the other direction. `before` is the catalogue before the step by the files. `relations` are its relations
 * with what only the live database has, and `keys` foreign keys that only the live database has. `schema` is the schema in which it looks for names.
 */
export type StepFacts = {
  readonly id: string
  readonly script: Script
  readonly back: Script | undefined
  readonly before: Snapshot
  readonly relations: Relations
  readonly keys: readonly ForeignKey[]
  readonly schema: string
  readonly course: Course
  readonly rehearsed: Rehearsed | undefined
}

/**
 * A step at one of its statements. `course` is that of the step so far. `schemas` and `settings` are what the script has set for names without a schema.
 */
export type Writing = {
  readonly facts: StepFacts
  readonly course: Course
  readonly schemas: readonly string[]
  readonly settings: readonly string[]
}
