// What the texts of a chain say about its objects, step after step: which step made or removed each one last, and whether
// that step ran.
import type { Migration, Script } from '../model/migration.js'
import { effectsOf, type DbObject, type Effect, type TextEffects } from '../sql/effects/object-effects.js'
import { sqlInCode } from '../sql/sql-in-code.js'

/** Why a step is lacking: it failed, the server could not run it, or it is code, which nothing here runs. */
export type Cause = 'failed' | 'server' | 'code'

/** A step without effect here. `id` is that of the step at the root: a step that follows from another one names that. */
export type Lacking = { readonly id: string; readonly cause: Cause }

/** The last word of the texts on an object. `by` is undefined where that step ran. */
export type Entry = { readonly state: 'made' | 'removed'; readonly by: Lacking | undefined }

type Noted = Entry & { readonly object: DbObject; readonly at: number; readonly columns: 'listed' | 'unknown' }

/** An object that the up of a step of the chain makes. */
type Made = { readonly object: DbObject; readonly bare: string; readonly script: Script }

const madeBy = (effect: Effect): readonly DbObject[] =>
  effect.does === 'makes' ? [effect.object] : effect.does === 'renames' ? [{ ...effect.object, name: effect.to }] : []

/** A change of a relation by a lacking step, which is no object of its own. */
export type LackingChange = { readonly by: Lacking; readonly effect: Exclude<Effect, { does: 'renames' }> }

/**
 * A lacking step whose effects no text shows completely: code, a file that the tool refuses, statements that the script
 * puts together itself (`all`), or the contents of extensions.
 */
export type Unknown = { readonly by: Lacking; readonly all: boolean; readonly extensions: readonly string[] }

const seen = new WeakMap<Script, TextEffects>()

const textEffects = (script: Script | undefined): TextEffects => {
  if (script === undefined) return EMPTY
  const known = seen.get(script)
  if (known !== undefined) return known
  const effects = effectsOf(script.messages.map(({ text }) => text))
  seen.set(script, effects)
  return effects
}

/** The names that a script gives to relations, each with the old one. */
export const renamesIn = (script: Script | undefined): ReadonlyMap<string, string> =>
  new Map(
    textEffects(script).effects.flatMap((effect) =>
      effect.does === 'renames' && effect.object.of === undefined ? [[effect.to, effect.object.name]] : [],
    ),
  )

const EMPTY: TextEffects = { effects: [], calls: [], bodies: new Map(), dynamic: false }

const keyOf = ({ kind, name, of }: DbObject): string => JSON.stringify([kind, of, name])

export const bareName = (name: string): string => name.slice(name.lastIndexOf('.') + 1)
const bareKey = ({ kind, name, of }: DbObject): string =>
  JSON.stringify([kind, of === undefined ? undefined : bareName(of), of === undefined ? bareName(name) : name])

/** Whether two names can mean the same: one of them may leave out the schema. */
export const sameName = (a: string, b: string): boolean =>
  a === b || ((!a.includes('.') || !b.includes('.')) && bareName(a) === bareName(b))

/** Steps are noted in the order of the chain, and texts are read only when something asks. */
export class ObjectLedger {
  readonly #chain: readonly Migration[]
  readonly #waiting: { readonly migration: Migration; readonly by: Lacking | undefined }[] = []
  readonly #entries = new Map<string, Noted>()
  readonly #byBareName = new Map<string, Set<string>>()
  readonly #bodies = new Map<string, TextEffects>()
  readonly #guessed = new Map<string, Lacking>()
  #changes: LackingChange[] = []
  #unknown: Unknown[] = []
  #clock = 0
  #lacking = 0
  #made: readonly Made[] | undefined
  #path: boolean | undefined

  /** `chain`: all migrations of the database, in their order. */
  constructor(chain: readonly Migration[]) {
    this.#chain = chain
  }

  /** `by` undefined: the step ran. A step may be noted again, when a later one of its group fails. */
  note(migration: Migration, by?: Lacking): void {
    this.#waiting.push({ migration, by })
    if (by !== undefined) this.#lacking++
  }

  /** Whether every step so far ran. */
  get isComplete(): boolean {
    return this.#lacking === 0
  }

  /** Changes of relations by lacking steps. */
  get changes(): readonly LackingChange[] {
    this.#read()
    return this.#changes
  }

  /** Lacking steps that may do more than a text shows, in their order. */
  get unknown(): readonly Unknown[] {
    this.#read()
    return this.#unknown
  }

  /** The last step that made or removed the object, or removed what it belongs to. */
  latest(object: DbObject): Entry | undefined {
    this.#read()
    const own = this.#find(object)
    const owner = object.of === undefined ? schemaOf(object.name) : { kind: 'relation', name: object.of }
    const around = owner === undefined ? undefined : this.#find(owner)
    if (around === undefined) return own
    if (own === undefined) {
      const guess = around.by !== undefined && around.columns === 'unknown' && object.kind === 'column'
      return around.state === 'removed' || guess ? around : undefined
    }
    return around.at > own.at ? around : own
  }

  /**
   * Whether the up of any step of the chain makes an object of that kind and name, in whatever schema. Of the script that
   * failed, only what it makes before it removes it.
   */
  isMadeInChain(object: DbObject, failed: Script | undefined): boolean {
    const bare = bareKey(object)
    const makers = this.#chainMakes().filter((one) => one.bare === bare)
    return makers.some(({ script }) => script !== failed || !removesFirst(script, bare))
  }

  /** The relations that have, had or get a part of that kind and name. */
  ownersOf({ kind, name }: DbObject): readonly string[] {
    this.#read()
    const objects = [...this.#chainMakes(), ...this.#entries.values()].map(({ object }) => object)
    const owners = objects.flatMap((one) => (one.kind === kind && one.name === name ? (one.of ?? []) : []))
    const open = [...this.#entries.values()].flatMap(({ object, by, columns }) =>
      by !== undefined && columns === 'unknown' ? [object.name] : [],
    )
    return [...new Set([...owners, ...open])]
  }

  #chainMakes(): readonly Made[] {
    this.#made ??= this.#chain.flatMap(({ up }) =>
      up === undefined
        ? []
        : this.#withCalls(textEffects(up)).flatMap((effect) =>
            madeBy(effect).map((object) => ({ object, bare: bareKey(object), script: up })),
          ),
    )
    return this.#made
  }

  /** From now on the missing object counts as one of that step, which may make it. */
  guess(object: DbObject, by: Lacking): void {
    this.#guessed.set(keyOf(object), by)
  }

  guessed(object: DbObject): Lacking | undefined {
    return this.#guessed.get(keyOf(object))
  }

  #find(object: DbObject): Noted | undefined {
    const exact = this.#entries.get(keyOf(object))
    if (exact !== undefined || (object.of ?? object.name).includes('.')) return exact
    // Messages about a part of a relation leave out the schema. Other names are written so, for the search_path.
    if (object.of === undefined && !this.#setsPath()) return undefined
    const keys = [...(this.#byBareName.get(bareKey(object)) ?? [])]
    const found = keys.flatMap((key) => this.#entries.get(key) ?? [])
    return found.reduce<Noted | undefined>(
      (last, one) => (last === undefined || one.at > last.at ? one : last),
      undefined,
    )
  }

  #setsPath(): boolean {
    this.#path ??= this.#chain.some(({ up }) => up?.messages.some(({ text }) => /\bsearch_path\b/i.test(text)) === true)
    return this.#path
  }

  #read(): void {
    for (const { migration, by } of this.#waiting.splice(0)) {
      if (by !== undefined && migration.codeText !== undefined) this.#applyCode(migration.codeText, by)
      const up = textEffects(migration.up)
      for (const [name, body] of up.bodies) this.#bodies.set(name, body)
      const effects = this.#withCalls(up)
      for (const effect of effects) this.#apply(effect, by)
      if (by === undefined) continue
      const down = this.#withCalls(textEffects(migration.down))
      const known = new Set(effects.flatMap(keysOf))
      const back = inverse(down).filter((effect) => !keysOf(effect).some((key) => known.has(key)))
      for (const effect of back) this.#apply(effect, by)
      const all = migration.up === undefined || this.#dynamic(up)
      const extensions = [...effects, ...back].flatMap((effect) =>
        effect.does === 'makes' && effect.object.kind === 'extension' ? [effect.object.name] : [],
      )
      if (all || extensions.length > 0) this.#unknown.push({ by, all, extensions })
    }
  }

  /**
   * Code holds the SQL of both directions. What is there can only be removed by its up, and what is not can only be made:
   * of each object the first effect counts that fits.
   */
  #applyCode(text: string, by: Lacking): void {
    const done = new Set<string>()
    for (const effect of effectsOf(sqlInCode(text)).effects) {
      if (!('object' in effect)) {
        this.#apply(effect, by)
        continue
      }
      const key = keyOf(effect.object)
      const isThere = this.#find(effect.object)?.state === 'made'
      if (done.has(key) || isThere === (effect.does === 'makes')) continue
      for (const object of [effect.object, ...madeBy(effect)]) done.add(keyOf(object))
      this.#apply(effect, by)
    }
  }

  /** With what the chain's own routines do that it calls. */
  #withCalls(text: TextEffects, depth = 0): readonly Effect[] {
    const called = depth > MOST_CALLS ? [] : this.#called(text).flatMap((body) => this.#withCalls(body, depth + 1))
    return called.length === 0 ? text.effects : [...text.effects, ...called]
  }

  #dynamic(text: TextEffects, depth = 0): boolean {
    return text.dynamic || (depth <= MOST_CALLS && this.#called(text).some((body) => this.#dynamic(body, depth + 1)))
  }

  #called = ({ calls, bodies }: TextEffects): readonly TextEffects[] =>
    calls.flatMap((name) => bodies.get(name) ?? this.#bodies.get(name) ?? [])

  #apply(effect: Effect, by: Lacking | undefined): void {
    const at = ++this.#clock
    switch (effect.does) {
      case 'makes':
      case 'removes':
        this.#set({
          object: effect.object,
          state: effect.does === 'makes' ? 'made' : 'removed',
          by,
          at,
          columns: effect.does === 'makes' && effect.columns === 'unknown' ? 'unknown' : 'listed',
        })
        break
      case 'renames':
        this.#rename(effect, by, at)
        return
      default:
    }
    if (by !== undefined) this.#changes.push({ by, effect })
  }

  #set(noted: Noted): void {
    const key = keyOf(noted.object)
    this.#entries.set(key, noted)
    const bare = bareKey(noted.object)
    const same = this.#byBareName.get(bare)
    if (same === undefined) this.#byBareName.set(bare, new Set([key]))
    else same.add(key)
  }

  /** Parts of a relation, and what lacking steps would have changed of it, go with it. */
  #rename({ object, to }: Extract<Effect, { does: 'renames' }>, by: Lacking | undefined, at: number): void {
    this.#set({ object, state: 'removed', by, at, columns: 'listed' })
    this.#set({ object: { ...object, name: to }, state: 'made', by, at, columns: 'listed' })
    if (object.of !== undefined) return
    const parts = [...this.#entries.values()].filter((noted) => noted.object.of === object.name)
    for (const noted of parts) this.#set({ ...noted, object: { ...noted.object, of: to }, by: by ?? noted.by, at })
    this.#changes = this.#changes.map(({ by: whose, effect }) => ({
      by: whose,
      effect: 'relation' in effect && effect.relation === object.name ? { ...effect, relation: to } : effect,
    }))
  }
}

/** Whether a script removes an object before it makes it, as where it replaces it. */
const removesFirst = (script: Script, bare: string): boolean => {
  const first = textEffects(script).effects.find(
    (effect) => 'object' in effect && [effect.object, ...madeBy(effect)].some((object) => bareKey(object) === bare),
  )
  return first?.does === 'removes'
}

/** How deep routines that call routines are followed. */
const MOST_CALLS = 5

function schemaOf(name: string): DbObject | undefined {
  const dot = name.indexOf('.')
  return dot === -1 ? undefined : { kind: 'schema', name: name.slice(0, dot) }
}

const keysOf = (effect: Effect): readonly string[] =>
  'object' in effect ? [keyOf(effect.object)] : [JSON.stringify(effect)]

/** The up does the opposite of its down, as far as the down is right. */
const inverse = (effects: readonly Effect[]): readonly Effect[] =>
  [...effects].reverse().map((effect): Effect => {
    switch (effect.does) {
      case 'makes':
        return { does: 'removes', object: effect.object }
      case 'removes':
        return { does: 'makes', object: effect.object }
      case 'renames':
        return { does: 'renames', object: { ...effect.object, name: effect.to }, to: effect.object.name }
      default:
        return effect
    }
  })
