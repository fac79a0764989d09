// Parses a config file: its values, every problem, and the place of every value.
import { isAlias, isNode, LineCounter, parseDocument, type Node } from 'yaml'
import type { Place } from '../model/source.js'
import { fileShape, type FileValue } from './keys.js'
import type { ConfigProblem } from './problem.js'
import { readYaml, type Sink } from './read-yaml.js'

/** `value` holds all valid keys, also when there are problems. `placeOf` falls back to the top of the file. */
export type ParsedFile = {
  readonly value: FileValue
  readonly problems: readonly ConfigProblem[]
  readonly placeOf: (key: readonly string[]) => Place
}

/** `file`: the path for places. `rules`: the ids that `checks` may hold. */
export function parseConfig(options: {
  readonly file: string
  readonly text: string
  readonly rules: readonly string[]
}): ParsedFile {
  const { file, text, rules } = options
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems: ConfigProblem[] = [...document.errors, ...document.warnings].map((error) => ({
    place: placeAt(error.pos[0]),
    key: '',
    message: `not YAML: ${oneLine(error.message)}`,
  }))

  const places = new Map<string, Place>()
  const sink: Sink = {
    problem: ({ node, key, message }) =>
      problems.push({ place: placeAt(startOf(node)), key: key.join('.'), message: oneLine(message) }),
    resolve: (node) => (isAlias(node) ? node.resolve(document) : isNode(node) ? node : undefined),
    seen: (node, key) => places.set(id(key), placeAt(startOf(node))),
  }
  // After a syntax error the rest of the nodes is a guess, and problems in a guess mislead.
  const top = document.errors.length > 0 ? null : document.contents
  const value = top === null ? undefined : readYaml(fileShape(rules), top, [], sink)
  return {
    value: value ?? {},
    problems,
    placeOf: (key) => places.get(id(key)) ?? { file, line: 1, column: 1 },
  }
}

const id = (key: readonly string[]): string => JSON.stringify(key)
const startOf = (node: Node): number => node.range?.[0] ?? 0
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
