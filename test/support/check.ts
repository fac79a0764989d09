// What tests ask of a check or a create, where they are about something else, and a server that outlives it.
import type { CreateRequest } from '../../src/commands/create/request.js'
import type { CheckRequest } from '../../src/requests/request.js'
import type { ScratchServer } from '../../src/ports/scratch.js'

/** Of the working tree alone, without a proof, and without a look at a database in use. */
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
  impact: 'none',
  fix: false,
  against: { event: 'nothing' },
  scope: 'all',
  ...more,
})

/** The next migration, without SQL that it is made of. */
export const createRequest = (
  more: Partial<CreateRequest> & Pick<CreateRequest, 'database' | 'name'>,
): CreateRequest => ({
  command: 'create',
  seed: false,
  fromSql: undefined,
  config: undefined,
  server: undefined,
  postgres: undefined,
  disposableServer: false,
  ...more,
})

/** A server that several tests share is closed by the one that started it. */
export const lent = (server: ScratchServer): ScratchServer => ({ ...server, close: () => Promise.resolve() })
