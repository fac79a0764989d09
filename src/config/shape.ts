// Small descriptions of what may stand in the config file. Reading, the JSON Schema and the table of keys all come from them.
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { didYouMean } from '../model/did-you-mean.js'

/** Told about everything that is wrong; `key` is the path from the top of the file. */
export type Sink = {
  readonly problem: (problem: {
    readonly node: Node
    readonly key: readonly string[]
    readonly message: string
  }) => void
  /** The node that an alias stands for; the node itself otherwise. */
  readonly resolve: (node: unknown) => Node | undefined
  /** Told of every value, so that what is found out later can still say where it stands. */
  readonly seen: (node: Node, key: readonly string[]) => void
}

export type JsonSchema = Readonly<Record<string, unknown>>

/** A line of the table of keys. `values` says in words what may be written. */
export type KeyRow = { readonly key: string; readonly values: string; readonly usual: string; readonly about: string }

/**
 * `read` gives the value, or undefined after at least one problem was told. `rows` are the lines of the keys below
 * (none for a plain value).
 */
export type Shape<T> = {
  readonly read: (node: Node, key: readonly string[], sink: Sink) => T | undefined
  readonly schema: JsonSchema
  readonly values: string
  readonly rows: (prefix: string) => readonly KeyRow[]
}

/** A key of an object: what may stand there, what it is for, and in words what holds when it is left out. */
export type Field<T> = { readonly shape: Shape<T>; readonly about: string; readonly usual: string }

type Fields = Readonly<Record<string, Field<unknown>>>
type Values<F extends Fields> = { readonly [K in keyof F]?: F[K] extends Field<infer T> ? T : never }

/** A value written as text. `accept` gives the value, or says what is wrong with it. */
export function text<T>(options: {
  readonly values: string
  readonly schema?: JsonSchema
  readonly accept: (written: string) => { readonly value: T } | { readonly wrong: string }
}): Shape<T> {
  return {
    read: (node, key, sink) => {
      const written = writtenText(node)
      if (written === undefined) {
        sink.problem({ node, key, message: `must be ${options.values}, not ${kindOf(node)}` })
        return undefined
      }
      const result = options.accept(written)
      if ('value' in result) return result.value
      sink.problem({ node, key, message: result.wrong })
      return undefined
    },
    schema: { type: 'string', ...options.schema },
    values: options.values,
    rows: () => [],
  }
}

/** One of a few words. `what` is their common name (`level`). */
export const choice = <const W extends string>(what: string, words: readonly W[]): Shape<W> => ({
  ...text({
    values: words.map((word) => `\`${word}\``).join(', '),
    accept: (written) => {
      const word = words.find((w) => w === written)
      const wrong = `"${written}" is not a ${what}; use ${words.join(', ')}`
      return word === undefined ? { wrong } : { value: word }
    },
  }),
  schema: { enum: words },
})

/** A list. */
export const list = <T>(item: Shape<T>): Shape<readonly T[]> => ({
  read: (node, key, sink) => {
    if (!isSeq(node)) {
      sink.problem({ node, key, message: `must be a list of ${item.values}s, not ${kindOf(node)}` })
      return undefined
    }
    const items = node.items.map((entry, index) => {
      const resolved = sink.resolve(entry)
      if (resolved === undefined) return undefined
      sink.seen(resolved, [...key, String(index)])
      return item.read(resolved, [...key, String(index)], sink)
    })
    return items.filter((value) => value !== undefined)
  },
  schema: { type: 'array', items: item.schema },
  values: `list of ${item.values}s`,
  rows: () => [],
})

/** Keys that the user makes up (`name` says what they are), or that are given (`known`), with one shape for all values. */
export const record = <T>(options: {
  readonly name: string
  readonly value: Shape<T>
  readonly known?: readonly string[]
}): Shape<Readonly<Record<string, T>>> => ({
  read: (node, key, sink) => {
    const entries: [string, T][] = []
    const pairs = pairsOf(node, key, sink)
    for (const pair of pairs ?? []) {
      if (options.known !== undefined && !options.known.includes(pair.name)) {
        const message = `unknown ${options.name}${didYouMean(pair.name, options.known)}`
        sink.problem({ node: pair.keyNode, key: [...key, pair.name], message })
        continue
      }
      const value = options.value.read(pair.value, [...key, pair.name], sink)
      if (value !== undefined) entries.push([pair.name, value])
    }
    return pairs === undefined ? undefined : Object.fromEntries(entries)
  },
  schema: {
    type: 'object',
    additionalProperties: options.value.schema,
    ...(options.known === undefined ? {} : { propertyNames: { enum: options.known } }),
  },
  values: `${options.name}: ${options.value.values}`,
  rows: (prefix) => options.value.rows(`${prefix}.<${options.name}>`),
})

/** Given keys, all of them optional. An unknown one is a problem. */
export const object = <const F extends Fields>(fields: F): Shape<Values<F>> => ({
  read: (node, key, sink) => {
    const entries: [string, unknown][] = []
    const pairs = pairsOf(node, key, sink)
    for (const pair of pairs ?? []) {
      const field = Object.hasOwn(fields, pair.name) ? fields[pair.name] : undefined
      if (field === undefined) {
        const message = `unknown key${didYouMean(pair.name, Object.keys(fields))}`
        sink.problem({ node: pair.keyNode, key: [...key, pair.name], message })
        continue
      }
      const value = field.shape.read(pair.value, [...key, pair.name], sink)
      if (value !== undefined) entries.push([pair.name, value])
    }
    // Every entry was read by the shape of its own key, which the compiler cannot follow through a list of entries.
    return pairs === undefined ? undefined : (Object.fromEntries(entries) as Values<F>)
  },
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { shape, about }]) => [name, { description: about, ...shape.schema }]),
    ),
  },
  values: 'keys',
  rows: (prefix) =>
    Object.entries(fields).flatMap(([name, { shape, about, usual }]) => {
      const key = prefix === '' ? name : `${prefix}.${name}`
      const below = shape.rows(key)
      return below.length > 0 ? below : [{ key, values: shape.values, usual, about }]
    }),
})

type Pair = { readonly name: string; readonly keyNode: Node; readonly value: Node }

/** The pairs of a mapping. A key counts as written: the version `0036` is not the number 36. */
function pairsOf(node: Node, key: readonly string[], sink: Sink): readonly Pair[] | undefined {
  if (isScalar(node) && node.value === null) return []
  if (!isMap(node)) {
    sink.problem({ node, key, message: `must be keys with values, not ${kindOf(node)}` })
    return undefined
  }
  return node.items.flatMap(({ key: left, value: right }) => {
    const keyNode = sink.resolve(left)
    const name = keyNode === undefined ? undefined : writtenText(keyNode)
    if (keyNode === undefined || name === undefined) {
      sink.problem({ node, key, message: 'a key must be a plain word' })
      return []
    }
    const value = sink.resolve(right)
    if (value !== undefined) {
      sink.seen(value, [...key, name])
      return [{ name, keyNode, value }]
    }
    const message = isAlias(right) ? `*${right.source} is not defined before this line` : 'has no value'
    sink.problem({ node: keyNode, key: [...key, name], message })
    return []
  })
}

/** The text of a scalar as it stands in the file; undefined for what is no text or number. */
function writtenText(node: Node): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  if (typeof node.value === 'number' || typeof node.value === 'bigint') return node.source ?? String(node.value)
  return undefined
}

function kindOf(node: Node): string {
  if (isMap(node)) return 'keys with values'
  if (isSeq(node)) return 'a list'
  if (isScalar(node) && node.value === null) return 'empty'
  return isScalar(node) && typeof node.value === 'boolean' ? `the truth value ${String(node.value)}` : 'text'
}
