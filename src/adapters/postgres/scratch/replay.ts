// Many scripts in few messages, for stretches of which no change is read.
import { randomBytes } from 'node:crypto'
import type { ReplayStep } from '../../../ports/scratch.js'
import { planSending } from './send-plan.js'
import { isDatabaseError, type Session } from '../session.js'

const LONGEST = 25

/** How many of the next steps may go in one message: scripts that run inside a transaction and leave the session as it is. */
export function batchLength(steps: readonly ReplayStep[], from: number): number {
  let length = 0
  while (length < LONGEST && from + length < steps.length) {
    const step = steps[from + length]
    if (step === undefined) break
    const plan = planSending(step.script)
    if (plan.mode !== 'in one transaction' || plan.setsSession || plan.temporary || plan.locksAdvisory) break
    length++
  }
  return length
}

/**
 * Runs each step in a transaction of its own; gives the number of those that were committed, which is all of them or
 * stops before the one that failed. A setting that is committed with each step tells where the server stopped: it names
 * the message too, since a syntax error anywhere in a message refuses all of it, and the value of an earlier one stays.
 */
export async function sendBatch(session: Session, steps: readonly ReplayStep[]): Promise<number> {
  const message = randomBytes(6).toString('hex')
  const text = steps
    .map(({ script, record = '' }, index) => {
      const body = planSending(script).texts[0] ?? ''
      return `BEGIN;\n${body}\n;SET CONSTRAINTS ALL IMMEDIATE;${record}SET migration_gate.done = '${message} ${index + 1}';COMMIT;`
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
