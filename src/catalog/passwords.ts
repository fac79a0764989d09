// Passwords of roles. A server stores a verifier with a random salt, so the same password looks different each time it is set.
import type { Difference } from './difference.js'
import type { UpChange } from './up-effect.js'

/**
 * Roles that had a password before the up, got another one, and still have that one after the down. A password that the
 * down sets cannot be compared with the first one: there is no difference then. `sinceBefore` and `sinceUp` are what changed
 * up to now from the state before the up, and from the state after it.
 */
export const keptPasswords = (sinceBefore: UpChange, sinceUp: UpChange): readonly Difference[] =>
  [...sinceBefore.before].flatMap(([unit, document]): readonly Difference[] => {
    const was = digestIn(document)
    const is = digestIn(sinceBefore.after.get(unit))
    const set = sinceUp.before.has(unit) ? digestIn(sinceUp.before.get(unit)) : is
    if (was === undefined || is === undefined || is.digest === was.digest || is.digest !== set?.digest) return []
    return [
      {
        change: 'changed',
        class: 'real',
        kind: 'role',
        identity: is.role,
        parent: undefined,
        before: 'PASSWORD',
        after: 'PASSWORD (a different one)',
      },
    ]
  })

function digestIn(document: string | undefined): { readonly role: string; readonly digest: unknown } | undefined {
  if (document?.startsWith('[["role"') !== true) return undefined
  const [[, role, { password: digest }]] = JSON.parse(document) as [[string, string, Record<string, unknown>]]
  return digest === undefined ? undefined : { role, digest }
}
