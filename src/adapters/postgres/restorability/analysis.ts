// Which routines cannot run with an empty search_path, and which tables are read while rows are loaded. Pure.
import type { BodyName, BodyNames } from '../../../sql/names-in-body.js'
import type { Named, NameBook, Routine } from './routines.js'
import { allBodies } from './routines.js'
import type { StoredExpression } from './stored-expressions.js'

/**
 * A routine that a stored expression calls, and that does not find `missing` with an empty search_path. They are names
 * as the body has them, or (`isMessage`) the server's own message. `schemas` hold them; undefined if nothing does.
 */
export type Lost = {
  readonly expression: StoredExpression
  readonly routine: Routine
  readonly missing: readonly string[]
  readonly isMessage: boolean
  readonly schemas: readonly string[] | undefined
}

/** A routine of which the text does not decide it. `named`: its text has names that need a search_path. */
export type Doubt = {
  readonly expression: StoredExpression
  readonly routine: Routine
  readonly why: string
  readonly named: boolean
}

/** An expression that is evaluated for each loaded row, and reads another relation. `relation` is its OID. */
export type ReadWhileLoading = {
  readonly expression: StoredExpression
  readonly routine: Routine
  readonly relation: string
}

export type Analysis = {
  readonly lost: readonly Lost[]
  readonly doubts: readonly Doubt[]
  readonly reads: readonly ReadWhileLoading[]
}

export function analyse(expressions: readonly StoredExpression[], book: NameBook): Analysis {
  const found = { lost: new Map<string, Lost>(), doubts: new Map<string, Doubt>(), reads: new Map<string, ReadWhileLoading>() }
  for (const expression of expressions) {
    const seen = new Set<string>()
    for (const oid of expression.routines) visit({ expression, book, found, seen }, oid, { empty: true, path: book.path })
  }
  return { lost: [...found.lost.values()], doubts: [...found.doubts.values()], reads: [...found.reads.values()] }
}

type Visiting = {
  readonly expression: StoredExpression
  readonly book: NameBook
  readonly found: {
    readonly lost: Map<string, Lost>
    readonly doubts: Map<string, Doubt>
    readonly reads: Map<string, ReadWhileLoading>
  }
  readonly seen: Set<string>
}

/** `empty`: whether a restore calls it with an empty search_path. `path`: where the application's session searches. */
type Scope = { readonly empty: boolean; readonly path: readonly string[] }

function visit(visiting: Visiting, oid: string, outer: Scope): void {
  const { expression, book, found, seen } = visiting
  const routine = book.texts.get(oid)
  const key = `${oid} ${outer.empty}`
  if (routine === undefined || seen.has(key)) return
  seen.add(key)
  const scope = routine.path === undefined ? outer : { empty: false, path: routine.path }
  if (expression.moment === 'loading') {
    for (const relation of readsOf(routine, book, scope.path)) {
      const one = { expression, routine, relation }
      found.reads.set(JSON.stringify([expression.what, relation]), one)
    }
  }
  const about = JSON.stringify([expression.what, oid])
  const lost = scope.empty ? lostIn(routine, book) : undefined
  if (lost !== undefined) found.lost.set(about, { expression, routine, ...lost })
  const doubt = scope.empty && lost === undefined ? doubtAbout(routine, book) : undefined
  if (doubt !== undefined) found.doubts.set(about, { expression, routine, ...doubt })
  // What it calls finds its names as soon as it has a search_path of its own.
  const inner = { ...scope, empty: scope.empty && lost === undefined }
  for (const callee of calleesOf(routine, book, scope.path)) visit(visiting, callee, inner)
}

const calleesOf = (routine: Routine, book: NameBook, path: readonly string[]): readonly string[] =>
  allBodies(routine.body).flatMap(({ routines }) =>
    routines.flatMap((name) => found(book.routines, name, path).map(({ oid }) => oid)),
  )

const readsOf = (routine: Routine, book: NameBook, path: readonly string[]): readonly string[] => [
  ...routine.reads,
  ...allBodies(routine.body).flatMap(({ relations }) =>
    relations
      .filter(({ use }) => use === 'read')
      .flatMap((name) => found(book.relations, name, path).filter(({ kind }) => kind !== 'S').map(({ oid }) => oid)),
  ),
]

/** What a name means: in its schema, else in the first schema of the path that has it, else in any. */
function found(known: ReadonlyMap<string, readonly Named[]>, name: BodyName, path: readonly string[]): readonly Named[] {
  const all = known.get(name.name) ?? []
  if (name.schema !== undefined) return all.filter(({ schema }) => schema === name.schema)
  const schema = [...path, ...all.map((one) => one.schema).toSorted()].find((one) => all.some((of) => of.schema === one))
  return all.filter((one) => one.schema === schema)
}

function lostIn(routine: Routine, book: NameBook): Omit<Lost, 'expression' | 'routine'> | undefined {
  const { alone, body, language, polymorphic } = routine
  if (body === undefined || (alone.word === 'yes' && language === 'sql' && !polymorphic)) return undefined
  const names = body.setsPath || (language !== 'sql' && language !== 'plpgsql') ? [] : unqualified(body, book)
  const needed = schemasNeeded(routine, book)
  if (names.length > 0) return { missing: [...new Set(names.map(({ name }) => name))], isMessage: false, schemas: needed }
  if (alone.word !== 'no') return undefined
  // The server names something that our reading of the text does not find, such as a declared type.
  const schemas = alone.here ? [...new Set([...book.path, ...needed])] : undefined
  return { missing: [alone.message], isMessage: true, schemas }
}

/** Names without a schema that only a search_path with users' schemas finds. */
const unqualified = (body: BodyNames, book: NameBook): readonly Named[] => {
  const bare = <T extends BodyName>(names: readonly T[]): readonly T[] => names.filter(({ schema }) => schema === undefined)
  return [
    ...bare(body.relations).flatMap((name) => found(book.relations, name, book.path)),
    ...bare(body.routines)
      .filter(({ name }) => !book.builtIn.has(name))
      .flatMap((name) => found(book.routines, name, book.path)),
    ...bare(body.types).flatMap((name) => found(book.types, name, book.path)),
  ]
}

/** The schemas of all names that it and what it calls leave to the search_path, in the order of the live path. */
function schemasNeeded(routine: Routine, book: NameBook): readonly string[] {
  const schemas = new Set<string>()
  const seen = new Set<string>()
  const collect = (oid: string): void => {
    const one = book.texts.get(oid)
    if (one === undefined || seen.has(oid) || (one.path !== undefined && one !== routine)) return
    seen.add(oid)
    for (const body of allBodies(one.body)) for (const { schema } of unqualified(body, book)) schemas.add(schema)
    for (const callee of calleesOf(one, book, book.path)) collect(callee)
  }
  collect(routine.oid)
  const inPath = book.path.filter((schema) => schemas.has(schema))
  return [...inPath, ...[...schemas].filter((schema) => !inPath.includes(schema)).toSorted()]
}

function doubtAbout(routine: Routine, book: NameBook): Pick<Doubt, 'why' | 'named'> | undefined {
  const { body, language, alone, polymorphic } = routine
  if (body === undefined) return undefined
  const named = allBodies(body).some((one) => unqualified(one, book).length > 0)
  if (language !== 'sql' && language !== 'plpgsql') return { why: `is written in ${language}`, named: true }
  if (body.runsText) return { why: 'runs statements that it builds from text', named }
  if (body.setsPath) return { why: 'sets the search_path itself', named }
  if (language === 'sql' && !polymorphic && alone.word === 'yes') return undefined
  const operator = body.operators.find((one) => book.operators.has(one))
  if (operator !== undefined) return { why: `uses the operator ${operator}, which exists outside of pg_catalog`, named: false }
  const twice = body.routines.find(({ schema, name }) => schema === undefined && book.builtIn.has(name) && book.routines.has(name))
  return twice === undefined ? undefined : { why: `calls ${twice.name}, which exists in pg_catalog and outside of it`, named: false }
}
