// The files of a commit as the working tree's are read: what reads a database then reads it as it was.
import type { CommitFiles, Files } from '../../ports/files.js'

/** Only reads. Rejects with a UserError when git fails. */
export function filesOfCommit(commit: CommitFiles): Files {
  const refuse = (): Promise<never> => Promise.reject(new Error('a commit cannot be written'))
  return {
    kind: async (path) => {
      const names = await commit.tree(path)
      if (names === undefined) return undefined
      return names.length === 1 && names[0] === path ? 'file' : 'folder'
    },
    tree: (folder) => commit.tree(folder),
    linked: () => Promise.resolve([]),
    read: (path, folder) => commit.read(path, folder),
    write: refuse,
    create: refuse,
  }
}
