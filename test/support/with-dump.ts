// Tests of production need pg_dump: without it nothing can be backed up, and they are skipped by name.
import { test } from '@jest/globals'
import { findClients } from '../../src/adapters/postgres/backup/clients.js'

const machine = { environment: process.env, platform: process.platform, arch: process.arch }
const hasDump = await findClients(
  { ...machine, uid: process.getuid?.(), gid: process.getgid?.() },
  { major: 14, version: '14' },
).then(
  () => true,
  () => false,
)

const skip = (name: string): void => {
  test.skip(`${name} (needs pg_dump)`, () => undefined)
}
const skipEach = (table: readonly unknown[]) => (name: string) => {
  test.skip.each(table)(`${name} (needs pg_dump)`, () => undefined)
}
const skipped = Object.assign(skip, { each: skipEach, skip: test.skip }) as unknown as typeof test

/** `test` where the machine has pg_dump; elsewhere each test is skipped, and its name says why. */
export const testWithDump = hasDump ? test : skipped
