// The version that a file of a migration folder has, by its path alone.

/** The first number in front of the file's (or its folder's) name; undefined outside of the folder and without a number. */
export function versionInPath(path: string, folder: string): string | undefined {
  const prefix = folder === '.' ? '' : `${folder}/`
  if (!path.startsWith(prefix)) return undefined
  const name = path.slice(prefix.length).split('/')[0] ?? ''
  if (name === 'seeds') return undefined
  return /^[A-Za-z]{0,2}(\d+(?:[-_]\d+)*)/.exec(name)?.[1]
}
