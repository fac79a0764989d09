// Which folders below a path are databases, from file paths alone: no config is needed.
import type { Ignored } from '../report/check-report.js'
import { compareBytes } from '../model/version.js'
import { isOtherDialect, otherServerBeside } from './dialects.js'
import { nameFor } from './directories/names.js'
import { inTwoFolders, type ForeignFolder } from './foreign/folder.js'
import { halvesAmong } from './foreign/halves.js'
import { areNumbered } from './pairs/numbered-folders.js'
import { parsePairName } from './pairs/name.js'

/**
 * Folders are written like the paths passed in; `.` is the root itself. Seeds are in `seeds` below a database. `foreign`
 * are folders with a chain of a form that is not read here.
 */
export type Folders = {
  readonly databases: readonly { readonly folder: string }[]
  readonly skipped: readonly Ignored[]
  readonly foreign: readonly (ForeignFolder & { readonly folder: string })[]
}

const DEPTH = 4
const SKIPPED = new Set(['node_modules', 'vendor', 'seeds'])

/**
 * `paths` are all files below `root`, with `/`. A folder that holds migrations is one database. Otherwise each of its
 * subfolders that does is one. When none does, the folders below them count, a few levels deep. `detectLayout`
 * decides whether the files really are migrations: a folder of `.sql` files without versions counts here only
 * where there is nothing better.
 */
export function databaseFolders(paths: readonly string[], root: string): Folders {
  const base = root.replace(/\/+$/, '').replace(/^\.$/, '')
  const tree = treeOf(paths, base)
  const first = search({ tree, base, holds: holdsVersions })
  if (first.databases.length > 0) return first
  const second = search({ tree, base, holds: holdsSql })
  return { databases: second.databases, skipped: first.skipped, foreign: second.foreign }
}

/**
 * All folders with versioned files at any depth, the one with the most migrations first. Without those whose path names
 * another server. For a hint to a user who did not name a folder.
 */
export function foldersWithVersions(paths: readonly string[]): readonly string[] {
  const tree = treeOf(paths, '')
  return [...tree.keys()]
    .filter((folder) => folder !== '' && holdsVersions(tree, folder) && !folder.split(/[/_.-]/).some(isOtherDialect))
    .map((folder) => ({ folder, count: versionsIn(tree, folder) }))
    .toSorted((a, b) => b.count - a.count || compareBytes(a.folder, b.folder))
    .map(({ folder }) => folder)
}

/** A version, and the ending of a template instead of `.sql`. */
const TEMPLATE = /^v?\d+[-_.].*\.(?:tmpl|tpl|gotmpl|template|j2|jinja2?|erb|mustache|hbs|ejs|liquid)$/i

/** Level by level: the first level on which a folder holds migrations is the level of the databases. */
function search(options: {
  readonly tree: Tree
  readonly base: string
  readonly holds: (tree: Tree, folder: string) => boolean
}): Folders {
  const { tree, base, holds } = options
  const skipped: Ignored[] = []
  const foreign: Folders['foreign'][number][] = []
  const skip = (folder: string, reason: string): number => skipped.push({ path: joined(base, folder), reason })
  let level: readonly string[] = ['']
  for (let depth = 0; depth <= DEPTH; depth++) {
    const found = level.filter((folder) => holds(tree, folder))
    const beside = level.filter((folder) => {
      const halves = found.includes(folder) ? undefined : halvesIn(tree, folder)
      if (halves !== undefined) foreign.push({ ...halves, folder: joined(base, folder) || '.' })
      return halves === undefined && !found.includes(folder)
    })
    const usable = found.filter((folder) => folder === '' || !isOtherDialect(lastOf(folder)))
    for (const folder of found) if (!usable.includes(folder)) skip(folder, `written for ${lastOf(folder)}`)
    if (usable.length > 0) {
      for (const folder of deeper(tree, beside)) {
        skip(folder, 'has migrations only in subfolders: name that folder in the config')
      }
      for (const folder of beside) {
        const template = filesOf(tree, folder).find((file) => TEMPLATE.test(file))
        if (template !== undefined) skip(folder, `holds templates (${template}): the filled-in files were not checked`)
      }
      return { databases: usable.map((folder) => ({ folder: joined(base, folder) || '.' })), skipped, foreign }
    }
    level = beside.flatMap((folder) => {
      const { mine, others } = byServer(tree, folder)
      for (const { path, server } of others) skip(path, `written for ${server}`)
      return mine
    })
  }
  return { databases: [], skipped, foreign }
}

/** Ups and downs in two folders. */
function halvesIn(tree: Tree, folder: string): ForeignFolder | undefined {
  const inside = new Map(childrenOf(tree, folder).map((child) => [lastOf(child), filesOf(tree, child)]))
  const halves = halvesAmong(inside)
  return halves && inTwoFolders(halves, filesOf(tree, folder).includes('sqitch.plan'))
}

/** Subfolders, without those that, with all below them, are the other server's half of what is beside them. */
function byServer(
  tree: Tree,
  folder: string,
): {
  readonly mine: readonly string[]
  readonly others: readonly { readonly path: string; readonly server: string }[]
} {
  const children = childrenOf(tree, folder)
  const filled = children.filter((child) => holdsVersions(tree, child) || deeper(tree, [child]).length > 0)
  const names = filled.map(lastOf)
  const others = filled.flatMap((path) => {
    const server = otherServerBeside(lastOf(path), names)
    return server === undefined ? [] : [{ path, server }]
  })
  return { mine: children.filter((child) => others.every(({ path }) => path !== child)), others }
}

/** Names of files and subfolders, by folder relative to the root (`''`). */
type Tree = ReadonlyMap<string, { readonly files: readonly string[]; readonly folders: readonly string[] }>

function treeOf(paths: readonly string[], base: string): Tree {
  const tree = new Map<string, { files: string[]; folders: string[] }>()
  const at = (folder: string): { files: string[]; folders: string[] } => {
    const known = tree.get(folder)
    if (known !== undefined) return known
    const entry = { files: [], folders: [] }
    tree.set(folder, entry)
    if (folder !== '') at(parentOf(folder)).folders.push(lastOf(folder))
    return entry
  }
  for (const path of paths) {
    const relative = base === '' ? path : path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined
    const folders = relative?.split('/').slice(0, -1) ?? []
    if (relative === undefined || folders.some((part) => part.startsWith('.') || SKIPPED.has(part))) continue
    at(parentOf(relative)).files.push(lastOf(relative))
  }
  return tree
}

const filesOf = (tree: Tree, folder: string): readonly string[] => tree.get(folder)?.files ?? []

const childrenOf = (tree: Tree, folder: string): readonly string[] =>
  (tree.get(folder)?.folders ?? []).map((name) => joined(folder, name)).toSorted(compareBytes)

/** Versioned files, or subfolders `<version>_<name>` with an up.sql (of Prisma: migration.sql; for one server: postgres.sql). */
const holdsVersions = (tree: Tree, folder: string): boolean =>
  filesOf(tree, folder).some(isVersioned) ||
  childrenOf(tree, folder).some((child) => isDirectory(tree, child)) ||
  isNumbered(tree, folder)

const versionsIn = (tree: Tree, folder: string): number =>
  filesOf(tree, folder).filter(isVersioned).length +
  childrenOf(tree, folder).filter((child) => isDirectory(tree, child)).length

const isDirectory = (tree: Tree, folder: string): boolean =>
  /^\d/.test(lastOf(folder)) && nameFor('up', filesOf(tree, folder)) !== undefined

/** A chain in numbered folders. */
const isNumbered = (tree: Tree, folder: string): boolean =>
  areNumbered(
    childrenOf(tree, folder)
      .filter((child) => filesOf(tree, child).some(isVersioned))
      .map(lastOf),
    filesOf(tree, folder),
  )

const holdsSql = (tree: Tree, folder: string): boolean => filesOf(tree, folder).some((file) => file.endsWith('.sql'))

function isVersioned(file: string): boolean {
  if (/^\d+_.*(?<!_test)\.go$/.test(file)) return true
  const parsed = parsePairName(file)
  if (parsed === undefined) return /^\d.*\.sql$/.test(file)
  return !isOtherDialect(parsed.dialect) && (parsed.readings.length > 0 || /^v?$/i.test(parsed.lead))
}

/** Folders beside the chosen ones that have migrations only in subfolders. */
const deeper = (tree: Tree, beside: readonly string[]): readonly string[] =>
  beside.filter((folder) =>
    [...tree.keys()].some((other) => other.startsWith(`${folder}/`) && holdsVersions(tree, other)),
  )

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const joined = (folder: string, name: string): string =>
  folder === '' || name === '' ? folder + name : `${folder}/${name}`
