// Explains errors of the file system in words, and compares paths.
import path from 'node:path'

/** Whether a path is the folder or below it. Both are absolute, with links resolved by the caller. */
export function inside(folder: string, name: string): boolean {
  const relative = path.relative(folder, name)
  return relative === '' || (relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative))
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EEXIST: 'it already exists',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its links form a loop',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  EIO: 'the disk failed to read it',
}

/** The reason of a failed file operation, without the path, which Node does not escape. */
export function describeError(error: unknown): string {
  const code = errorCode(error)
  return code === undefined ? 'it failed for an unknown reason' : (WORDS[code] ?? code)
}

/** The code of the error, such as `ENOENT`. */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
