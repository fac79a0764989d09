// A small project in memory: its working tree, its base branch and other pull requests, read by the whole command `check`.
import { check } from '../../src/commands/check/check.js'
import type { CheckRequest } from '../../src/requests/request.js'
import type { World } from '../../src/commands/shared/context.js'
import type { OpenPull } from '../../src/model/change.js'
import type { SourceFile } from '../../src/model/source.js'
import { compareBytes } from '../../src/model/version.js'
import type { CommitFiles, Files, Repository } from '../../src/ports/files.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import type { Report } from '../../src/report/check-report.js'
import { checkRequest, lent } from '../support/check.js'
import { NOTHING } from '../support/nothing.js'

/**
 * `now` is the working tree, `base` where the change started, `tip` the newest state of the base branch: bytes by path.
 * `pulls` are the paths that other pull requests add, by their numbers.
 */
export type Project = {
  readonly now: Map<string, Uint8Array>
  readonly base: Map<string, Uint8Array>
  readonly tip: Map<string, Uint8Array>
  readonly unreadable: Set<string>
  readonly pulls: Map<number, string[]>
}

/** Of pull request 9 into `main` where `compared`; of the files alone otherwise. Without a server there is no proof. */
export function checkProject(
  project: Project,
  options: {
    readonly compared: boolean
    readonly server?: ScratchServer | undefined
    readonly impact?: CheckRequest['impact']
  },
): Promise<Report> {
  const { compared, server, impact = 'none' } = options
  const against: CheckRequest['against'] = compared
    ? { event: 'pull request', number: 9, branch: 'main', base: BASE, head: HEAD, fork: false }
    : { event: 'nothing' }
  const request = checkRequest({ proof: server === undefined ? 'none' : 'guided', against, impact })
  return check(request, worldOf(project, server))
}

const HEAD = '1'.repeat(40)
const BASE = '2'.repeat(40)
const TIP = '3'.repeat(40)

const NOW = Date.UTC(2026, 5, 1)

const worldOf = (project: Project, server: ScratchServer | undefined): World => ({
  ...NOTHING,
  clock: { ...NOTHING.clock, now: () => NOW },
  files: { ...filesIn(project.now, project.unreadable), ...READ_ONLY },
  repository: repositoryOf(project),
  forge: { openPulls: () => Promise.resolve({ pulls: pullsOf(project), notSeen: [] }) } as unknown as World['forge'],
  ...(server && { startServer: () => Promise.resolve(lent(server)) }),
})

const pullsOf = ({ pulls }: Project): readonly OpenPull[] =>
  [...pulls].map(([number, paths]) => ({
    number,
    title: 'Add phone',
    url: '',
    author: 'octocat',
    files: paths.map((path) => ({ path, status: 'added' as const })),
  }))

const filesIn = (
  files: ReadonlyMap<string, Uint8Array>,
  unreadable: ReadonlySet<string> = new Set(),
): CommitFiles & Pick<Files, 'kind' | 'linked'> => {
  const below = (folder: string): readonly string[] =>
    [...files.keys()].filter((path) => folder === '.' || path.startsWith(`${folder}/`)).toSorted(compareBytes)
  return {
    kind: (path) => Promise.resolve(files.has(path) ? 'file' : below(path).length > 0 ? 'folder' : undefined),
    tree: (folder) => Promise.resolve(below(folder).length > 0 ? below(folder) : undefined),
    linked: () => Promise.resolve([]),
    read: (path, folder) => Promise.resolve(sourceOf(path, folder, unreadable.has(path) ? undefined : files.get(path))),
  }
}

const sourceOf = (path: string, folder: string, bytes: Uint8Array | undefined): SourceFile => ({
  path,
  name: folder === '.' || folder === '' ? path : path.slice(folder.length + 1),
  bytes: bytes ?? new Uint8Array(),
  text: bytes === undefined ? '' : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  unreadable: bytes === undefined ? 'permission denied' : undefined,
})

const READ_ONLY: Pick<Files, 'write' | 'create'> = {
  write: (path) => Promise.reject(new Error(`a sample writes ${path}`)),
  create: (path) => Promise.reject(new Error(`a sample writes ${path}`)),
}

const repositoryOf = ({ base, tip }: Project): Repository => ({
  trouble: () => Promise.resolve(undefined),
  commit: (name) => Promise.resolve(name === 'HEAD' ? HEAD : name === 'FETCH_HEAD' ? TIP : name),
  parents: () => Promise.resolve([]),
  fetchCommit: () => Promise.resolve(undefined),
  mergeBase: () => Promise.resolve(BASE),
  fetchMergeBase: () => Promise.resolve(BASE),
  newestTag: () => Promise.resolve(undefined),
  at: (commit) => filesIn(commit === TIP ? tip : base),
})
