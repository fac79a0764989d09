// A refusal for want of a right is no fault of the file where the role may not do everything.
import { missingRight } from '../core/missing-right.js'
import type { Script } from '../core/migration.js'
import type { ScriptFailure } from '../core/report.js'

/** `role` is the one that connected. The failure as it is where it is another one. */
export function lackingRight(role: string, script: Script, failure: ScriptFailure): ScriptFailure {
  const takesAnother = script.messages.some(({ text }) => TAKES_ROLE.test(text))
  const right = missingRight({ ...failure, role: takesAnother ? undefined : role })
  return right === undefined ? failure : { ...failure, environment: right }
}

const TAKES_ROLE = /\bSET\s+(?:LOCAL\s+|SESSION\s+)?(?:ROLE|SESSION\s+AUTHORIZATION|AUTHORIZATION)\b/i
