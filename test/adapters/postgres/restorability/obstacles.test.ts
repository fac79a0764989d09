// What is reported to be in the way of a restore, against what pg_restore really does.
import { expect } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createBackups } from '../../../../src/adapters/postgres/backup/open.js'
import { connectionTo } from '../../../../src/adapters/postgres/backup/program.js'
import type { DumpObstacle } from '../../../../src/release/backup.js'
import { serverForTests, type LiveDatabase } from '../../../support/live.js'
import { BEFORE, LATER, RESTORABLE, UNRESTORABLE } from '../../../support/restorability.js'
import { testWithDump as test } from '../../../support/with-dump.js'

const live = serverForTests()

async function databaseWith(sql: string): Promise<LiveDatabase> {
  const at = await live.database()
  await at.query(`ALTER DATABASE ${at.name} SET search_path = public, "Other App"`)
  await at.query(`${BEFORE} ${sql}`)
  return at
}

function obstacles(at: LiveDatabase): Promise<readonly DumpObstacle[]> {
  const environment = { ...process.env, DSN: at.dsn }
  const machine = { environment, platform: process.platform, arch: process.arch }
  const backups = createBackups({
    root: '/',
    now: Date.now,
    shell: () => Promise.reject(new Error('no command is run')),
    machine: { ...machine, uid: process.getuid?.(), gid: process.getgid?.() },
    withScratch: (_, body) => body(live.cluster),
  })
  const { signal } = new AbortController()
  return backups.obstacles({ name: 'core_db', dsn: 'DSN', history: undefined, tls: 'usual', signal })
}

/** What pg_restore prints about a dump of the database; it goes on after each error. Empty if there is none. */
async function restoreErrors(at: LiveDatabase): Promise<string> {
  const copy = await live.database()
  const folder = mkdtempSync(path.join(tmpdir(), 'restorability-'))
  const archive = path.join(folder, 'archive')
  const run = (program: string, args: readonly string[], database: string): string => {
    const env = { ...process.env, ...connectionTo(live.cluster.connection(database)) }
    return spawnSync(program, args, { encoding: 'utf8', env }).stderr
  }
  try {
    expect(run('pg_dump', ['-Fc', '-f', archive], at.name)).toBe('')
    return run('pg_restore', ['-d', copy.name, archive], copy.name)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('what pg_restore cannot restore is found, and its repair repairs it', async () => {
  const at = await databaseWith(UNRESTORABLE.map(({ sql }) => sql).join('\n'))
  const found = await obstacles(at)
  const errors = await restoreErrors(at)
  for (const { name, says, error, repair } of UNRESTORABLE) {
    const own = found.filter(({ what }) => what.includes(says))
    expect({ name, kinds: own.map(({ kind }) => kind), repairs: own.map((one) => one.repair.length > 0) }).toEqual({
      name,
      kinds: ['fails'],
      repairs: [repair === undefined],
    })
    if (error !== undefined) expect(errors).toMatch(error)
  }
  expect(found).toHaveLength(UNRESTORABLE.length)
  await at.query(found.flatMap(({ repair }) => repair).join('\n'))
  const left = UNRESTORABLE.filter(({ repair }) => repair === 'none')
  const names = (await obstacles(at)).map(({ what }) => left.find(({ says }) => what.includes(says))?.name)
  expect(names.toSorted()).toEqual(left.map(({ name }) => name).toSorted())
  const unrepaired = (await restoreErrors(at)).match(/ERROR: .*/g) ?? []
  expect(unrepaired.filter((error) => !/"public.[bz]27"|"earth"|"a35"/.test(error))).toEqual([])
})

test('what looks like it and is restored is not reported', async () => {
  const at = await databaseWith([...Object.values(RESTORABLE), ...Object.values(LATER)].join('\n'))
  expect(await restoreErrors(at)).toBe('')
  expect((await obstacles(at)).map(({ kind, what }) => `${kind} ${what}`)).toEqual([
    expect.stringMatching(/^later check constraint m51_n_check of table public\.m51 calls public\.l51_f\(text\), /),
    expect.stringMatching(/^later index public\.m52_l52_f_idx calls public\.l52_f\(text\), /),
  ])
})
