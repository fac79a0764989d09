// Dollar quotes that goose's ENVSUB changes: the server gets another text than the file has.
import { scanLines } from '../go-text.js'
import { looksLikeAnnotation, readAnnotation } from './parser.js'

/** `$$`, and a tag between two dollars, of which ENVSUB reads the first one as a variable. `$$$$` is `$$` to the server. */
const QUOTE = /(?<!\$)\$(?:(?<tag>[A-Za-z_]\w*)\$|\$(?!\$))/

/** A sentence where ENVSUB is on and one of the lines (from 1) has a dollar quote; undefined where none has. */
export function changedQuotes(
  text: string,
  { first, last }: { readonly first: number; readonly last: number },
): string | undefined {
  let on = false
  for (const line of scanLines(text)) {
    if (line.number > last) return undefined
    if (looksLikeAnnotation(line.text)) {
      const read = readAnnotation(line.text)
      if ('annotation' in read && read.annotation.startsWith('ENVSUB')) on = read.annotation === 'ENVSUB ON'
      continue
    }
    const quote = on && line.number >= first ? QUOTE.exec(line.text) : null
    if (quote === null) continue
    const tag = quote.groups?.['tag']
    return tag === undefined
      ? 'ENVSUB makes one $ of $$: switch it off around the $$, or write $$$$.'
      : `ENVSUB reads $${tag} as a variable: switch it off around the $${tag}$, or write $$${tag}$$.`
  }
  return undefined
}
