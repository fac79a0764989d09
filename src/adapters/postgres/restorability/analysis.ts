// Which routines cannot run with an empty search_path, and which tables are read while rows are loaded. Pure.
import { firstFew } from '../../../model/list-words.js'
import type { BodyName, BodyNames } from '../../../sql/names-in-body.js'
import type { Named, NameBook, Routine } from './routines.js'
import { allBodies } from './routines.js'
import type { StoredExpression } from './stored-expressions.js'

/**
 * A routine that a stored expression calls, and that does not work with an empty search_path. `how` is a clause about the
 * routine. With `schemas` as its search_path it works; undefined if there is no such path.
 */
export type Lost = {
  readonly expression: StoredExpression
  readonly routine: Routine
  readonly how: string
  readonly schemas: readonly string[] | undefined
}

/**
 * A routine of which the text does not decide it. `why` is a clause about it. `open`: whether it stays open after the
 * routine ran with an empty search_path, and after it could not be run. `ghost`: it may never have worked.
 */
export type Doubt = {
  readonly expression: StoredExpression
  readonly routine: Routine
  readonly why: string
  readonly open: { readonly ran: boolean; readonly notRun: boolean }
  readonly ghost: boolean
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
  const found = {
    lost: new Map<string, Lost>(),
    doubts: new Map<string, Doubt>(),
    reads: new Map<string, ReadWhileLoading>(),
  }
  for (const expression of expressions) {
    const seen = new Set<string>()
    for (const oid of expression.routines)
      visit({ expression, book, found, seen }, oid, { empty: true, path: book.path })
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
      .flatMap((name) =>
        found(book.relations, name, path)
          .filter(({ kind }) => kind !== 'S')
          .map(({ oid }) => oid),
      ),
  ),
]

/** What a name means: in its schema, else in the first schema of the path that has it, else in any. */
function found(
  known: ReadonlyMap<string, readonly Named[]>,
  name: BodyName,
  path: readonly string[],
): readonly Named[] {
  const all = known.get(name.name) ?? []
  if (name.schema !== undefined) return all.filter(({ schema }) => schema === name.schema)
  const schema = [...path, ...all.map((one) => one.schema).toSorted()].find((one) =>
    all.some((of) => of.schema === one),
  )
  return all.filter((one) => one.schema === schema)
}

function lostIn(routine: Routine, book: NameBook): Pick<Lost, 'how' | 'schemas'> | undefined {
  const { alone, body, language, polymorphic } = routine
  if (body === undefined || (alone.word === 'yes' && language === 'sql' && !polymorphic)) return undefined
  const names = body.setsPath || (language !== 'sql' && language !== 'plpgsql') ? [] : unqualified(body, book)
  const schemas = schemasNeeded(routine, book)
  if (names.length > 0) {
    const words = firstFew([...new Set(names.map(({ name }) => name))])
    return { how: `names ${words} without a schema, and the search_path of pg_restore is empty`, schemas }
  }
  if (alone.word !== 'no') return undefined
  // The server names something that our reading of the text does not find, such as a declared type.
  return alone.here
    ? { how: failsWith(alone.message), schemas: [...new Set([...book.path, ...schemas])] }
    : { how: `fails (${alone.message})`, schemas: undefined }
}

export const failsWith = (message: string): string => `fails with the empty search_path of pg_restore (${message})`

/** Names without a schema that only a search_path with users' schemas finds. */
const unqualified = (body: BodyNames, book: NameBook): readonly Named[] => {
  const bare = <T extends BodyName>(names: readonly T[]): readonly T[] =>
    names.filter(({ schema }) => schema === undefined)
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

function doubtAbout(routine: Routine, book: NameBook): Omit<Doubt, 'expression' | 'routine'> | undefined {
  const { body, language, alone, polymorphic } = routine
  if (body === undefined) return undefined
  const doubt = (why: string, ran: boolean, notRun: boolean): Omit<Doubt, 'expression' | 'routine'> => ({
    why,
    open: { ran, notRun },
    ghost: false,
  })
  if (language !== 'sql' && language !== 'plpgsql') return doubt(`is written in ${language}`, false, true)
  const named = allBodies(body).some((one) => unqualified(one, book).length > 0)
  if (body.runsText) return doubt('runs statements that it builds from text', named, named)
  if (body.setsPath) return doubt('sets the search_path itself', false, true)
  if (language === 'sql' && !polymorphic && alone.word === 'yes') return undefined
  const ghost = body.makes ? undefined : body.relations.find((name) => isNowhere(name, book))
  if (ghost !== undefined) return { ...doubt(`names ${ghost.name}, which does not exist`, false, true), ghost: true }
  // An operator or a routine on types that users made matters only where there are such values.
  const mayHaveOwn = routine.takesOwn || language === 'sql' || touchesOwnTypes(body, book)
  const counts = (all: readonly Named[] | undefined): boolean => (all ?? []).some(({ takes }) => mayHaveOwn || !takes)
  const operator = body.operators.find((one) => counts(book.operators.get(one)))
  if (operator !== undefined)
    return doubt(`uses the operator ${operator}, which exists outside of pg_catalog`, routine.casts, routine.casts)
  const bare = body.routines.filter(({ schema }) => schema === undefined)
  const twice = bare.find(({ name }) => book.builtIn.has(name) && counts(book.routines.get(name)))
  if (twice !== undefined)
    return doubt(`calls ${twice.name}, which exists in pg_catalog and outside of it`, routine.casts, routine.casts)
  const takes = body.routines.find(({ name }) => book.takesName.has(name))
  const isNamed = takes !== undefined || body.types.some(({ name }) => name.startsWith('reg'))
  return isNamed && body.texts.some((text) => !text.includes('.'))
    ? doubt(`hands names as texts to ${takes?.name ?? 'the server'}`, false, false)
    : undefined
}

const isNowhere = ({ schema, name }: BodyName, book: NameBook): boolean =>
  (schema === undefined || !/^(?:pg_.*|information_schema)$/.test(schema)) &&
  !(schema === undefined && book.builtInRelations.has(name)) &&
  found(book.relations, { schema, name }, book.path).length === 0

const touchesOwnTypes = (body: BodyNames, book: NameBook): boolean =>
  [
    ...body.relations.flatMap((name) => found(book.relations, name, book.path)),
    ...body.routines.flatMap((name) => found(book.routines, name, book.path)),
    ...body.types.flatMap((name) => found(book.types, name, book.path)),
  ].some(({ gives, takes }) => gives && !takes)
