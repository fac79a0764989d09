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
  return gone.flatMap(([from, text]) => {
    const alike = fresh.filter(([, own]) => own === text).map(([path]) => path)
    const same = gone.filter(([, other]) => other === text)
    const to = alike.length === 1 && same.length === 1 ? alike[0] : alike.find((path) => lastOf(path) === lastOf(from))
    return to === undefined ? [] : [{ from, to }]
  })
})

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
