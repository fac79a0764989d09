// The Progress port on a terminal: one line per active database, removed when the result is printed.
import type { Clock, Progress } from '../../ports/host.js'
import { printable } from './printable.js'

type Stream = { readonly columns?: number; readonly rows?: number; readonly write: (text: string) => unknown }

/** Milliseconds between two drawings, so that a fast run does not spend its time on drawing. */
const PAUSE_MS = 100

/** Draws nothing, for output that is not a terminal. */
export const silentProgress: Progress & { readonly clear: () => void } = {
  move: () => undefined,
  clear: () => undefined,
}

/** `clear` removes the lines. Call it before any other output to the same terminal. */
export function terminalProgress(
  stream: Stream,
  clock: Pick<Clock, 'elapsed'>,
): Progress & { readonly clear: () => void } {
  const lines = new Map<string, { readonly done: number; readonly total: number; readonly since: number }>()
  // A terminal of unknown size says 0.
  const columns = (): number => stream.columns || 80
  let drawn = 0
  let last = -PAUSE_MS
  const clear = (): void => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  const draw = (): void => {
    last = clock.elapsed()
    const width = Math.max(...[...lines.keys()].map((name) => name.length))
    const rows = [...lines].map(([name, { done, total, since }]) => {
      const seconds = ((last - since) / 1000).toFixed(1)
      const line = `  ${name.padEnd(width)}  ${done} of ${total} migrations  ${seconds} s`
      return printable(line, { surface: 'terminal', colour: false }).slice(0, columns() - 1)
    })
    const fitting = rows.slice(0, Math.max(1, (stream.rows ?? 24) - 2))
    clear()
    stream.write(fitting.map((row) => `${row}\n`).join(''))
    drawn = fitting.length
  }
  return {
    move: (database, done, total) => {
      const since = lines.get(database)?.since ?? clock.elapsed()
      if (done >= total) lines.delete(database)
      else lines.set(database, { done, total, since })
      if (lines.size === 0) clear()
      else if (clock.elapsed() - last >= PAUSE_MS) draw()
    },
    clear,
  }
}
