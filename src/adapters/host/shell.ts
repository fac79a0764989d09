// Runs a command of the user with sh, in the working directory and with the variables of this process.
import { spawn } from 'node:child_process'
import type { Shell } from '../../ports/host.js'

/** Discards the output. Never rejects. The signal ends the command and all its child processes. */
export const createShell =
  ({ root, environment }: { root: string; environment: NodeJS.ProcessEnv }): Shell =>
  ({ command, args = [], signal }) =>
    new Promise((resolve) => {
      const child = spawn('/bin/sh', ['-c', command, 'sh', ...args], {
        cwd: root,
        env: environment,
        stdio: 'ignore',
        detached: true,
      })
      const end = (): void => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
        } catch {
          // It has already ended.
        }
      }
      signal.addEventListener('abort', end)
      const ended = (code: number | undefined): void => {
        signal.removeEventListener('abort', end)
        resolve({ code })
      }
      child.once('error', () => ended(undefined))
      child.once('close', (code) => ended(code ?? undefined))
    })
