// One file from the disk, or why it cannot be read.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { SourceFile } from '../../model/source.js'
import { describeError, errorCode, inside } from './disk.js'

/** A script is text that people read; past this something else was put there. */
const MOST_BYTES = 64 * 1024 * 1024

/** What is no UTF-8 becomes U+FFFD. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * `border` is the real folder that links may not lead out of, `parent` the real folder that the file stands in; undefined
 * when they could not be found.
 */
export async function readSource(options: {
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

/** Most paths are the folder's own with something behind it; asking `path` for those takes as long as reading them. */
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
  if (target === undefined) return 'it is a link to something that is not there'
  return border === undefined || !inside(border, target) ? LEADS_OUT : readRegular(target)
}

/**
 * Throws ELOOP for a link. Without O_NONBLOCK a named pipe would wait for its writer. Not through promises: they take four
 * times as long for files as small as these.
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

/** One call for a file that has the size it said, and the room for a byte more shows that it is so. */
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
