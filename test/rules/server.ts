// One server for all proofs of a test file, started by the first that needs it.
import type { ScratchServer } from '../../src/ports/scratch.js'
import { openServer } from '../support/server.js'

let opened: Promise<ScratchServer> | undefined

export function sharedServer(): Promise<ScratchServer> {
  opened ??= openServer()
  return opened
}

/** For `afterAll`. */
export async function closeSharedServer(): Promise<void> {
  await (await opened)?.close()
}
