// What clients of a database can do before and after a script, and what is lost and left behind.
import type { Broken, Impact } from '../../../impact/facts.js'
import { rememberSequences } from '../scratch/sequences.js'
import { changedColumns, changedEnums, detachedPartitions, lostKeys, openedRows, rowSecurityOn } from './answers.js'
import { leftBehind, unindexedKeys } from './left.js'
import { findLosses } from './lost.js'
import { compareReads, rememberReads, type ReadMemory } from './reads.js'
import { goneWithSchema, requiredColumns, violatedConstraints } from './required.js'
import { gainedRights, lostRights, unsafeDefiners } from './rights.js'
import { compareRoutines } from './routines.js'
import { keyOf, rememberRows, renamedLabels, type RowMemory } from './row-memory.js'
import { compareSeen, countSeen, refusedByPolicies, type Seen } from './row-security.js'
import { takeSamples, type Sample } from './sample.js'
import { behindKeys, lostPositions, readSequences, type Sequence } from './sequences.js'
import { compareViews, rememberViews, type ViewMemory } from './views.js'
import { readParts, readWorld } from './read-world.js'
import type { ClientSession, OldTable, Relation, StoredWorld, World } from './world.js'
import { compareWrites, rememberWrites, type Moved, type WriteMemory } from './writes.js'

/** What is known before a script. It holds digests, hashes and a few rows of each table, and is of no use in another session. */
export type ClientMemory = {
  readonly world: World
  readonly reads: ReadMemory
  readonly writes: readonly WriteMemory[]
  readonly samples: ReadonlyMap<string, Sample | undefined>
  readonly rows: readonly RowMemory[]
  readonly views: readonly ViewMemory[]
  readonly seen: readonly Seen[]
  readonly sequences: readonly Sequence[]
  readonly notJudged: readonly string[]
}

export type ClientFacts = Pick<Impact, 'broken' | 'answers' | 'access' | 'lost' | 'left' | 'unindexed' | 'notJudged'>

/**
 * Before the script. `tables` are the old relations that it may touch, of any kind. The session is in no transaction and has
 * all rights; all that it writes is rolled back. It keeps prepared statements until `compareClients`. Rejects when the
 * connection is lost.
 */
export async function rememberClients(session: ClientSession, tables: readonly OldTable[]): Promise<ClientMemory> {
  const world = await readWorld(session, { oids: tables.map(({ oid }) => oid), names: [] })
  const used = usedByClients(world)
  const writtenTo = used.filter(({ kind, columns }) => kind !== 'm' && kind !== 'f' && columns.length > 0)
  const restore = await rememberSequences(session)
  const sequences = await readSequences(session, world)
  const rows = await rememberRows(
    session,
    withRows(world).map((relation) => ({ relation, key: keyOf(relation), renamed: new Map() })),
  )
  const samples = await takeSamples(session, writtenTo)
  const reads = await rememberReads(session, used)
  const sampled = writtenTo.flatMap((relation) => {
    const sample = samples.get(relation.oid)
    return sample === undefined ? [] : [{ relation, sample }]
  })
  // Numbers of sequences that cannot be returned may not be drawn.
  const writes = restore === undefined ? [] : await rememberWrites(session, sampled)
  const views = await rememberViews(
    session,
    used.filter(({ view }) => view !== null),
  )
  const seen = await countSeen(session, world, used)
  await restoreSequences(session, restore)
  return {
    world,
    reads,
    writes,
    samples,
    rows: rows.filter((one) => one !== undefined),
    views,
    seen,
    sequences,
    notJudged: notRemembered(world, { samples, rows, writes }),
  }
}

/** After its COMMIT, in the same session. May be called again after another script. */
export async function compareClients(session: ClientSession, memory: ClientMemory): Promise<ClientFacts> {
  const { world: before } = memory
  const after = await readWorld(session, sameRelations(before))
  const moved: Moved = (relation) => after.relations.find(({ sql }) => sql === relation.sql)
  const same: Moved = (relation) => after.relations.find(({ oid }) => oid === relation.oid)
  const kept: Moved = (relation) => same(relation) ?? moved(relation)
  const pairs = pairsOf(before.relations, kept)
  const usedPairs = pairsOf(usedByClients(before), (relation) => moved(relation) ?? same(relation))
  const restore = await rememberSequences(session)
  const sequences = await readSequences(session, after)
  const reads = await compareReads(session, memory.reads, moved)
  const writes = await compareWrites(session, restore === undefined ? [] : memory.writes, moved)
  const refused = await refusedByPolicies(session, after, memory.writes, moved)
  const seen = compareSeen(
    memory.seen,
    await countSeen(
      session,
      after,
      usedPairs.map(({ now }) => now),
    ),
    (now) => usedPairs.find((pair) => pair.now === now)?.before,
  )
  const routines = await compareRoutines(session, before.routines, after.routines)
  const views = await compareViews(session, memory.views, moved)
  const violated = await violatedConstraints(session, usedPairs)
  await restoreSequences(session, restore)
  const losses = await lossesIn(session, { memory, after, sequences })
  const enums = changedEnums(before.enums, after.enums)
  const empty = usedPairs.filter(
    (pair) =>
      pair.now.sql === pair.before.sql &&
      !memory.samples.get(pair.before.oid)?.rows.length &&
      (pair.before.kind === 'r' || pair.before.kind === 'p'),
  )
  const behind = behindKeys(memory.sequences, sequences, moved)
  const notTried = [...reads.notTried, ...writes.notTried]
  return {
    broken: [
      ...reads.broken,
      ...withoutKnown(writes.broken, [...behind, ...enums.broken]),
      ...behind,
      ...withoutKnown(violated, writes.broken),
      ...empty.flatMap((pair) => withoutKnown(requiredColumns(pair.before, pair.now), writes.broken)),
      ...goneWithSchema(before, after),
      ...enums.broken,
      ...routines.broken,
      ...refused,
      ...lostRights(before, after),
    ],
    answers: [
      ...reads.answers,
      ...usedPairs.flatMap((pair) => [
        ...changedColumns(pair.before, pair.now),
        ...lostKeys(pair.before, pair.now),
        ...rowSecurityOn(pair.before, pair.now, seen.measured.has(pair.before.oid)),
      ]),
      ...writes.answers,
      ...detachedPartitions(before, kept),
      ...enums.answers,
      ...views,
      ...seen.answers,
      ...routines.answers,
    ],
    access: [
      ...gainedRights(before, after),
      ...usedPairs.flatMap((pair) => openedRows(pair.before, pair.now)),
      ...seen.access,
      ...unsafeDefiners(before, after),
    ],
    lost: losses.lost,
    left: pairs.flatMap((pair) => leftBehind(pair.before, pair.now)),
    unindexed: usedPairs.flatMap((pair) => unindexedKeys(pair.before, pair.now)),
    notJudged: [
      ...memory.notJudged,
      ...[...new Set(notTried)].map(
        (name) => `Whether clients can still use ${name} was not found out: it took too long.`,
      ),
      ...losses.notJudged,
    ],
  }
}

/** Only what is lost, as after an up and its down. */
export async function compareLosses(
  session: ClientSession,
  memory: ClientMemory,
): Promise<Pick<ClientFacts, 'lost' | 'notJudged'>> {
  const after = await readParts(session, sameRelations(memory.world), ['relations', 'enums', 'tables'])
  return lossesIn(session, { memory, after, sequences: await readSequences(session, after) })
}

/** By what they are now, and by their names. */
const sameRelations = ({ relations }: World): Parameters<typeof readWorld>[1] => ({
  oids: relations.map(({ oid }) => oid),
  names: relations.map(({ sql }) => sql),
})

async function lossesIn(
  session: ClientSession,
  { memory, after, sequences }: { memory: ClientMemory; after: StoredWorld; sequences: readonly Sequence[] },
): Promise<Pick<ClientFacts, 'lost' | 'notJudged'>> {
  const { world: before, rows, samples } = memory
  const renamed = renamedLabels(before.enums, after.enums)
  const { lost, notRead } = await findLosses(session, { before, after, memories: rows, samples, renamed })
  const kept: Moved = ({ oid, sql }) =>
    after.relations.find((one) => one.oid === oid) ?? after.relations.find((one) => one.sql === sql)
  return {
    lost: [...lost, ...lostPositions(memory.sequences, sequences, kept)],
    notJudged: notRead.map((name) => `What is lost of ${name} was not counted: its rows cannot be read.`),
  }
}

type Pair = { readonly before: Relation; readonly now: Relation }

const pairsOf = (relations: readonly Relation[], place: Moved): readonly Pair[] =>
  relations.flatMap((before) => {
    const now = place(before)
    return now === undefined ? [] : [{ before, now }]
  })

const withoutPartitions = (world: World): readonly Relation[] => {
  const oids = new Set(world.relations.map(({ oid }) => oid))
  return world.relations.filter(({ parent }) => parent === null || !oids.has(parent))
}

/** A partition is used through its table, if that is in the list. */
const usedByClients = (world: World): readonly Relation[] => withoutPartitions(world).filter(({ kind }) => kind !== 'S')

const withRows = ({ relations }: World): readonly Relation[] =>
  relations.filter(({ kind, columns }) => (kind === 'r' || kind === 'p') && columns.length > 0)

const restoreSequences = async (session: ClientSession, sql: string | undefined): Promise<void> => {
  if (sql) await session.send(sql)
}

/** Without what the known ones say of the same client, with the same SQLSTATE. */
const withoutKnown = (broken: readonly Broken[], known: readonly Broken[]): readonly Broken[] =>
  broken.filter((one) => !known.some(({ client, sqlstate }) => client === one.client && sqlstate === one.sqlstate))

function notRemembered(
  world: World,
  {
    samples,
    rows,
    writes,
  }: { samples: ClientMemory['samples']; rows: readonly (RowMemory | undefined)[]; writes: readonly WriteMemory[] },
): readonly string[] {
  const unread = withRows(world).filter((_, i) => rows[i] === undefined)
  const untried = usedByClients(world).filter(({ oid, kind, columns }) => {
    if ((kind !== 'r' && kind !== 'p') || columns.length === 0) return false
    const sample = samples.get(oid)
    const accepted = writes.find(({ relation }) => relation.oid === oid)?.accepted ?? []
    return sample === undefined || (sample.rows.length > 0 && accepted.every(({ kind: how }) => how === 'update'))
  })
  return [
    ...unread.map(({ name }) => `What is lost of ${name} was not counted: its rows cannot be read.`),
    ...untried.map(
      ({ name }) =>
        `Whether clients can still insert into ${name} was not found out: its rows were refused before as well.`,
    ),
    ...world.relations
      .filter(({ kind }) => kind === 'f')
      .map(({ name }) => `Rows of the foreign table ${name} were not looked at.`),
  ]
}
