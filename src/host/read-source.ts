// One file from the disk, or why it cannot be read.
import { constants } from 'node:fs'
import { lstat, open, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { SourceFile } from '../core/source.js'
import { describeError, inside } from './disk.js'

/** A script is text that people read; past this something else was put there. */
const MOST_BYTES = 64 * 1024 * 1024

/** `border` is the real folder that links may not lead out of; undefined when the folder itself could not be found. */
export async function readSource(options: {
  readonly path: string
  readonly folder: string
  readonly absolute: string
  readonly border: string | undefined
}): Promise<SourceFile> {
  const name = path.relative(options.folder, options.path)
  const result = await readBytes(options).catch((error: unknown) => describeError(error))
  const bytes = typeof result === 'string' ? new Uint8Array() : result
  return {
    path: options.path,
    name,
    bytes,
    text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    unreadable: typeof result === 'string' ? result : undefined,
  }
}

async function readBytes(options: { absolute: string; border: string | undefined }): Promise<Uint8Array | string> {
  const link = (await lstat(options.absolute)).isSymbolicLink()
  const target = await realpath(options.absolute).catch(() => undefined)
  if (target === undefined && link) return 'it is a link to something that is not there'
  if (target !== undefined && (options.border === undefined || !inside(options.border, target))) {
    return 'it is a link that leads out of the repository'
  }
  // Without O_NONBLOCK a named pipe would wait for its writer.
  const handle = await open(options.absolute, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await handle.stat()
    if (stats.isDirectory()) return 'it is a folder'
    if (!stats.isFile()) return 'it is not a regular file'
    if (stats.size > MOST_BYTES) return `it is larger than ${MOST_BYTES / 1024 / 1024} MiB`
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
