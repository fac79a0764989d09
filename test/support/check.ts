// What tests ask a check for, where they are about something else, and a server that outlives it.
import type { CheckRequest } from '../../src/commands/shared/request.js'
import type { ScratchServer } from '../../src/ports/scratch.js'

/** Of the working tree alone, without a proof. */
export const checkRequest = (more: Partial<CheckRequest> = {}): CheckRequest => ({
  command: 'check',
  paths: [],
  config: undefined,
  databases: [],
  server: undefined,
  postgres: undefined,
  disposableServer: false,
  proof: 'none',
  unit: undefined,
  failOn: 'error',
  updateDebt: false,
  fix: false,
  against: { event: 'nothing' },
  scope: 'all',
  ...more,
})

/** A server that several tests share is closed by whoever started it. */
export const lent = (server: ScratchServer): ScratchServer => ({ ...server, close: () => Promise.resolve() })
