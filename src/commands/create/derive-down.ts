// Derives the down of a new migration from what its up does on a scratch server after all others, and proves it there.
import { commandText } from '../../model/command.js'
import { deriveDown, mayRename, type DerivedDown } from '../../catalog/derive/down.js'
import { isRestored, type Difference } from '../../catalog/difference.js'
import { lastPart } from '../../catalog/derive/names.js'
import { stopIfCancelled, UserError } from '../../model/errors.js'
import { type Migration, type Script, withSubstitute } from '../../model/migration.js'
import type { ScriptFailure } from '../../report/check-report.js'
import { tablesWritten } from '../../sql/written-tables.js'
import { statementsIn } from '../../sql/statements.js'
import type { SourceFile } from '../../model/source.js'
import { reachesCluster } from '../../sql/cluster-wide.js'
import { proveDerived, type DerivedProof, type Effect } from '../../prove/derived.js'
import { WorkingCopy } from '../../prove/scratch-copies.js'
import type { Derived } from './request.js'
import type { NewFile, NewScript } from '../../tools/tool.js'
import { newFiles, type NewName } from './new-files.js'
import type { ReadDatabase, ReadStream } from '../shared/read-database.js'
import { createServerSlot } from '../shared/scratch-server.js'
import type { World } from '../shared/context.js'

/** The files to write. Without a proved down, the file of the down holds the reason as comments. */
export type DerivedFiles = { readonly files: readonly NewFile[]; readonly derived: Derived }

/**
 * `read` holds the existing migrations; undefined for a new folder. Rejects with a UserError when one of them or the up
 * itself fails, or there is no server.
 */
export async function deriveMigration(options: {
  readonly read: ReadDatabase | undefined
  readonly stream: Pick<ReadStream, 'layout'>
  readonly config: ReadDatabase['config']
  readonly name: NewName
  readonly up: NewScript
  readonly world: World
}): Promise<DerivedFiles> {
  const { read, config, name, up, world } = options
  const slot = createServerSlot(world.startServer)
  try {
    const server = await slot.get()
    const chain = read === undefined ? [] : read.schema.migrations.map((one) => withSubstitute(one, read.standIns))
    const own = parsed(options, EMPTY_SCRIPT)
    const ups = chain.flatMap((migration) => migration.up ?? [])
    const clusterWide = reachesCluster([...(read?.setup ?? []), ...ups, own.up])
    const setup = read?.setup ?? []
    const bench = await server.openEnvironment({ clusterWide, session: config.session, setup, snapshots: 'guided' })
    try {
      const place = await WorkingCopy.open(bench)
      await runChain(place, chain, config.name, world)
      let down: DerivedDown | undefined
      let effect: Effect | undefined
      const proof = await proveDerived(place, own.up, (found) => {
        effect = { ...found, rows: writesRows(own.up, found) ? 'moved' : 'still' }
        down = deriveDown(found.before, found.after, { renames: mayRename(own.up) })
        const script = parsed(options, downScript({ name, down, rows: effect.rows, major: server.report.major }))
        if (script.down === undefined) throw new Error(`the derived down of ${name.id} is not read back as one`)
        return script.down
      })
      if (down === undefined || effect === undefined) throw upFails(proof.failure, name)
      const problem = problemOf(proof, down, effect)
      const { major } = server.report
      const script =
        problem === undefined
          ? downScript({ name, down, rows: effect.rows, major })
          : emptyDownScript({ name, down, rows: effect.rows, problem, proof })
      const files = newFiles({ tool: options.stream.layout, name, up, down: script })
      const word = problem === undefined && isRestored(proof.down) ? proof.down : 'not proved'
      return { files, derived: { ...derivedSummary(down, effect), word, problem } }
    } finally {
      await bench.close()
    }
  } finally {
    await slot.close()
  }
}

const EMPTY_SCRIPT: NewScript = { comments: [], sql: '' }

/**
 * Whether the up changes rows that a down cannot restore. On empty tables an UPDATE changes nothing, so the statements
 * count as well. Rows of a table that the up creates do not count: the table goes with them.
 */
function writesRows(up: Script, { before, after, rows }: Effect): boolean {
  const isNew = (name: string): boolean => {
    const units = (side: Effect['before']): readonly string[] =>
      [...side.keys()].filter((unit) => unit.startsWith('relation ') && lastPart(unit) === lastPart(foldedName(name)))
    return units(after).length > 0 && units(before).length === 0
  }
  const written = up.messages.flatMap((message) => statementsIn(message).flatMap(tablesWritten))
  return rows === 'moved' || written.some((name) => !isNew(name))
}

/** PostgreSQL folds names without quotes to lower case. */
const foldedName = (name: string): string => (name.includes('"') ? name : name.toLowerCase())

async function runChain(
  place: WorkingCopy,
  chain: readonly Migration[],
  database: string,
  world: World,
): Promise<void> {
  for (const [at, { id, up, code }] of chain.entries()) {
    stopIfCancelled(world.signal)
    if (up === undefined && code !== undefined) {
      const what = `${id} is code (${code}), so the migrations before the new one cannot run here`
      throw new UserError({
        kind: 'use',
        what,
        fix: 'Name a SQL substitute for it under stand-ins in migration-gate.yml, or leave out --from-sql.',
      })
    }
    if (up === undefined) continue
    const ran = await place.run(up, 'up')
    if (!ran.ok) throw chainFails(id, database, ran.failure)
    place.keep([up])
    world.progress.move(database, at + 1, chain.length)
  }
}

const failureText = ({ message, place, sqlstate }: ScriptFailure): string =>
  `${place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `}${message}${sqlstate === '' ? '' : ` (${sqlstate})`}`

const chainFails = (id: string, database: string, failure: ScriptFailure): UserError =>
  new UserError({
    kind: failure.environment === undefined ? 'use' : 'environment',
    what: `${database}: the up of ${id} fails, so no down can be derived after it\n${failureText(failure)}`,
    fix: failure.environment ?? `Correct it first (${commandText('check')} shows more), or leave out --from-sql.`,
  })

const upFails = (failure: ScriptFailure | undefined, name: NewName): UserError =>
  new UserError({
    kind: failure?.environment === undefined ? 'use' : 'environment',
    what: `the SQL for ${name.id} fails after the existing migrations, so nothing was written\n${failure === undefined ? '' : failureText(failure)}`,
    fix: failure?.environment ?? 'Correct the SQL and run create again.',
  })

/** Reads the new files as the layout does, so that the proof covers what will be written. */
function parsed(
  options: {
    stream: Pick<ReadStream, 'layout'>
    config: ReadDatabase['config']
    name: NewName
    up: NewScript
    world: World
  },
  down: NewScript,
): { readonly up: Script; readonly down: Script | undefined } {
  const { stream, config, name, up, world } = options
  const files = newFiles({ tool: stream.layout, name, up, down }).map(sourceOf)
  const read = stream.layout.files.read(files, { kind: 'schema', config, environment: world.environment })
  const [migration] = read.migrations
  const [problem] = read.problems.filter(({ rule }) => MISREAD.has(rule))
  if (migration?.up === undefined || problem !== undefined) {
    const what = `the SQL for ${name.id} cannot be written as a ${stream.layout.name} migration${problem === undefined ? '' : `: ${problem.message}`}`
    throw new UserError({ kind: 'use', what, fix: problem?.fix ?? 'Give a file that holds SQL.' })
  }
  return { up: migration.up, down: migration.down }
}

/** Problems after which the tool would refuse the text or run something else. */
const MISREAD = new Set(['unparsable', 'goose-lost-statement', 'sql-migrate-passed-over'])

const sourceOf = ({ path, text }: NewFile): SourceFile => ({
  path,
  name: path,
  text,
  unreadable: undefined,
  bytes: new TextEncoder().encode(text),
})

const ROWS_NOT_RESTORED = 'The up changes rows of existing tables; those changes are not brought back.'

function derivedSummary(
  down: DerivedDown,
  { rows }: Pick<Effect, 'rows'>,
): Pick<Derived, 'statements' | 'notes' | 'loses'> {
  const notes = rows === 'moved' ? [ROWS_NOT_RESTORED, ...down.notes] : down.notes
  return { statements: down.statements.length, notes, loses: down.loses }
}

function downScript(options: { name: NewName; down: DerivedDown; rows: Effect['rows']; major: number }): NewScript {
  const { name, down, rows, major } = options
  const summary = derivedSummary(down, { rows })
  return {
    comments: [
      `${name.id}, down: derived from what the up does to the schema, and proved on PostgreSQL ${major} (up, down, up).`,
      ...(down.statements.length === 0 ? ['The up changes nothing in the schema.'] : []),
      ...summary.loses.map((what) => `It drops ${what}.`),
      ...summary.notes,
    ],
    sql: down.statements.map((statement) => `${statement};\n`).join(''),
  }
}

function emptyDownScript(options: {
  readonly name: NewName
  readonly down: DerivedDown
  readonly rows: Effect['rows']
  readonly problem: string
  readonly proof: DerivedProof
}): NewScript {
  const { name, down, rows, problem, proof } = options
  return {
    comments: [
      `${name.id}, down: none could be derived. ${problem}`,
      ...proof.differences.slice(0, MOST_DIFFERENCES).map(differenceText),
      ...derivedSummary(down, { rows }).notes,
      'Write here the SQL that rolls back everything that the up does.',
    ],
    sql: '',
  }
}

const MOST_DIFFERENCES = 10

const differenceText = ({ change, kind, identity }: Difference): string => `${change}: ${kind} ${identity}`

/** Why the derived down is not correct, in a sentence; undefined when it is. */
function problemOf(proof: DerivedProof, down: DerivedDown, { rows }: Effect): string | undefined {
  const failure = proof.failure === undefined ? '' : ` (${proof.failure.message})`
  if (proof.failed === 'down') return `The derived down fails${failure}.`
  if (proof.down === 'differs') return 'The derived down does not restore the schema.'
  if (proof.failed === 'again') return `After the derived down the up fails when it runs again${failure}.`
  if (proof.again === 'differs') return 'After the derived down the up makes a different schema than the first time.'
  if (down.statements.length === 0 && rows === 'moved') return 'The up changes only rows.'
  return undefined
}
