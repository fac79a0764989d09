export function compareFolders(folders: {
  readonly fresh: string
  readonly committed: string
}): Promise<readonly string[]>
