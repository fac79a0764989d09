// The Repository port: the commits of the working tree's git repository, and the files of a commit as a Files port reads them.
import type { Repository, CommitFiles } from '../../../ports/files.js'
import { createGit, type Git } from './program.js'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { UserError } from '../../../model/errors.js'
import type { SourceFile } from '../../../model/source.js'
import { compareBytes } from '../../../model/version.js'

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
    mergeBase,
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

type Entry = { readonly path: string; readonly mode: string; readonly object: string }

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * `git` works in the root that paths start from. For a folder that is not in the commit, `tree` gives undefined. Rejects with
 * a UserError when git fails, because an unreadable file must not look like a missing one.
 */
function filesAt(git: Git, commit: string): CommitFiles {
  const folders = new Map<string, Promise<ReadonlyMap<string, Entry>>>()
  const list = (folder: string): Promise<ReadonlyMap<string, Entry>> => {
    const known = folders.get(folder) ?? listFolder(git, commit, folder)
    folders.set(folder, known)
    return known
  }
  const contentOf = createReader(git, commit)
  return {
    tree: async (folder) => {
      const entries = await list(folder)
      return entries.size === 0 ? undefined : [...entries.keys()].toSorted(compareBytes)
    },
    read: async (name, folder, likely) => {
      const known = await folders.get(folder)
      const entry = known?.get(name) ?? (await list(name)).get(name)
      const shown = path.posix.relative(folder, name)
      if (entry === undefined) return unreadable(name, shown, 'it is not there')
      if (!entry.mode.startsWith('100')) return unreadable(name, shown, 'it is not a regular file in that commit')
      if (likely?.unreadable === undefined && likely?.path === name && isObject(entry.object, likely.bytes)) {
        return { ...likely, name: shown }
      }
      const bytes = await contentOf(entry.object)
      return { path: name, name: shown, bytes, text: UTF8.decode(bytes), unreadable: undefined }
    },
  }
}

/** Git names a content by the hash of `blob <size> NUL` and the content (gitformat, "Object storage"). Long names are SHA-256. */
function isObject(object: string, bytes: Uint8Array): boolean {
  const hash = createHash(object.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === object
}

async function listFolder(git: Git, commit: string, folder: string): Promise<ReadonlyMap<string, Entry>> {
  // Without --full-tree, names are relative to the folder that git works in.
  const listed = await git(['ls-tree', '-r', '-z', commit, '--', folder === '.' ? './' : folder])
  if (listed.end !== 'done') throw broken(commit, listed.said)
  return new Map(entriesOf(listed.output.toString('utf8')).map((entry) => [entry.path, entry]))
}

/** Reads all requests of one turn with one call of git. */
function createReader(git: Git, commit: string): (object: string) => Promise<Uint8Array> {
  let waiting: Set<string> | undefined
  let reading: Promise<ReadonlyMap<string, Uint8Array>> = Promise.resolve(new Map())
  return async (object) => {
    if (waiting === undefined) {
      const wanted = (waiting = new Set())
      reading = new Promise((resolve) => setImmediate(resolve)).then(() => {
        waiting = undefined
        return readObjects(git, commit, [...wanted])
      })
    }
    waiting.add(object)
    const bytes = (await reading).get(object)
    if (bytes === undefined) throw broken(commit, `${object} is missing`)
    return bytes
  }
}

const unreadable = (name: string, shown: string, why: string): SourceFile => ({
  path: name,
  name: shown,
  bytes: new Uint8Array(),
  text: '',
  unreadable: why,
})

/** `<mode> SP <type> SP <object> TAB <path> NUL` (git-ls-tree, "Output format"). */
const entriesOf = (text: string): readonly Entry[] =>
  text.split('\0').flatMap((line) => {
    const [, mode, object, name] = /^(\d+) \w+ ([0-9a-f]+)\t([^]+)$/.exec(line) ?? []
    return mode === undefined || object === undefined || name === undefined ? [] : [{ path: name, mode, object }]
  })

/** `<object> SP <type> SP <size> LF <contents> LF` for each (git-cat-file, "Batch output"). */
async function readObjects(
  git: Git,
  commit: string,
  objects: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  const answer = await git(['cat-file', '--batch'], `${objects.join('\n')}\n`)
  if (answer.end !== 'done') throw broken(commit, answer.said)
  const { output } = answer
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0x0a, at)
    const head = output.toString('latin1', at, end === -1 ? output.length : end)
    const [, object, size] = /^([0-9a-f]+) \w+ (\d+)$/.exec(head) ?? []
    if (object === undefined) throw broken(commit, head)
    found.set(object, output.subarray(end + 1, end + 1 + Number(size)))
    at = end + 1 + Number(size) + 1
  }
  return found
}

const broken = (commit: string, reason: string): UserError =>
  new UserError({
    kind: 'environment',
    what: `git cannot read the files of the base commit ${commit.slice(0, 8)}: ${reason}`,
    fix: 'Fetch the whole commit (actions/checkout: fetch-depth: 0, no filter), or run git fsck.',
  })
