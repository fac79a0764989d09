// The Repository port: the commits of the working tree's git repository.
import type { Repository } from '../../../ports/files.js'
import { filesAt } from './commit-files.js'
import { createGit } from './program.js'

/** How many commits to deepen a shallow clone by, in turn. `0` fetches all. */
const DEEPEN = [50, 500, 0]

/** `root` is the folder that paths start from, somewhere in the repository. */
export function createRepository(options: { root: string; environment: NodeJS.ProcessEnv }): Repository {
  const git = createGit(options)
  const line = async (words: readonly string[]): Promise<string | undefined> => {
    const ran = await git(words)
    return ran.end === 'done' ? ran.output.toString('utf8').trim() || undefined : undefined
  }
  const commit = (name: string): Promise<string | undefined> =>
    line(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
  const fetch = async (words: readonly string[]): Promise<string | undefined> => {
    const ran = await git(['fetch', '--no-tags', '--quiet', '--no-recurse-submodules', ...words])
    return ran.end === 'done' ? undefined : ran.said
  }
  const isShallow = async (): Promise<boolean> => (await line(['rev-parse', '--is-shallow-repository'])) === 'true'
  const mergeBase = (a: string, b: string): Promise<string | undefined> => line(['merge-base', a, b])
  return {
    trouble: async () => {
      const ran = await git(['rev-parse', '--git-dir'])
      return ran.end === 'done' ? undefined : ran.said
    },
    commit,
    parents: async (name) => {
      // In a shallow clone, the commit itself still names the parents that are cut off.
      const text = (await line(['cat-file', 'commit', name])) ?? ''
      const head = text.slice(0, text.search(/\n\n|$/))
      return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent ?? '')
    },
    // A depth would turn a full clone into a shallow one.
    fetchCommit: async (name) => fetch([...((await isShallow()) ? ['--depth=1'] : []), '--', 'origin', name]),
    fetchMergeBase: async (a, b) => {
      for (const depth of DEEPEN) {
        const found = await mergeBase(a, b)
        if (found !== undefined) return found
        if (!(await isShallow())) return undefined
        const deeper = [...(depth === 0 ? ['--unshallow'] : [`--deepen=${depth}`]), '--', 'origin']
        const refused = (await fetch([...deeper, a, b])) !== undefined && (await fetch(deeper)) !== undefined
        if (refused) return undefined
      }
      return mergeBase(a, b)
    },
    newestTag: async (pattern) => {
      const name = await line(['describe', '--tags', '--abbrev=0', `--match=${pattern}`, 'HEAD'])
      const found = name === undefined ? undefined : await commit(`refs/tags/${name}`)
      return name === undefined || found === undefined ? undefined : { name, commit: found }
    },
    at: (name) => filesAt(git, name),
  }
}
