// Paths as people type them -> paths as the program speaks of them.
import path from 'node:path'

/** From the root where the path is in it, with `/` and without a tail; otherwise as it was, cleaned up. */
export function fromRoot(root: string, name: string): string {
  const absolute = path.resolve(root, name)
  const relative = path.relative(root, absolute)
  if (relative === '') return '.'
  const shown = path.isAbsolute(name) && (relative === '..' || relative.startsWith('../')) ? absolute : relative
  return shown.replaceAll('\\', '/')
}
