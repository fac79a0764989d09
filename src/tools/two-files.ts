// Tools with a file for each direction.
import type { Direction } from '../model/migration.js'
import { plain, runsAlone } from './new-text.js'
import type { Create, FileNames, NewFile, NewScript, Written } from './tool.js'

/**
 * `otherFile` and `names` as in `Directions` and `Create`. What makes the tool open no transaction: `firstLine` of a file, or
 * `beside`, a file for both directions.
 */
export function twoFiles(options: {
  readonly otherFile: (path: string, to: Direction) => string | undefined
  readonly names: Create['names']
  readonly firstLine?: string
  readonly beside?: (names: FileNames) => NewFile
}): Written<'two files'> {
  const { otherFile, names, firstLine, beside } = options
  const whole = (script: NewScript): string =>
    firstLine !== undefined && runsAlone(script) ? `${firstLine}\n${plain(script)}` : plain(script)
  return {
    directions: { in: 'two files', otherFile },
    create: {
      names,
      script: plain,
      files: (paths, up, down) => [
        { path: paths.up, text: whole(up) },
        { path: paths.down, text: whole(down) },
        ...(beside !== undefined && (runsAlone(up) || runsAlone(down)) ? [beside(paths)] : []),
      ],
    },
  }
}

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
