// Derives the down of a new migration from what its up does on a scratch server after all others, and proves it there.
import { deriveDown, wordsOf, type DerivedDown } from '../../catalog/derive/down.js'
import { isRestored, type Difference } from '../../catalog/difference.js'
import { codeLosses } from '../../catalog/loss/code.js'
import { Course } from '../../catalog/loss/course.js'
import { Relations } from '../../catalog/loss/relations.js'
import { statementsOf } from '../../catalog/loss/retyped.js'
import type { StepFacts } from '../../catalog/loss/step-facts.js'
import { writtenLosses } from '../../catalog/loss/written.js'
import { commandText } from '../../model/command.js'
import { stopIfCancelled, UserError } from '../../model/errors.js'
import { type Migration, type Script, withSubstitute } from '../../model/migration.js'
import type { ScriptFailure } from '../../report/check-report.js'
import type { SourceFile } from '../../model/source.js'
import { proveDerived, type DerivedProof, type Effect } from '../../prove/derived.js'
import { inEnvironment } from '../../prove/in-environment.js'
import { tryOnRows, type OnRows } from '../../prove/on-rows.js'
import { provedOn } from '../../report/proved-on.js'
import { WorkingCopy } from '../../prove/scratch-copies.js'
import type { ScratchEnvironment } from '../../ports/scratch.js'
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
    const setup = read?.setup ?? []
    const scripts = [...setup, ...ups, own.up]
    const environment = { session: config.session, setup, snapshots: 'guided' } as const
    const derive = async (opened: ScratchEnvironment): Promise<DerivedFiles> => {
      const place = await WorkingCopy.open(opened)
      await runChain(place, chain, config.name, world)
      let down: DerivedDown | undefined
      let effect: Effect | undefined
      const proof = await proveDerived(place, own.up, (found) => {
        effect = { ...found, rows: writesRows(own.up, found) ? 'moved' : 'still' }
        down = deriveDown(found.before, found.after, { fates: found.fates, words: wordsOf(own.up) })
        const { rows } = effect
        const script = parsed(options, downScript({ name, down, rows, major: server.report.major, onRows: HOLDS }))
        if (script.down === undefined) throw new Error(`the derived down of ${name.id} is not read back as one`)
        return script.down
      })
      if (down === undefined || effect === undefined) throw upFails(proof.failure, name)
      const problem = problemOf(proof, down, effect)
      const { major } = server.report
      const { statements } = down
      const onRows = problem === undefined ? await tryOnRows(place, { up: own.up, own: undefined, statements }) : HOLDS
      const script =
        problem === undefined
          ? downScript({ name, down, rows: effect.rows, major, onRows })
          : emptyDownScript({ name, down, rows: effect.rows, problem, proof })
      const files = newFiles({ tool: options.stream.layout, name, up, down: script })
      const word = problem === undefined && isRestored(proof.down) ? proof.down : 'not proved'
      return { files, derived: { ...derivedSummary(down, effect, onRows), word, problem, onRows: onRows.word } }
    }
    return await inEnvironment(server, scripts, environment, { run: derive, failed: () => [] })
  } finally {
    await slot.close()
  }
}

const EMPTY_SCRIPT: NewScript = { comments: [], sql: '' }

/**
 * Whether the up changes rows that a down cannot restore. On empty tables an UPDATE changes nothing, so the statements
 * count as well. Rows of a table that the up creates do not count: the table goes with them.
 */
function writesRows(up: Script, { before, after, fates, rows }: Effect): boolean {
  if (rows === 'moved') return true
  const rehearsed = { after, fates, rewrites: [], written: undefined, foreign: new Set<string>() }
  const facts: StepFacts = {
    id: '',
    script: up,
    back: undefined,
    before,
    relations: new Relations(before),
    keys: [],
    schema: 'public',
    course: new Course(before),
    rehearsed,
  }
  const statements = statementsOf(up)
  const seen = writtenLosses(facts, statements)
  return seen.known.size > 0 || codeLosses({ facts, statements, ...seen }).length > 0
}

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

const HOLDS: OnRows = { word: 'holds' }

function derivedSummary(
  down: DerivedDown,
  { rows }: Pick<Effect, 'rows'>,
  onRows: OnRows = HOLDS,
): Pick<Derived, 'statements' | 'notes' | 'loses'> {
  const ofRows =
    onRows.word === 'holds' ? [] : [`The statements are ${provedOn({ onRows: onRows.word })}.`, ...onRows.notes]
  const notes = [...(rows === 'moved' ? [ROWS_NOT_RESTORED] : []), ...down.notes, ...ofRows]
  return { statements: down.statements.length, notes: [...new Set(notes)], loses: down.loses }
}

function downScript(options: {
  name: NewName
  down: DerivedDown
  rows: Effect['rows']
  major: number
  onRows: OnRows
}): NewScript {
  const { name, down, rows, major, onRows } = options
  const summary = derivedSummary(down, { rows }, onRows)
  return {
    comments: [
      `${name.id}, down: derived from what the up does to the schema, and proved on PostgreSQL ${major} (up, down, up).`,
      ...(down.statements.length === 0 ? ['The up changes nothing in the schema.'] : []),
      ...summary.loses.map((what) => `It drops ${what}.`),
      ...summary.notes,
    ],
    sql: down.statements.map((statement) => `${failsOn(onRows, statement)}${statement};\n`).join(''),
  }
}

/** A comment of its own beside the statement that some rows make fail. */
function failsOn(onRows: OnRows, statement: string): string {
  const rows = onRows.word === 'holds' ? undefined : onRows.failing.get(statement)
  return rows === undefined ? '' : `-- Fails on ${rows.replaceAll(/[\s;]+/g, ' ')}:\n`
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
