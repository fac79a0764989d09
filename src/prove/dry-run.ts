// The dry run: runs steps for a live database on a scratch database first, to learn their effects and result.
import { stopIfCancelled } from '../model/errors.js'
import { compareSnapshots } from '../catalog/compare-snapshots.js'
import { sameness, type Difference } from '../catalog/difference.js'
import { reversed, type Fates } from '../catalog/identity.js'
import { effectsIn, fatesIn } from '../catalog/up-effect.js'
import type { Impact } from '../impact/facts.js'
import type { Direction, Script } from '../model/migration.js'
import type { ScriptFailure } from '../report/check-report.js'
import type { Snapshot } from '../catalog/snapshot.js'
import type { ScratchEnvironment } from '../ports/scratch.js'
import { failureWithoutData } from '../report/redact-data.js'
import { readCode } from '../sql/effects/code-text.js'
import { quoted } from '../sql/quote.js'
import { roleDependentsQuery } from '../sql/role-dependents.js'
import { WorkingCopy } from './scratch-copies.js'
import { watchSteps } from './watch-scope.js'

/** `back` is the script of the other direction, if it exists and the dry run tries it. */
export type DryRunStep = { readonly script: Script; readonly direction: Direction; readonly back: Script | undefined }

/**
 * `does` is what the step did, `fates` what became of the objects. `rewrites` are tables and materialized views whose files
 * were rewritten, `written` tables of which it may have written rows, by its locks: both as names in SQL form, with the
 * names before the step. `written` is undefined where the step did not run in one transaction. `remade` are relations that
 * were dropped and made again under their names. `foreign` are functions of extensions that its text calls.
 */
export type DryRunStepResult = {
  readonly after: Snapshot
  readonly does: readonly Difference[]
  readonly fates: Fates
  readonly rewrites: readonly string[]
  readonly remade: readonly string[]
  readonly written: readonly string[] | undefined
  readonly foreign: ReadonlySet<string>
  /** What it does to a database in use; undefined where it was not watched. */
  readonly impact: Impact | undefined
  readonly back: { readonly word: 'proved' | 'not' | 'unknown'; readonly why: string | undefined }
}

/**
 * `start` is the catalogue before the first step, and `dependents` what depends on each role then, in the server's words.
 * With a `failure`, the step after the last one of `steps` failed.
 */
export type DryRunResult = {
  readonly start: Snapshot
  readonly dependents: ReadonlyMap<string, readonly string[]>
  readonly steps: readonly DryRunStepResult[]
  readonly failure: ScriptFailure | undefined
}

/**
 * `before` are scripts that make the starting state of the steps. Undefined when one of these fails. Rejects when the
 * server is gone or the run was cancelled.
 */
export async function dryRunSteps(options: {
  readonly environment: ScratchEnvironment
  readonly before: readonly Script[]
  readonly steps: readonly DryRunStep[]
  readonly impact: 'measured' | 'none'
  readonly signal: AbortSignal
}): Promise<DryRunResult | undefined> {
  const { environment, before, steps, signal } = options
  const place = await WorkingCopy.openAfter(before, environment, signal)
  if (place === undefined) return undefined
  const start = new Map(place.tracker.now)
  const dependents = await dependentsOf(place)
  const base = options.impact === 'measured' && environment.copies ? await environment.copy(place.main) : undefined
  const done: Omit<DryRunStepResult, 'impact'>[] = []
  let failure: ScriptFailure | undefined
  for (const step of steps) {
    stopIfCancelled(signal)
    const was = new Map(place.tracker.now)
    const files = await filesOf(place)
    const moment = place.tracker.remember()
    const ran = await place.run(step.script, step.direction, WRITTEN).finally(() => place.tracker.forget(moment))
    if (!ran.ok) {
      failure = ran.failure
      break
    }
    place.keep([step.script])
    const after = new Map(place.tracker.now)
    const change = place.tracker.changeSince(moment)
    const fates = fatesIn(change)
    const filesAfter = await filesOf(place)
    done.push({
      after,
      fates,
      does: effectsIn(change),
      rewrites: rewritten(files, filesAfter),
      remade: remadeIn(files, filesAfter),
      written: ran.looked?.map(([name = '']) => nameBefore(name, fates)),
      foreign: await foreignCalls(place, step.script),
      back: await tryBack(place, step, { was, after }),
    })
  }
  const scripts = steps.slice(0, done.length).map(({ script }) => script)
  const impacts = base === undefined ? [] : await watchSteps({ environment, base, signal, scripts, deploy: 'together' })
  return { start, dependents, steps: done.map((one, at) => ({ ...one, impact: impacts[at] })), failure }
}

async function dependentsOf({ main }: WorkingCopy): Promise<DryRunResult['dependents']> {
  const found = new Map<string, string[]>()
  for (const [role = '', what = ''] of await main.read(roleDependentsQuery()))
    found.set(role, [...(found.get(role) ?? []), what])
  return found
}

/**
 * Tables of which the transaction writes rows: INSERT, UPDATE, DELETE and MERGE lock a table so even where they find no
 * row (PostgreSQL, "Table-Level Locks").
 */
const WRITTEN = `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
  AND c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\_%'`

function nameBefore(name: string, fates: Fates): string {
  const from = reversed(fates).get(`relation ${name}`)?.to
  return from === undefined ? name : from.slice('relation '.length)
}

/** The functions of extensions that the text of a script calls, by their names without schema. */
async function foreignCalls({ main }: WorkingCopy, { messages }: Script): Promise<ReadonlySet<string>> {
  const names = [...new Set(messages.flatMap(({ text }) => readCode(text).calls))]
  if (names.length === 0) return new Set()
  const rows = await main.read(`SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_depend e ON e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND e.objid = p.oid AND e.deptype = 'e'
    WHERE p.provolatile = 'v' AND p.proname = ANY (ARRAY[${names.map(quoted).join(', ')}]::text[])`)
  return new Set(rows.map(([name = '']) => name))
}

/** Leaves the state after the step. */
async function tryBack(
  place: WorkingCopy,
  { script, direction, back }: DryRunStep,
  { was, after }: { readonly was: Snapshot; readonly after: Snapshot },
): Promise<DryRunStepResult['back']> {
  if (back === undefined) return { word: 'unknown', why: undefined }
  const down = await place.run(back, direction === 'up' ? 'down' : 'up')
  if (!down.ok) {
    await place.restore()
    return { word: 'not', why: `it fails: ${failureWithoutData(down.failure).message}` }
  }
  const word = sameness(compareSnapshots(was, place.tracker.now))
  const again = word === 'differs' ? undefined : await place.run(script, direction)
  const held = again?.ok === true && sameness(compareSnapshots(after, place.tracker.now)) !== 'differs'
  if (!held || word !== 'same') await place.restore()
  if (word === 'differs') return { word: 'not', why: 'it does not restore the schema' }
  return held ? { word: 'proved', why: undefined } : { word: 'not', why: 'the up cannot be applied again after it' }
}

type FileOf = ReadonlyMap<string, { readonly name: string; readonly file: string }>

async function filesOf({ main }: WorkingCopy): Promise<FileOf> {
  const rows = await main.read(FILES)
  return new Map(rows.map(([oid = '', name = '', file = '']) => [oid, { name, file }]))
}

/** Only tables and materialized views have a file that matters. */
const FILES = `SELECT c.oid::text, pg_catalog.format('%I.%I', n.nspname, c.relname),
  CASE WHEN c.relkind IN ('r', 'm') THEN coalesce(pg_catalog.pg_relation_filenode(c.oid)::text, '') ELSE '' END
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm', 'p', 'v', 'f', 'S') AND c.oid >= 16384 AND n.nspname NOT LIKE 'pg\\_%'`

const rewritten = (before: FileOf, after: FileOf): readonly string[] =>
  [...before].flatMap(([oid, { name, file }]) => {
    const now = after.get(oid)
    return now === undefined || now.file === file ? [] : [name]
  })

function remadeIn(before: FileOf, after: FileOf): readonly string[] {
  const old = new Set(before.keys())
  const made = new Set([...after].flatMap(([oid, { name }]) => (old.has(oid) ? [] : [name])))
  return [...before].flatMap(([oid, { name }]) => (!after.has(oid) && made.has(name) ? [name] : []))
}
