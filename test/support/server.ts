// A real PostgreSQL for tests: found or started exactly as a run of the program does.
import { test } from '@jest/globals'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../src/adapters/host/clock.js'
import { createScratchServer } from '../../src/adapters/postgres/scratch/server.js'
import { provideServer } from '../../src/adapters/postgres/server/provide.js'
import type { ScratchServer } from '../../src/ports/scratch.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** `name` as in test/platforms/package.json, without what follows it (`postgres-14`); undefined when it is not installed. */
export function platformPackage(name: string): string | undefined {
  const folder = path.join(ROOT, 'test/platforms/node_modules', `${name}-${process.platform}-${process.arch}`)
  return existsSync(folder) ? folder : undefined
}

/** In the place of a platform package: what a run without options takes. */
export const OWN_SERVER = 'the server of a run without options'

/** For `describe.each`: `it` skips a platform package that is not installed, and `needs` says so in its title. */
export function serverNamed(name: string): {
  readonly folder: string | undefined
  readonly it: typeof test | typeof test.skip
  readonly needs: string
} {
  if (name === OWN_SERVER) return { folder: undefined, it: test, needs: 'needs PostgreSQL alone' }
  const folder = platformPackage(name)
  return { folder, it: folder === undefined ? test.skip : test, needs: `needs ${name} in test/platforms` }
}

/**
 * The server that a run without options would take; with `folder`, that of the platform package there, whatever this
 * machine has installed. Must be closed.
 */
export async function openServer(folder?: string): Promise<ScratchServer> {
  const clusters = await provideServer({
    server: undefined,
    major: undefined,
    disposable: false,
    packagesRoot: [folder ?? ROOT],
    signal: new AbortController().signal,
    environment: folder === undefined ? process.env : { ...process.env, PATH: '' },
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    ...(folder === undefined ? {} : { programFolders: [] }),
  })
  return createScratchServer(clusters, systemClock)
}
