// Two migrations that a tool cannot tell apart.
import type { Problem } from '../core/problem.js'

/** `key` is what the tool compares; `version` is how it is written in the name. */
export type Claim = { readonly key: string; readonly version: string; readonly id: string; readonly file: string }

/** One problem for each file past the first that claims a version; `what` is what the tool does then, as a sentence. */
export function duplicateProblems(claims: readonly Claim[], what: string): readonly Problem[] {
  const first = new Map<string, Claim>()
  return claims.flatMap((claim) => {
    const earlier = first.get(claim.key)
    if (earlier === undefined) {
      first.set(claim.key, claim)
      return []
    }
    return [
      {
        rule: 'duplicate-version',
        migration: claim.id,
        place: { file: claim.file, line: 1, column: 1 },
        message: `version ${claim.version} is taken twice: ${earlier.file} and ${claim.file}`,
        why: what,
        fix: `Give ${claim.file} the next free version.`,
      },
    ]
  })
}
