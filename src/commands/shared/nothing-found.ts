// The error if a path has no migrations: what is there instead, and where migrations are.
import { commandText } from '../../model/command.js'
import { shellWord } from '../../model/shell-quote.js'
import { CONFIG_FILE } from '../../config/keys.js'
import { UserError } from '../../model/errors.js'
import { foldersWithVersions } from '../../tools/folders.js'
import type { Files } from '../../ports/files.js'

const SHOWN = 5

export const LEADS_OUT = 'a link to a folder outside of the repository, which is not followed'

/** For a path without a database below it. `given`: the user named it; otherwise it is the default. */
export async function nothingFound(options: {
  readonly files: Files
  readonly path: string
  readonly given: boolean
}): Promise<UserError> {
  const { files, path, given } = options
  const what = await describe(files, path)
  const others = await elsewhere(files, path)
  const fix = [
    ...others.map((folder) => `There are migrations in ${folder}: ${commandText(`check ${shellWord(folder)}`)}`),
    ...(others.length > 0
      ? []
      : [
          given
            ? 'Name a folder that holds migrations, or whose subfolders do.'
            : `Name the folder with your migrations (${commandText('check FOLDER')}), or write it into ${CONFIG_FILE}.`,
        ]),
  ]
  return new UserError({ kind: 'use', what, fix: fix.join('\n') })
}

async function describe(files: Files, path: string): Promise<string> {
  const kind = await files.kind(path)
  if (kind === undefined) return `there is no folder ${path}`
  if (kind !== 'folder') return `${path} is not a folder; migrations are looked for in folders`
  const linked = await files.linked(path)
  return [
    `no migrations in ${path}`,
    describeFiles(await files.tree(path), linked.length > 0),
    ...linked.slice(0, SHOWN).map((link) => `${link} is ${LEADS_OUT}`),
  ].join('\n')
}

/** What a folder without migrations holds, in one line. */
export function describeFiles(tree: readonly string[] | undefined, links = false): string {
  if (tree === undefined || tree.length === 0) return links ? 'there are no files' : 'the folder is empty'
  const shown = tree.slice(0, SHOWN).map((name) => name.slice(name.lastIndexOf('/') + 1))
  const more = tree.length > SHOWN ? ` and ${tree.length - SHOWN} more` : ''
  return `looked for .sql files with a version in their name; there are ${shown.join(', ')}${more}`
}

/** Folders of the repository with migrations. Several next to each other give their parent folder. */
async function elsewhere(files: Files, path: string): Promise<readonly string[]> {
  const tree = (await files.tree('.').catch(() => undefined)) ?? []
  const found: string[] = []
  for (const folder of foldersWithVersions(tree)) if (await isOfMigrations(files, folder, tree)) found.push(folder)
  const parents = found.map((folder) => folder.slice(0, Math.max(0, folder.lastIndexOf('/'))))
  const shown = found.map((folder, i) => {
    const parent = parents[i] ?? ''
    return parent !== '' && parents.filter((other) => other === parent).length > 1 ? parent : folder
  })
  return [...new Set(shown)].filter((folder) => folder !== path).slice(0, SHOWN)
}

/** Other Go code also has numbered files. Only a migration mentions migrations or goose. */
async function isOfMigrations(files: Files, folder: string, tree: readonly string[]): Promise<boolean> {
  const inside = tree.filter((path) => path.startsWith(`${folder}/`))
  if (inside.some((path) => path.endsWith('.sql'))) return true
  const first = inside.find((path) => /\/\d+_[^/]*(?<!_test)\.go$/.test(path))
  return first === undefined || /migrat|goose/i.test((await files.read(first, folder)).text)
}
