// Finds what a change is compared with: the commit that it started from, and the newest commit of its target branch.
import { UserError } from '../../model/errors.js'
import type { ChangeReport } from '../../report/check-report.js'
import type { CommitFiles, Repository } from '../../ports/files.js'
import type { Against } from '../../requests/request.js'

/** `base`: the files at the merge base. `tip`: the files at the newest commit of the target branch. */
export type ComparisonBase = {
  readonly report: ChangeReport
  readonly base: CommitFiles
  readonly tip: CommitFiles
}

/** Undefined where there is nothing to compare with. Rejects with a UserError when the requested commit does not exist. */
export async function findComparisonBase(
  against: Against | undefined,
  repository: Repository,
): Promise<ComparisonBase | undefined> {
  if (against === undefined || against.event === 'nothing') return undefined
  const [trouble, head] = await Promise.all([repository.trouble(), repository.commit('HEAD')])
  if (trouble !== undefined) throw noRepository(trouble)
  if (head === undefined) throw noRepository('it has no commit yet')
  const found = await findCommits(against, head, repository)
  const { base, tip } = found
  return {
    report: {
      event: against.event,
      base,
      tip,
      branch: found.branch,
      head: 'head' in against ? against.head : head,
      pull: against.event === 'pull request' ? against.number : undefined,
      notSeen: found.notSeen,
    },
    base: repository.at(base),
    tip: repository.at(tip),
  }
}

type BaseCommits = {
  readonly base: string
  readonly tip: string
  readonly branch: string
  readonly notSeen: readonly string[]
}

function findCommits(
  against: Exclude<Against, { readonly event: 'nothing' }>,
  head: string,
  repository: Repository,
): Promise<BaseCommits> {
  switch (against.event) {
    case 'asked':
      return commitsOfName(against.name, head, repository)
    case 'release':
      return commitsOfRelease(against.pattern, repository)
    case 'pull request':
    case 'merge queue':
      return commitsOfEvent(against, head, repository)
  }
}

async function commitsOfName(name: string, head: string, repository: Repository): Promise<BaseCommits> {
  const tip = (await repository.commit(name)) ?? (await repository.commit(`origin/${name}`)) ?? (await fetched(name))
  const base = await repository.fetchMergeBase(head, tip)
  if (base === undefined) throw noCommonCommit(name)
  return { base, tip, branch: name, notSeen: [] }

  async function fetched(wanted: string): Promise<string> {
    const refused = await repository.fetchCommit(wanted)
    const commit = refused === undefined ? await repository.commit('FETCH_HEAD') : undefined
    if (commit !== undefined) return commit
    const why = refused === undefined ? '' : `: ${refused}`
    throw new UserError({
      kind: 'use',
      what: `there is no branch, tag or commit "${wanted}" to compare with (--base)${why}`,
      fix: 'Name one that git knows (git branch --all), or fetch it first.',
    })
  }
}

/** The newest matching tag is both the merge base and the target. */
async function commitsOfRelease(pattern: string, repository: Repository): Promise<BaseCommits> {
  const tag = await repository.newestTag(pattern)
  if (tag !== undefined) return { base: tag.commit, tip: tag.commit, branch: tag.name, notSeen: [] }
  throw new UserError({
    kind: 'use',
    what: `no tag in the history of this commit matches "${pattern}" (--since-release)`,
    fix: 'Rule the pattern with git tag --list, and fetch the tags and the history (in actions/checkout: fetch-depth: 0).',
  })
}

/**
 * On a pull request GitHub checks out a merge commit. Its first parent is the base branch at that time, so the change is
 * the difference to that parent. Any other checkout is compared with its merge base.
 */
async function commitsOfEvent(
  { branch, base: known, head: own }: { readonly branch: string; readonly base: string; readonly head: string },
  head: string,
  repository: Repository,
): Promise<BaseCommits> {
  const notSeen: string[] = []
  const refused = await repository.fetchCommit(`refs/heads/${branch}`)
  // A checkout of the whole history has just fetched it, and may have left no token for another fetch.
  const tip =
    (refused === undefined ? await repository.commit('FETCH_HEAD') : undefined) ??
    (await repository.commit(`origin/${branch}`))
  if (refused !== undefined && tip === undefined) {
    notSeen.push(
      `the newest commit of ${branch} could not be fetched (${refused}), so ${known.slice(0, 8)} is used instead`,
    )
  }
  const parents = await repository.parents(head)
  const isMerge = head !== own && parents.length === 2 && parents[1] === own
  const start = isMerge ? parents[0] : undefined
  const base = start === undefined ? await repository.fetchMergeBase(head, tip ?? known) : await present(start)
  if (base === undefined) throw noCommonCommit(branch)
  return { base, tip: tip ?? (await repository.commit(known)) ?? base, branch, notSeen }

  async function present(commit: string): Promise<string | undefined> {
    if ((await repository.commit(commit)) === undefined) await repository.fetchCommit(commit)
    return repository.commit(commit)
  }
}

const noRepository = (trouble: string): UserError =>
  new UserError({
    kind: 'use',
    what: `there is no git repository to compare with: ${trouble}`,
    fix: 'Run it in a clone, or without --base (in a workflow: actions/checkout with fetch-depth: 0).',
  })

const noCommonCommit = (name: string): UserError =>
  new UserError({
    kind: 'use',
    what: `${name} and the checked-out commit have no common commit, or the history was not fetched`,
    fix: 'Fetch the history: git fetch --unshallow (in actions/checkout: fetch-depth: 0).',
  })
