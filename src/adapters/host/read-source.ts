// Reads one file from the disk, or gives the reason why it cannot be read.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { SourceFile } from '../../model/source.js'
import { describeError, errorCode, inside } from './disk.js'

/** In bytes. A script is text that people read, so a larger file is something else. */
const MOST_BYTES = 64 * 1024 * 1024

/** Replaces invalid UTF-8 by U+FFFD. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * `border` is the real folder that links may not leave. `parent` is the real folder of the file. Both are undefined if they
 * do not exist.
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
