// What the workflows of production run on under act: a server, a GitHub on loopback, and for each test a repository with four databases.
import { expect } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { startFakeGithub, type FakeGithub } from '../adapters/github/fake-github.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { up } from '../support/everyday.js'
import { makeRepo, type Repo } from '../support/git.js'
import { startLive, upRequest, worldIn, type LiveDatabase } from '../support/live.js'
import { FOUR } from '../support/production.js'
import { callerOf, CALLERS, copyOf } from './copy.js'
import { ORIGIN, runAct } from './run-act.js'

export const NAMES = ['core_db', 'kyc_db', 'rates_db', 'audit_db'] as const
type Name = (typeof NAMES)[number]

export const HAS_ACT = spawnSync('act', ['--version']).status === 0

const CALLED = ['check.yml', 'comment.yml', 'deploy.yml', 'rollback.yml', 'restore.yml', 'drift.yml'] as const
const PASSWORD = 'Zx9-secret-of-production'

/** `run` is the id that GitHub would give it. */
export type Ran = { readonly run: string; readonly code: number | null; readonly log: string }

export type Site = {
  readonly repo: Repo
  readonly databases: Readonly<Record<Name, LiveDatabase>>
  /** Runs one of the samples of callers, which are in the repository. No secret is in what it prints. */
  readonly act: (event: string, caller: string, inputs?: Readonly<Record<string, string>>) => Promise<Ran>
  /** The newest version in a database, as the tool's own table has it. */
  readonly version: (name: Name) => Promise<unknown>
  /** Applies everything up to a version (undefined: everything), as an earlier run would. */
  readonly upTo: (version?: string) => Promise<void>
  /** What a run kept: files by artifact. */
  readonly kept: (run: string) => Readonly<Record<string, readonly string[]>>
  /** Path of a file that a run kept. */
  readonly at: (run: string, artifact: string, file: string) => string
}

export type Stage = {
  readonly github: FakeGithub
  /** Four new databases, and a repository with migrations for them; `files` are more of those, below `migrations/`. */
  readonly site: (files?: Readonly<Record<string, string>>) => Promise<Site>
  /** After each test: what was made for it is gone, and GitHub has nothing to complain of. */
  readonly clear: () => void
  readonly close: () => Promise<void>
}

/** Must be closed. */
export async function startStage(): Promise<Stage> {
  const [live, github] = await Promise.all([startLive(), startFakeGithub()])
  const action = makeFolder({})
  cpSync('dist', action.at('dist'), { recursive: true })
  cpSync('action.yml', action.at('action.yml'))
  const made: { readonly remove: () => void }[] = []
  return {
    github,
    site: async (files = {}) => {
      const databases = {} as Record<Name, LiveDatabase>
      for (const name of NAMES) databases[name] = await live.database()
      const dsns = Object.fromEntries(NAMES.map((name) => [`${name.toUpperCase()}_DSN`, databases[name].dsn]))
      const identity = await generateIdentity()
      const secrets = {
        ...Object.fromEntries(Object.entries(dsns).map(([name, dsn]) => [name, `${dsn} password=${PASSWORD}`])),
        BACKUP_AGE_IDENTITY: identity,
      }
      const repo = makeProject(files, await identityToRecipient(identity))
      const folder = makeFolder({})
      made.push(repo, folder)
      let runs = 100
      return {
        repo,
        databases,
        act: async (event, caller, inputs = {}) => {
          const run = String((runs += 1))
          const payload = payloadOf(repo, inputs)
          const words = ['--workflows', `.github/workflows/call-${caller}`]
          const ran = await runAct({
            event,
            payload,
            run,
            repo,
            folder,
            action,
            github,
            secrets,
            words,
            workflows: CALLED,
          })
          for (const secret of [PASSWORD, identity]) expect(ran.log).not.toContain(secret)
          return { run, ...ran }
        },
        version: async (name) => (await databases[name].query('SELECT version FROM schema_migrations'))[0]?.['version'],
        upTo: async (to) => {
          const report = await up(upRequest({ to }), worldIn(repo.path, dsns))
          expect(report.verdict).toBe('pass')
        },
        kept: (run) => namesIn(folder, run),
        at: (run, artifact, file) => folder.at(`artifacts/${run}/${artifact}/${file}`),
      }
    },
    clear: () => {
      expect(github.violations).toEqual([])
      github.reset()
      for (const one of made.splice(0)) one.remove()
    },
    close: async () => {
      action.remove()
      await github.close()
      await live.close()
    },
  }
}

/** Migrations, our workflows, and the samples that call them, with a key for backups. */
function makeProject(files: Readonly<Record<string, string>>, recipient: string): Repo {
  const backups = `backup-key: ${recipient}\n      prove-backup: restore\n`
  const repo = makeRepo({
    ...Object.fromEntries(Object.entries({ ...FOUR, ...files }).map(([name, text]) => [`migrations/${name}`, text])),
    ...Object.fromEntries(CALLED.map((name) => [`.github/workflows/${name}`, copyOf(name).copy])),
    ...Object.fromEntries(
      CALLERS.map((name) => [
        `.github/workflows/call-${name}`,
        callerOf(name).replace(/backup-key: age1\.\.\..*\n/, backups),
      ]),
    ),
    'migration-gate.yml': 'deploy:\n  refs: any\n  order: [core_db, kyc_db, rates_db, audit_db]\n',
  })
  // act takes the repository's name from here.
  repo.git('remote', 'add', 'origin', ORIGIN)
  return repo
}

function payloadOf(repo: Repo, inputs: Readonly<Record<string, string>>): unknown {
  const sha = repo.git('rev-parse', 'HEAD')
  const repository = { full_name: 'o/r', name: 'r', owner: { login: 'o' }, default_branch: 'main' }
  return { repository, ref: 'refs/heads/main', after: sha, head_commit: { id: sha }, inputs }
}

const namesIn = (folder: Folder, run: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    readdirSync(folder.at(`artifacts/${run}`)).map((name) => [
      name,
      readdirSync(folder.at(`artifacts/${run}/${name}`)),
    ]),
  )
