// The Modules port: each seed runs in its own process, which has no connection and asks the parent for queries and hashes.
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { cancelled } from '../../model/errors.js'
import { Refused } from '../../state/transaction-result.js'
import type { ModuleCall, ModuleEnd, Modules } from '../../ports/modules.js'
import { failureOf, needsNewerNode, readMessage, type ModuleMessage } from './module-messages.js'
import { MODULE_RUNNER, type ModuleOrder } from './module-runner.js'
import { hideIn, secretValues } from './variables.js'
import { hash } from 'bcryptjs'

/**
 * `environment` holds the only variables that the modules see. `node` is the program to run them with. `stripsTypes` says
 * whether it can run TypeScript.
 */
export function createModules(options: {
  root: string
  environment: Readonly<Record<string, string | undefined>>
  node: { readonly program: string; readonly version: string; readonly stripsTypes: boolean }
}): Modules {
  const { root, environment, node } = options
  return {
    call: async (call) => {
      if (call.file.endsWith('.ts') && !node.stripsTypes) return needsNewerNode(call, node.version)
      const url = pathToFileURL(path.resolve(root, call.file)).href
      const child = spawn(node.program, ['--input-type=module', '--eval', MODULE_RUNNER], {
        cwd: root,
        env: { ...environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
      })
      const order: ModuleOrder = { url, direction: call.direction, environment: call.environment }
      child.send(order, () => undefined)
      return converse({ child, call, url, secrets: secretValues(environment) })
    },
  }
}

type Conversation = {
  readonly child: ChildProcess
  readonly call: ModuleCall
  readonly url: string
  readonly secrets: readonly string[]
}

/** Answers the child until it has ended and all its requests are done. */
async function converse({ child, call, url, secrets }: Conversation): Promise<ModuleEnd> {
  const hidden = new Set(secrets)
  const hide = (text: string): string => hideIn(text, hidden)
  const open = new Set<Promise<void>>()
  let end: Extract<ModuleMessage, { kind: 'end' }> | undefined
  let fatal: unknown
  const kill = (): void => void child.kill('SIGKILL')
  const log = (line: string): void => call.log(hide(line))

  const answer = async (message: Extract<ModuleMessage, { kind: 'query' | 'hash' }>): Promise<void> => {
    const { id } = message
    try {
      const value = await answerTo(message, call, (secret) => hidden.add(secret))
      child.send({ id, value }, () => undefined)
    } catch (error) {
      if (error instanceof Refused) {
        child.send({ id, error: { message: hide(error.message), sqlstate: error.sqlstate } }, () => undefined)
        return
      }
      fatal ??= error
      kill()
    }
  }
  child.on('message', (raw) => {
    const message = readMessage(raw)
    if (message?.kind === 'log') log(message.line)
    else if (message?.kind === 'end') end ??= message
    else if (message !== undefined && end === undefined) {
      const job = answer(message).finally(() => open.delete(job))
      open.add(job)
    }
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', log)
  }
  call.signal.addEventListener('abort', kill)
  if (call.signal.aborted) kill()
  try {
    const code = await closed(child)
    await Promise.allSettled(open)
    if (call.signal.aborted) throw cancelled({ fix: 'The running seed was rolled back. Run the command again.' })
    if (fatal !== undefined) throw fatal as Error
    if (end?.absent === true) return { end: 'absent' }
    if (end !== undefined && end.error === undefined) return { end: 'done' }
    return { end: 'failed', failure: failureOf({ call, url, code, error: end?.error, hide }) }
  } finally {
    call.signal.removeEventListener('abort', kill)
  }
}

async function answerTo(
  message: Extract<ModuleMessage, { kind: 'query' | 'hash' }>,
  call: ModuleCall,
  hide: (secret: string) => void,
): Promise<unknown> {
  if (message.kind === 'query') return call.query(message.text, message.values)
  if (typeof message.password === 'string') hide(message.password)
  const hashed = await hashPassword(message.password, call.cost)
  hide(hashed)
  return hashed
}

/** The exit code, after all output and messages were read. Undefined if the process did not start or was killed. */
async function closed(child: ChildProcess): Promise<number | undefined> {
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', () => resolve()))
  const code = await new Promise<number | undefined>((resolve) => {
    child.on('error', () => resolve(undefined))
    child.on('close', (number) => resolve(number ?? undefined))
  })
  if (child.connected) await disconnected
  return code
}

/** In bytes. bcrypt ignores the rest, so two long passwords with the same beginning would have the same hash. */
const MOST_BYTES = 72

/** `cost` is the binary logarithm of the number of rounds. Rejects with a Refused for an invalid password. */
export async function hashPassword(password: unknown, cost: number): Promise<string> {
  if (typeof password !== 'string' || password === '') {
    throw new Refused({ sqlstate: '', message: 'hash() got no password: the text is empty or missing' })
  }
  if (Buffer.byteLength(password) > MOST_BYTES) {
    const message = `hash() got a password of more than ${MOST_BYTES} bytes; bcrypt would ignore the rest`
    throw new Refused({ sqlstate: '', message })
  }
  return hash(password, cost)
}
