// A new file whose hash is known before the disk has it.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Writable } from 'node:stream'

/** `sha256` (hex) is of all that was written into `into`, once that is finished. */
export type HashedFile = { readonly into: Writable; readonly sha256: () => string }

/** Many pieces of a pipe at once: a pipe's own are 64 kB. */
const HELD_BYTES = 1024 * 1024

/** Made for us alone. Rejects where it cannot be, or is there; what the disk does not take ends the stream with its error. */
export async function createHashedFile(name: string): Promise<HashedFile> {
  const handle = await open(name, 'wx', 0o600)
  const hash = createHash('sha256')
  const into = new Writable({
    highWaterMark: HELD_BYTES,
    write: (piece: Buffer, _, done) => {
      hash.update(piece)
      handle.writeFile(piece).then(() => done(), done)
    },
    destroy: (error, done) => {
      handle.close().then(
        () => done(error),
        (closing: unknown) => done(error ?? (closing instanceof Error ? closing : new Error(String(closing)))),
      )
    },
  })
  return { into, sha256: () => hash.digest('hex') }
}
