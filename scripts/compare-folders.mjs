// Lists the differences between two builds of the same folder.
import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** One line per file that is in one folder only, has other bytes, or lost its right to be executed. */
export async function compareFolders({ fresh, committed }) {
  const [made, kept] = [await contents(fresh), await contents(committed)]
  const names = [...new Set([...made.keys(), ...kept.keys()])].sort()
  return names.flatMap((name) => {
    const [a, b] = [kept.get(name), made.get(name)]
    if (a === undefined) return [`new       ${name}: the build makes it, dist/ has it not`]
    if (b === undefined) return [`vanished  ${name}: dist/ has it, the build does not make it`]
    if (!a.bytes.equals(b.bytes)) return [`changed   ${name}: ${firstDifference(a.bytes, b.bytes)}`]
    return a.executable === b.executable ? [] : [`mode      ${name}: executable ${a.executable} -> ${b.executable}`]
  })
}

async function contents(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map()
  for (const entry of entries.filter((e) => e.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const executable = ((await stat(path)).mode & 0o100) !== 0
    files.set(path.slice(folder.length + 1), { bytes: await readFile(path), executable })
  }
  return files
}

function firstDifference(before, after) {
  const [a, b] = [before.toString().split('\n'), after.toString().split('\n')]
  const at = a.findIndex((line, i) => line !== b[i])
  const line = at === -1 ? a.length : at
  const cut = (text) => JSON.stringify((text ?? 'end of file').slice(0, 100))
  return `line ${line + 1}\n            dist/   ${cut(a[line])}\n            build   ${cut(b[line])}`
}
