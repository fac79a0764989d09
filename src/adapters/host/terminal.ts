// What the stream that is written to can show.

/** `width` is in columns; undefined where lines may be as long as they like (a file, a pipe, a log). */
export type Terminal = { readonly tty: boolean; readonly width: number | undefined; readonly colour: boolean }

type Stream = { readonly isTTY?: boolean; readonly columns?: number }

/**
 * `wanted` wins; then NO_COLOR (any text, no-color.org), then FORCE_COLOR (anything but `0` and `false`), then whether it is
 * a terminal that is not `dumb`.
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
