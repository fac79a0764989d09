// Four databases of production with migrations in a folder, for tests of plan, deploy, rollback and restore.
import { afterEach } from '@jest/globals'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deploy } from '../../src/commands/release/deploy.js'
import { plan } from '../../src/commands/release/plan.js'
import type {
  BackupRequest,
  DeployRequest,
  LiveOptions,
  PlanRequest,
  RestoreRequest,
  RollbackRequest,
} from '../../src/requests/request.js'
import { restore } from '../../src/commands/release/restore.js'
import { rollback } from '../../src/commands/release/rollback.js'
import type { World } from '../../src/commands/shared/context.js'
import type { LiveReport } from '../../src/report/run-report.js'
import { renderJson } from '../../src/render/json.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { refuseSecrets } from './canary.js'
import { up } from './everyday.js'
import { LIVE_OPTIONS, upRequest, worldIn, type LiveDatabase, type LiveServer } from './live.js'

const OPTIONS: LiveOptions = { ...LIVE_OPTIONS, environment: 'production', lockMs: 2_000 }

export const BACKUP: BackupRequest = {
  kind: 'dump',
  id: undefined,
  folder: 'backups',
  jobs: 1,
  proof: 'read',
  key: undefined,
  command: undefined,
}

type Asked<R> = Partial<Omit<R, 'command'>>
/** Texts by their paths. */
type Files = Readonly<Record<string, string>>
type More = Parameters<typeof worldIn>[2]

export type Production = {
  readonly folder: Folder
  readonly databases: Readonly<Record<string, LiveDatabase>>
  readonly dsns: Readonly<Record<string, string>>
  readonly write: (files: Readonly<Record<string, string>>) => void
  readonly world: (more?: More) => World
  /** Applies everything up to a version, as an earlier run would. */
  readonly upTo: (version: string) => Promise<LiveReport>
  readonly plan: (asked?: Asked<PlanRequest>, more?: More) => Promise<LiveReport>
  /** Makes a plan, writes it, and deploys it under its digest, unless something else is asked for. */
  readonly deploy: (asked?: Asked<DeployRequest>, more?: More) => Promise<LiveReport>
  /** The options of a deploy that was approved now: its digest, and its file. */
  readonly approve: (asked?: Asked<PlanRequest>) => Promise<{ readonly digest: string; readonly plan: string }>
  readonly rollback: (asked: Asked<RollbackRequest>, more?: More) => Promise<LiveReport>
  readonly restore: (asked: Asked<RestoreRequest>, more?: More) => Promise<LiveReport>
}

/** `files` are below `migrations/`; the first part of each path is the name of a database, of which each gets one. */
export async function makeProduction(live: LiveServer, files: Files): Promise<Production> {
  const all = Object.fromEntries(Object.entries(files).map(([name, text]) => [`migrations/${name}`, text]))
  const folder = makeFolder(all)
  const names = [...new Set(Object.keys(files).map((name) => name.split('/')[0] ?? ''))]
  const databases: Record<string, LiveDatabase> = {}
  for (const name of names) databases[name] = await live.database()
  const dsns = Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_DSN`, databases[name]?.dsn ?? '']))
  const world = (more: More = {}): World =>
    worldIn(folder.path, dsns, {
      server: live.server,
      ...more,
      backups: { withScratch: (_, body) => body(live.cluster), ...more.backups },
    })
  /** Neither a report nor what was written beside a backup shows a password. */
  const seen = async (running: Promise<LiveReport>): Promise<LiveReport> => {
    const report = await running
    const backups = existsSync(folder.at('backups')) ? readdirSync(folder.at('backups')) : []
    const sheets = backups.filter((name) => /\.(?:json|sql)$/.test(name)).map((name) => folder.at(`backups/${name}`))
    refuseSecrets({
      report: renderJson(report),
      ...Object.fromEntries(sheets.map((file) => [file, readFileSync(file, 'utf8')])),
    })
    return report
  }
  const planned = (asked: Asked<PlanRequest> = {}, more?: More): Promise<LiveReport> =>
    seen(
      plan(
        {
          ...OPTIONS,
          command: 'plan',
          proof: 'guided',
          to: undefined,
          late: 'refuse',
          existing: 'refuse',
          expires: undefined,
          ...asked,
        },
        world(more),
      ),
    )
  const approve = async (asked?: Asked<PlanRequest>): Promise<{ digest: string; plan: string }> => {
    const report = await planned(asked)
    writeFileSync(folder.at('plan.json'), renderJson(report))
    return { digest: report.approval?.digest.slice(0, 8) ?? '', plan: 'plan.json' }
  }
  return {
    folder,
    databases,
    dsns,
    world,
    plan: planned,
    approve,
    write: (more) => {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(path.dirname(folder.at(name)), { recursive: true })
        writeFileSync(folder.at(name), text)
      }
    },
    upTo: (to) => up(upRequest({ to, existing: 'allow' }), world()),
    deploy: async (asked = {}, more) => {
      const { to, existing = 'refuse' } = asked
      const approved = 'digest' in asked ? {} : await approve({ to, existing })
      const usual = {
        to: undefined,
        late: 'refuse',
        existing: 'refuse',
        expires: undefined,
        plan: undefined,
        irreversible: [],
        smoke: undefined,
        unrestorable: [],
        proof: 'guided',
      } as const
      const request = { ...OPTIONS, ...usual, command: 'deploy', digest: undefined, backup: BACKUP } as const
      return seen(deploy({ ...request, ...approved, ...asked }, world(more)))
    },
    rollback: (asked, more) =>
      seen(
        rollback(
          {
            ...OPTIONS,
            command: 'rollback',
            to: undefined,
            steps: undefined,
            run: undefined,
            confirm: undefined,
            irreversible: [],
            reason: undefined,
            backup: BACKUP,
            smoke: undefined,
            unrestorable: [],
            proof: 'guided',
            ...asked,
          },
          world(more),
        ),
      ),
    restore: (asked, more) =>
      seen(
        restore(
          {
            ...OPTIONS,
            command: 'restore',
            archive: undefined,
            undo: false,
            jobs: 1,
            confirm: undefined,
            differences: 'refuse',
            reason: undefined,
            ...asked,
          },
          world(more),
        ),
      ),
  }
}

/** As `makeProduction`, for the tests of a file: the folders that a test has made are removed after it. */
export function productionsForTests(live: LiveServer): (files: Files, server?: LiveServer) => Promise<Production> {
  const made: Production[] = []
  afterEach(() => {
    for (const { folder } of made.splice(0)) folder.remove()
  })
  return async (files, server = live) => {
    const one = await makeProduction(server, files)
    made.push(one)
    return one
  }
}

/** `00001_m.up.sql` and its down, in the folder of a database. */
export const pairOf = (
  database: string,
  version: string,
  up: string,
  down: string,
): Readonly<Record<string, string>> => ({
  [`${database}/${version}_m.up.sql`]: `${up}\n`,
  [`${database}/${version}_m.down.sql`]: `${down}\n`,
})

/** Two tables, one after another, in each of the four databases. */
export const FOUR: Readonly<Record<string, string>> = Object.assign(
  {},
  ...['core_db', 'kyc_db', 'rates_db', 'audit_db'].flatMap((name) => [
    pairOf(name, '00001', 'CREATE TABLE a (id int PRIMARY KEY);', 'DROP TABLE a;'),
    pairOf(name, '00002', 'ALTER TABLE a ADD COLUMN note text;', 'ALTER TABLE a DROP COLUMN note;'),
  ]),
) as Readonly<Record<string, string>>

/** `core_db 00002 applied` of every step. */
export const outcomes = ({ targets }: LiveReport): readonly string[] =>
  targets.flatMap(({ name, steps }) => steps.map(({ version, outcome }) => `${name} ${version} ${outcome}`))

export const rules = ({ approval }: LiveReport): readonly string[] => approval?.refused.map(({ rule }) => rule) ?? []

export const reasons = ({ approval }: LiveReport): string => approval?.refused.map(({ what }) => what).join('\n') ?? ''
