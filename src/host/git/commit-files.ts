// The files of a commit, read like those of a working tree.
import path from 'node:path'
import { UserError } from '../../core/errors.js'
import type { SourceFile } from '../../core/source.js'
import type { Files } from '../../ports.js'
import { compareBytes } from '../../core/version.js'
import type { Git } from './program.js'

type Entry = { readonly path: string; readonly mode: string; readonly object: string }

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * `git` works in the root that paths start from. A folder that the commit has not is no folder (`tree` gives undefined).
 * Rejects with a UserError when git fails: a file that could not be read must not pass for one that was not there.
 */
export function filesAt(git: Git, commit: string): Pick<Files, 'tree' | 'read'> {
  const folders = new Map<string, Promise<ReadonlyMap<string, SourceFile>>>()
  const load = (folder: string): Promise<ReadonlyMap<string, SourceFile>> => {
    const known = folders.get(folder) ?? loadFolder(git, commit, folder)
    folders.set(folder, known)
    return known
  }
  return {
    tree: async (folder) => {
      const files = await load(folder)
      return files.size === 0 ? undefined : [...files.keys()].toSorted(compareBytes)
    },
    read: async (name, folder) => {
      const known = await folders.get(folder)
      const file = known?.get(name) ?? (await load(name)).get(name)
      const shown = path.posix.relative(folder, name)
      return file === undefined ? unreadable(name, shown, 'it is not there') : { ...file, name: shown }
    },
  }
}

async function loadFolder(git: Git, commit: string, folder: string): Promise<ReadonlyMap<string, SourceFile>> {
  // Without --full-tree names are seen from the folder that git works in.
  const listed = await git(['ls-tree', '-r', '-z', commit, '--', folder === '.' ? './' : folder])
  if (listed.end !== 'done') throw broken(commit, listed.said)
  const entries = entriesOf(listed.output.toString('utf8'))
  const files = entries.filter(({ mode }) => mode.startsWith('100'))
  const contents = await readObjects(git, commit, [...new Set(files.map(({ object }) => object))])
  return new Map(
    entries.map(({ path: name, mode, object }): [string, SourceFile] => {
      const bytes = mode.startsWith('100') ? contents.get(object) : undefined
      const shown = path.posix.relative(folder, name)
      if (bytes === undefined) return [name, unreadable(name, shown, 'it is no plain file in that commit')]
      return [name, { path: name, name: shown, bytes, text: UTF8.decode(bytes), unreadable: undefined }]
    }),
  )
}

const unreadable = (name: string, shown: string, why: string): SourceFile => ({
  ...{ path: name, name: shown, bytes: new Uint8Array(), text: '', unreadable: why },
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
  if (objects.length === 0) return found
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

const broken = (commit: string, said: string): UserError =>
  new UserError({
    kind: 'environment',
    what: `git cannot read the files of the commit ${commit.slice(0, 8)} that is compared with: ${said}`,
    fix: 'Fetch it whole (in actions/checkout: fetch-depth: 0, without filter), or see what git fsck says.',
  })
