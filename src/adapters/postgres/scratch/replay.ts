// Sends many scripts in few messages, for stretches whose changes nothing reads.
import { randomBytes } from 'node:crypto'
import type { ReplayStep } from '../../../ports/scratch.js'
import { fitsAttempt } from './attempt.js'
import { CHECK_CONSTRAINTS, planSending } from './send-plan.js'
import { isDatabaseError, type Session } from '../session.js'

const LONGEST = 25

/**
 * How many of the next steps fit in one message: scripts that run inside a transaction and do not change the session.
 */
export function batchLength(steps: readonly ReplayStep[], from: number): number {
  let length = 0
  while (length < LONGEST && from + length < steps.length) {
    const step = steps[from + length]
    if (step === undefined) break
    const plan = planSending(step.script)
    if (!fitsAttempt(plan) || plan.setsSession) break
    length++
  }
  return length
}

/**
 * Runs each step in its own transaction. Gives the number of committed steps: all, or those before the failed one. Each
 * step also commits a setting that shows where the server stopped. The setting names the message too. A syntax error
 * anywhere in a message refuses all of it, and leaves the value of an earlier message.
 */
export async function sendBatch(session: Session, steps: readonly ReplayStep[]): Promise<number> {
  const message = randomBytes(6).toString('hex')
  const text = steps
    .map(({ script, record = '' }, index) => {
      const body = planSending(script).texts[0] ?? ''
      return `BEGIN;\n${body}${CHECK_CONSTRAINTS}${record}SET migration_gate.done = '${message} ${index + 1}';COMMIT;`
    })
    .join('\n')
  try {
    await session.send(text)
    return steps.length
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    await session.send('ROLLBACK')
    const answers = await session.send("SELECT current_setting('migration_gate.done', true)")
    const done = answers.at(-1)?.rows[0]?.[0] ?? ''
    return done.startsWith(`${message} `) ? Number(done.slice(message.length)) : 0
  }
}
