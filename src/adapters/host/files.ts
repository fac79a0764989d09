// The Files port, on the disk. A file that cannot be read comes with the reason.
import path from 'node:path'
import { mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { UserError } from '../../model/errors.js'
import type { Files } from '../../ports/files.js'
import { describeError, inside, errorCode } from './disk.js'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { SourceFile } from '../../model/source.js'

/** Folders with files of other projects, or without files of people. */
const NEVER_ENTERED = new Set(['.git', 'node_modules'])

/** After this many files the event loop gets a turn, for example for answers of a server. */
const IN_A_ROW = 16

/**
 * `root` is the repository (absolute). A link is followed if its target is inside the root, or inside the requested folder
 * if that is outside of the root. Other links are listed, but never opened. A link to an outside folder is listed by
 * `linked` and not by `tree`, unless it is named like a script.
 */
export function createFiles(root: string): Files {
  const absolute = (name: string): string => path.resolve(root, name)
  const borders = new Map<string, Promise<string | undefined>>()
  const knownBorder = (folder: string): Promise<string | undefined> => {
    const border = borders.get(folder) ?? borderOf({ root, folder, absolute: absolute(folder) }).catch(() => undefined)
    borders.set(folder, border)
    return border
  }
  const parents = new Map<string, Promise<string | undefined>>()
  const realParent = (file: string): Promise<string | undefined> => {
    const folder = path.dirname(file)
    const real = parents.get(folder) ?? realpath(folder).catch(() => undefined)
    parents.set(folder, real)
    return real
  }
  const walk = async (folder: string): Promise<Found | undefined> => {
    const top = absolute(folder)
    const stats = await stat(top).catch(() => undefined)
    if (stats?.isDirectory() !== true) return undefined
    const border = await borderOf({ root, folder, absolute: top })
    const found: string[] = []
    const linked: string[] = []
    await collect({ at: top, shown: normal(folder), border, found, linked, parents: new Set() })
    return { found: sorted(found), linked: sorted(linked) }
  }
  let reads = 0
  return {
    kind: async (name) => {
      const stats = await stat(absolute(name)).catch(() => undefined)
      return stats === undefined ? undefined : stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
    },
    tree: async (folder) => (await walk(folder))?.found,
    linked: async (folder) => (await walk(folder))?.linked ?? [],
    read: async (name, folder) => {
      reads += 1
      if (reads % IN_A_ROW === 0) await setImmediate()
      const file = absolute(name)
      const border = await knownBorder(folder)
      const parent = await realParent(file)
      return readSource({ path: name, folder, absolute: file, border, parent })
    },
    write: async (name, text) => {
      await mkdir(path.dirname(absolute(name)), { recursive: true })
      await writeFile(absolute(name), text)
    },
    create: async (name, text) => {
      await refuseWayOut({ root, name, folder: path.dirname(absolute(name)) })
      await mkdir(path.dirname(absolute(name)), { recursive: true })
      await writeFile(absolute(name), text, { flag: 'wx' }).catch((error: unknown) => {
        const what = `${name} cannot be written: ${describeError(error)}`
        throw new UserError({ kind: 'use', what, fix: 'No file was overwritten. Look at the existing file.' })
      })
    },
  }
}

/** Refuses to create a file through a link that leads out of the repository. */
async function refuseWayOut(options: { root: string; name: string; folder: string }): Promise<void> {
  if (!inside(options.root, options.folder)) return
  let folder = options.folder
  let real = await realpath(folder).catch(() => undefined)
  while (real === undefined && folder !== options.root) {
    folder = path.dirname(folder)
    real = await realpath(folder).catch(() => undefined)
  }
  if (real !== undefined && inside(await realpath(options.root), real)) return
  const what = `${options.name} would be outside of the repository: a folder of its path is a link that leads out`
  throw new UserError({ kind: 'use', what, fix: 'Replace the link by a real folder.' })
}

/** The real folder that no link may leave. Refuses a folder of the repository that is itself a link out of it. */
async function borderOf(options: { root: string; folder: string; absolute: string }): Promise<string> {
  const [root, top] = await Promise.all([realpath(options.root), realpath(options.absolute)])
  if (inside(root, top)) return root
  if (!inside(options.root, options.absolute)) return top
  throw new UserError({
    kind: 'use',
    what: `${options.folder} is a link that leads out of the repository`,
    fix: `Use the folder that it points to: ${top}`,
  })
}

type Found = { readonly found: readonly string[]; readonly linked: readonly string[] }

const sorted = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

type Walk = {
  readonly at: string
  readonly shown: string
  readonly border: string
  readonly found: string[]
  readonly linked: string[]
  /** Real folders above the current one, so that a link to one of them is not followed. */
  readonly parents: ReadonlySet<string>
}

async function collect(walk: Walk): Promise<void> {
  const { at, shown, border, found, linked } = walk
  const real = await realpath(at).catch(() => undefined)
  if (real === undefined || walk.parents.has(real)) return
  const parents = new Set([...walk.parents, real])
  const entries = await readdir(at, { withFileTypes: true }).catch((error: unknown) => {
    if (walk.parents.size > 0) return undefined
    const what = `the folder ${shown} cannot be read: ${describeError(error)}`
    throw new UserError({ kind: 'use', what, fix: 'Give your account the right to read it.' })
  })
  if (entries === undefined) {
    found.push(shown)
    return
  }
  for (const entry of entries) {
    const child = path.join(at, entry.name)
    const name = shown === '.' ? entry.name : `${shown.replace(/\/$/, '')}/${entry.name}`
    const leads = entry.isSymbolicLink() ? await leadsToFolder(child, border) : undefined
    const folder = entry.isDirectory() || leads === 'inside'
    // Lists a folder that is named like a script too, because reading it reports the mistake.
    if ((!folder && leads !== 'outside') || entry.name.endsWith('.sql')) found.push(name)
    else if (leads === 'outside' && !NEVER_ENTERED.has(entry.name)) linked.push(name)
    if (folder && !NEVER_ENTERED.has(entry.name)) await collect({ ...walk, at: child, shown: name, parents })
  }
}

/** Undefined if the target of the link is not a folder. */
async function leadsToFolder(link: string, border: string): Promise<'inside' | 'outside' | undefined> {
  const target = await realpath(link).catch(() => undefined)
  const stats = target === undefined ? undefined : await stat(target).catch(() => undefined)
  if (target === undefined || stats?.isDirectory() !== true) return undefined
  return inside(border, target) ? 'inside' : 'outside'
}

const normal = (folder: string): string => path.normalize(folder).replace(/(.)\/$/, '$1')

/**
 * Turns a path as people type it into one as the program uses it: relative to the root if it is below it, with `/` and
 * without a trailing slash. A path outside of the root is only normalised.
 */
export function fromRoot(root: string, name: string): string {
  const absolute = path.resolve(root, name)
  const relative = path.relative(root, absolute)
  if (relative === '') return '.'
  const shown = path.isAbsolute(name) && (relative === '..' || relative.startsWith('../')) ? absolute : relative
  return shown.replaceAll('\\', '/')
}

/** In bytes. A script is text that people read, so a larger file is something else. */
const MOST_BYTES = 64 * 1024 * 1024

/** Replaces invalid UTF-8 by U+FFFD. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * `border` is the real folder that links may not leave. `parent` is the real folder of the file. Both are undefined if they
 * do not exist.
 */
async function readSource(options: {
  path: string
  folder: string
  absolute: string
  border: string | undefined
  parent: string | undefined
}): Promise<SourceFile> {
  const name = below(options.folder, options.path)
  const result = await readBytes(options).catch((error: unknown) => describeError(error))
  const bytes = typeof result === 'string' ? new Uint8Array() : result
  return {
    path: options.path,
    name,
    bytes,
    text: UTF8.decode(bytes),
    unreadable: typeof result === 'string' ? result : undefined,
  }
}

/** Most paths begin with the folder. For these, `path` functions would take as long as reading the file. */
const below = (folder: string, file: string): string =>
  file.startsWith(`${folder}/`) && !file.includes('..') ? file.slice(folder.length + 1) : path.relative(folder, file)

type Where = { readonly absolute: string; readonly border: string | undefined; readonly parent: string | undefined }

const TOO_LARGE = `it is larger than ${MOST_BYTES / 1024 / 1024} MiB`
const LEADS_OUT = 'it is a link that leads out of the repository'

async function readBytes({ absolute, border, parent }: Where): Promise<Uint8Array | string> {
  if (parent !== undefined && (border === undefined || !inside(border, parent))) return LEADS_OUT
  try {
    return readRegular(absolute)
  } catch (error) {
    if (errorCode(error) !== 'ELOOP') throw error
  }
  const target = await realpath(absolute).catch(() => undefined)
  if (target === undefined) return 'it is a broken link'
  return border === undefined || !inside(border, target) ? LEADS_OUT : readRegular(target)
}

/**
 * Throws ELOOP for a link. Without O_NONBLOCK a named pipe would wait for its writer. It uses no promises, because they take
 * four times as long for such small files.
 */
function readRegular(absolute: string): Uint8Array | string {
  const file = openSync(absolute, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(file)
    if (stats.isDirectory()) return 'it is a folder'
    if (!stats.isFile()) return 'it is not a regular file'
    if (stats.size > MOST_BYTES) return TOO_LARGE
    return readAll(file, stats.size)
  } finally {
    closeSync(file)
  }
}

/** Needs one call if the size is right. Room for one more byte shows whether it is. */
function readAll(file: number, size: number): Uint8Array | string {
  let bytes = Buffer.allocUnsafe(size + 1)
  let length = 0
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null)
    length += read
    if (read === 0 || (length === size && read === size)) return bytes.subarray(0, length)
    if (length > MOST_BYTES) return TOO_LARGE
    if (length === bytes.length) bytes = Buffer.concat([bytes], 2 * length)
  }
}
