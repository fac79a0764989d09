// Runs a short command to its end, as our account or another one.
import { spawn } from 'node:child_process'
import { stopIfCancelled } from '../../../model/errors.js'
import { childEnvironment } from './machine.js'
import type { Account, Machine } from './machine.js'

/** `code` is undefined when the program could not start or a signal ended it. `output` is both streams. */
export type Ended = {
  readonly code: number | undefined
  readonly output: string
  readonly spawnError: string | undefined
}

export type CommandOptions = {
  readonly program: string
  readonly args: readonly string[]
  readonly machine: Pick<Machine, 'environment'>
  readonly account?: Account | undefined
  readonly input?: string
  readonly signal?: AbortSignal
}

const LONGEST_OUTPUT = 16_384

/**
 * Never rejects for a fault of the program. It has its own session, so that Ctrl-C in the terminal reaches only us. Our
 * `signal` ends the program, and then the promise rejects with a UserError of kind `cancelled`.
 */
export async function runCommand(options: CommandOptions): Promise<Ended> {
  if (options.signal) stopIfCancelled(options.signal)
  const child = spawn(options.program, options.args, {
    cwd: '/',
    detached: true,
    env: childEnvironment(options.machine),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.account && { uid: options.account.uid, gid: options.account.gid }),
  })
  let output = ''
  const collect = (text: string): void => {
    output = (output + text).slice(-LONGEST_OUTPUT)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  child.stdin.on('error', () => undefined).end(options.input ?? '')
  const abort = (): void => {
    child.kill('SIGTERM')
  }
  options.signal?.addEventListener('abort', abort)
  const ended = await new Promise<Ended>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: undefined, output, spawnError: error.code ?? error.message })
    })
    child.once('close', (code) => {
      resolve({ code: code ?? undefined, output, spawnError: undefined })
    })
  })
  options.signal?.removeEventListener('abort', abort)
  if (options.signal) stopIfCancelled(options.signal)
  return ended
}

/**
 * Removes a folder and its contents, with the rights of the account that may write in it. So a link that was placed
 * there meanwhile leads only to files that this account could remove anyway.
 */
export async function removeTree(options: {
  path: string
  machine: Pick<Machine, 'environment'>
  account: Account | undefined
}): Promise<void> {
  const { path, machine, account } = options
  await runCommand({ program: 'rm', args: ['-rf', '--', path], machine, account })
}
