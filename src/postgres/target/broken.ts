// A connection that broke, in words.
import { UserError } from '../../core/errors.js'
import type { LostConnection } from './link.js'

/** `place` is `host:port/database`. */
export function brokenConnection(place: string, error: LostConnection): UserError {
  const said = error.said === undefined ? '' : `: ${error.said.message}`
  return new UserError({
    kind: 'environment',
    what: `The connection to ${place} broke${said}.`,
    fix: 'See whether the server was stopped or ran out of memory or disk (its log says), then run again.',
    cause: error,
  })
}
