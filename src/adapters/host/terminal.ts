// Finds out what an output stream can show: colours and width.

/** `width` is in columns. It is undefined if lines may have any length (a file, a pipe, a log). */
export type Terminal = { readonly tty: boolean; readonly width: number | undefined; readonly colour: boolean }

type Stream = { readonly isTTY?: boolean; readonly columns?: number }

/**
 * `wanted` decides first, then NO_COLOR (any text, no-color.org), then FORCE_COLOR (anything but `0` and `false`). Otherwise
 * there are colours on a terminal that is not `dumb`.
 */
export function describeTerminal(options: {
  stream: Stream
  environment: Readonly<Record<string, string | undefined>>
  wanted: 'auto' | 'always' | 'never'
}): Terminal {
  const { stream, environment, wanted } = options
  const tty = stream.isTTY === true
  const columns = stream.columns ?? 0
  return { tty, width: tty && columns >= 20 ? columns : undefined, colour: wantsColour({ tty, environment, wanted }) }
}

function wantsColour(options: {
  tty: boolean
  environment: Readonly<Record<string, string | undefined>>
  wanted: 'auto' | 'always' | 'never'
}): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: term } = options.environment
  if (options.wanted !== 'auto') return options.wanted === 'always'
  if (no !== undefined && no !== '') return false
  if (force !== undefined) return force !== '0' && force !== 'false'
  return options.tty && term !== 'dumb'
}
