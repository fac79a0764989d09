// Places in files, and the documentation pages of rules, as text that editors and GitHub make clickable.
import type { Place } from '../../model/source.js'
import { oneLine } from './escape.js'

/** `path:line:column`. */
export const placeText = (place: Place): string =>
  `${oneLine(place.file)}:${place.line.toString()}:${place.column.toString()}`

/** The page of a rule, from the root of this tool's repository. */
export const pageOf = (rule: string): string => `docs/checks/${oneLine(rule)}.md`
