// Statements whose effect only some roles may read in the catalogue.
import { codeOnly, statementsIn } from '../statements.js'

/** By what the effect is. */
export type HiddenEffect = 'settings of the server' | 'passwords of roles' | 'connections of subscriptions'

/** A new role or subscription shows by itself, so only statements about an existing one count there. */
const STATEMENTS: Readonly<Record<HiddenEffect, RegExp>> = {
  'settings of the server': /\bALTER\s+SYSTEM\b/i,
  'passwords of roles': /\bALTER\s+(?:ROLE|USER)\b[^;]*\bPASSWORD\b/i,
  'connections of subscriptions': /\bALTER\s+SUBSCRIPTION\b[^;]*\bCONNECTION\b/i,
}

/** Whether a script has such an effect, as far as its text shows; a body of DO or of a routine is searched too. */
export const hasHiddenEffect = (
  script: { readonly messages: readonly { readonly text: string }[] },
  effect: HiddenEffect,
): boolean =>
  script.messages.some(
    (message) =>
      STATEMENTS[effect].test(message.text) &&
      statementsIn(message).some(({ text }) => STATEMENTS[effect].test(isBody(text) ? text : codeOnly(text))),
  )

const isBody = (text: string): boolean => /\$\w*\$/.test(text)
