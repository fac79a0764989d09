// The relations that a statement reads or changes, as far as its text shows.
import { TokenReader } from './token-reader.js'

/** Words in front of the name of a relation, or of a list of names. */
const BEFORE = new Set('TABLE INTO UPDATE FROM JOIN ON REFERENCES USING VIEW TRUNCATE COPY LIKE'.split(' '))

/** How deep bodies are in bodies, before we stop reading. */
const DEEPEST = 20

/** Names as `plainName` writes them, also those in the body of a block or a routine. Now and then one that is no relation. */
export function relationsIn(statement: string, depth = 0): readonly string[] {
  const names: string[] = []
  const reader = new TokenReader(statement)
  while (!reader.ended) {
    const body = reader.literal()
    if (body !== undefined) {
      if (depth < DEEPEST) names.push(...relationsIn(body, depth + 1))
      continue
    }
    const isBefore = BEFORE.has(reader.word)
    reader.next()
    if (!isBefore) continue
    reader.take('IF', 'EXISTS')
    do {
      reader.take('ONLY')
      const name = BEFORE.has(reader.word) ? undefined : reader.name()
      if (name !== undefined) names.push(name)
      reader.take('*')
      reader.take('AS')
      // An alias in a list.
      if (reader.wordAfter(1) === ',') reader.identifier()
    } while (reader.take(','))
  }
  return names
}
