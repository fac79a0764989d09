// A forge on the fake GitHub, and the ways in which that one can fail it.
import { createForge } from '../../../src/adapters/github/forge.js'
import type { Forge } from '../../../src/ports/forge.js'
import type { Asked, FakeGithub, Trouble } from './fake-github.js'

export const BROKEN = { status: 500, message: 'Server Error' }

export const refusal = (status: number): Trouble => ({ status, message: status === 404 ? 'Not Found' : 'Refused' })

/** `waits` holds the milliseconds that a forge waited; it waits no real time. */
export function createForges(github: FakeGithub) {
  const waits: number[] = []
  const clock = {
    now: () => 1_000_000_000_000,
    elapsed: () => 0,
    pause: (milliseconds: number): Promise<void> => {
      waits.push(milliseconds)
      return Promise.resolve()
    },
  }
  const asks = (method: string, part: string) => (asked: Asked) => asked.method === method && asked.path.endsWith(part)
  return {
    waits,
    forge: ({ token = 'ghs_0123456789', signal = new AbortController().signal } = {}): Forge =>
      createForge({ token, signal, clock, repository: 'o/r', apiUrl: github.url }),
    /** The first answers to such requests; the others pass. */
    once: (method: string, part: string, ...troubles: readonly Trouble[]): void => {
      const left = [...troubles]
      github.trouble = (asked) => (asks(method, part)(asked) ? left.shift() : undefined)
    },
    always: (method: string, part: string, trouble: Trouble): void => {
      github.trouble = (asked) => (asks(method, part)(asked) ? trouble : undefined)
    },
    requests: (method: string, part: string): readonly Asked[] => github.asked.filter(asks(method, part)),
  }
}
