// Files of the base branch that a change gives another path, found by their text.
import type { Move } from '../../model/tool.js'
import type { RuleInput } from '../rule.js'
import { once } from '../read-input.js'
import { changeIn } from './merged.js'

/** Files that are gone from the base's path and are somewhere else in the folder with the very same text. */
export const movedIn = once((input: RuleInput): readonly Move[] => {
  const change = changeIn(input)
  if (change === undefined) return []
  const now = new Map(input.files.map(({ path, text }) => [path, text]))
  const gone = [...change.baseTexts].filter(([path, text]) => !now.has(path) && text.trim() !== '')
  const fresh = [...now].filter(([path]) => !change.baseTexts.has(path))
  const places = new Map<string, { readonly from: string[]; readonly to: string[] }>()
  const at = (text: string): { readonly from: string[]; readonly to: string[] } => {
    const known = places.get(text) ?? { from: [], to: [] }
    places.set(text, known)
    return known
  }
  for (const [path, text] of gone) at(text).from.push(path)
  for (const [path, text] of fresh) if (places.has(text)) at(text).to.push(path)
  return gone.flatMap(([from, text]) => {
    const alike = at(text)
    const isPlain = alike.from.length === 1 && alike.to.length === 1
    const to = isPlain ? alike.to[0] : alike.to.find((path) => lastOf(path) === lastOf(from))
    return to === undefined ? [] : [{ from, to }]
  })
})

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
