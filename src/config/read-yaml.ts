// A node of YAML -> the value of a description, with every problem in it.
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { didYouMean } from '../model/did-you-mean.js'
import { valuesOf, type Form, type Shape } from '../schema/shape.js'

/** Gets everything that is wrong; `key` is the path from the top of the file. */
export type Sink = {
  readonly problem: (problem: {
    readonly node: Node
    readonly key: readonly string[]
    readonly message: string
  }) => void
  /** The node that an alias refers to; the node itself otherwise. */
  readonly resolve: (node: unknown) => Node | undefined
  /** Gets every value, so that a problem that is found later can still name its place. */
  readonly seen: (node: Node, key: readonly string[]) => void
}

/** Undefined after at least one problem. */
export const readYaml = <T>(shape: Shape<T>, node: Node, key: readonly string[], sink: Sink): T | undefined =>
  // Every value was read by its own description, which the compiler cannot follow through the switch.
  read(shape, node, key, sink) as T | undefined

function read(form: Form, node: Node, key: readonly string[], sink: Sink): unknown {
  switch (form.form) {
    case 'text':
    case 'words':
      return readScalar(form, node, key, sink)
    case 'list': {
      if (!isSeq(node)) {
        sink.problem({ node, key, message: `must be a ${valuesOf(form)}, not ${kindOf(node)}` })
        return undefined
      }
      const items = node.items.map((entry, index) => {
        const item = sink.resolve(entry)
        if (item === undefined) return undefined
        sink.seen(item, [...key, String(index)])
        return read(form.item, item, [...key, String(index)], sink)
      })
      return items.filter((value) => value !== undefined)
    }
    case 'record':
      return readPairs(node, key, sink, (name) => ({
        form: form.known?.includes(name) === false ? undefined : form.value,
        unknown: `unknown ${form.name}${didYouMean(name, form.known ?? [])}`,
      }))
    case 'object':
      return readPairs(node, key, sink, (name) => ({
        form: Object.hasOwn(form.fields, name) ? form.fields[name]?.shape : undefined,
        unknown: `unknown key${didYouMean(name, Object.keys(form.fields))}`,
      }))
    case 'number':
    case 'either':
      throw new TypeError(`a config file has no ${form.form}`)
  }
}

type Scalar = Extract<Form, { readonly form: 'text' | 'words' }>

function readScalar(form: Scalar, node: Node, key: readonly string[], sink: Sink): unknown {
  const written = writtenText(node)
  if (written === undefined) {
    sink.problem({ node, key, message: `must be ${valuesOf(form)}, not ${kindOf(node)}` })
    return undefined
  }
  const accepted = accept(form, written)
  if ('value' in accepted) return accepted.value
  sink.problem({ node, key, message: accepted.wrong })
  return undefined
}

function accept(form: Scalar, written: string): { readonly value: unknown } | { readonly wrong: string } {
  if (form.form === 'text') return form.accept(written)
  const word = form.words.find((one) => String(one) === written)
  const wrong = `"${written}" is not a ${form.what}; use ${form.words.join(', ')}`
  return word === undefined ? { wrong } : { value: word }
}

/** Each value by the form that `formOf` gives for its key; a key without a form is a problem. */
function readPairs(
  node: Node,
  key: readonly string[],
  sink: Sink,
  formOf: (name: string) => { readonly form: Form | undefined; readonly unknown: string },
): unknown {
  const pairs = pairsOf(node, key, sink)
  const entries: [string, unknown][] = []
  for (const pair of pairs ?? []) {
    const { form, unknown } = formOf(pair.name)
    if (form === undefined) {
      sink.problem({ node: pair.keyNode, key: [...key, pair.name], message: unknown })
      continue
    }
    const value = read(form, pair.value, [...key, pair.name], sink)
    if (value !== undefined) entries.push([pair.name, value])
  }
  return pairs === undefined ? undefined : Object.fromEntries(entries)
}

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

/** The text of a scalar as the file has it; undefined for what is no text or number. */
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
  return isScalar(node) && typeof node.value === 'boolean' ? `the boolean ${String(node.value)}` : 'text'
}
