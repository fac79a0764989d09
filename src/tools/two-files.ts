// Tools with a file for each direction.
import type { Direction } from '../model/migration.js'
import { plain } from './new-text.js'
import type { Create, Written } from './tool.js'

/** `otherFile` and `names` as in `Directions` and `Create`. */
export const twoFiles = (options: {
  readonly otherFile: (path: string, to: Direction) => string | undefined
  readonly names: Create['names']
}): Written<'two files'> => ({
  directions: { in: 'two files', otherFile: options.otherFile },
  create: {
    names: options.names,
    script: plain,
    files: (names, up, down) => [
      { path: names.up, text: plain(up) },
      { path: names.down, text: plain(down) },
    ],
  },
})

/** Words for the two directions, as people write them. */
export const DIRECTION_WORDS = [
  ['up', 'down'],
  ['do', 'undo'],
  ['deploy', 'revert'],
  ['apply', 'unapply'],
  ['forward', 'backward'],
  ['upgrade', 'downgrade'],
] as const

/** By the last word for a direction in the file name; undefined where there is none. */
export function otherByWord(path: string, to: Direction): string | undefined {
  const cut = path.lastIndexOf('/') + 1
  const parts = path.slice(cut).split(/([._-])/)
  for (const [up, down] of DIRECTION_WORDS) {
    const [from, into] = to === 'down' ? [up, down] : [down, up]
    const at = parts.lastIndexOf(from)
    if (at >= 0) return path.slice(0, cut) + parts.with(at, into).join('')
  }
  return undefined
}
