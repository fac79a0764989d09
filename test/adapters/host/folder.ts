// A folder on the disk for one test, with files in it.
import { afterEach } from '@jest/globals'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export type Folder = { readonly path: string; readonly at: (name: string) => string; readonly remove: () => void }

/** A maker of folders for the tests of a file; what a test has made is removed after it. */
export function foldersForTests(): typeof makeFolder {
  const made: Folder[] = []
  afterEach(() => {
    for (const folder of made.splice(0)) folder.remove()
  })
  return (files) => {
    const folder = makeFolder(files)
    made.push(folder)
    return folder
  }
}

/** Text by path. */
export function makeFolder(files: Readonly<Record<string, string>>): Folder {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'migration-gate-test-')))
  const at = (name: string): string => path.join(folder, name)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(at(name)), { recursive: true })
    writeFileSync(at(name), text)
  }
  return { path: folder, at, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
