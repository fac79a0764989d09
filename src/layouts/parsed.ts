// What the parsers of single-file layouts say about one file, and how that becomes a problem of the folder.
import type { Problem } from '../core/problem.js'

/** A place in a file with what is wrong there. Lines and columns count from 1. */
export type Trouble = {
  readonly line: number
  readonly column?: number
  readonly message: string
  readonly why: string
  readonly fix: string
}

/** The same trouble is told once, even where two passes over a file meet it. */
export function problemsOf(options: {
  readonly rule: string
  readonly file: string
  readonly migration: string
  readonly troubles: readonly Trouble[]
}): readonly Problem[] {
  const seen = new Set<string>()
  return options.troubles.flatMap(({ line, column = 1, message, why, fix }) => {
    const key = `${String(line)} ${message}`
    if (seen.has(key)) return []
    seen.add(key)
    return [
      {
        rule: options.rule,
        migration: options.migration,
        place: { file: options.file, line, column },
        message,
        why,
        fix,
      },
    ]
  })
}
