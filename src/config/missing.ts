// Finds folders and files that a config file names and that do not exist.
import type { Files } from '../ports/files.js'
import { folderOf, type DatabaseValue } from './keys.js'
import type { ParsedFile } from './parse.js'
import type { ConfigProblem } from './problem.js'

type ExpectedPath = { readonly key: readonly string[]; readonly path: string; readonly kind: 'file' | 'folder' }

/** One problem for each. */
export async function missingFiles(files: Files, parsed: ParsedFile): Promise<readonly ConfigProblem[]> {
  const wrong = new Set(parsed.problems.map(({ key }) => key))
  const wanted = Object.entries(parsed.value.databases ?? {}).flatMap(([name, value]) => expectedPaths(name, value))
  const found = await Promise.all(
    wanted
      // A folder with an invalid value is a problem already; the default folder was not meant.
      .filter(({ key }) => !wrong.has([...key, 'folder'].join('.')))
      .map(async (item) => ({ ...item, is: await files.kind(item.path) })),
  )
  return found
    .filter(({ kind, is }) => kind !== is)
    .map(({ key, path, kind, is }) => {
      const message = is === undefined ? `there is no ${kind} ${path}` : `${path} is not a ${kind}`
      return { place: parsed.placeOf(key), key: key.join('.'), message }
    })
}

function expectedPaths(name: string, value: DatabaseValue): readonly ExpectedPath[] {
  const at = (...rest: readonly string[]): readonly string[] => ['databases', name, ...rest]
  return [
    { key: value.folder === undefined ? at() : at('folder'), path: folderOf(name, value), kind: 'folder' },
    ...(value.setup ?? []).map((path, i): ExpectedPath => ({ key: at('setup', String(i)), path, kind: 'file' })),
    ...Object.entries(value['stand-ins'] ?? {}).map(([version, path]): ExpectedPath => ({
      key: at('stand-ins', version),
      path,
      kind: 'file',
    })),
  ]
}
