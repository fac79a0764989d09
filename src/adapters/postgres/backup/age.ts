// Encrypts archives with age (https://age-encryption.org/v1), so that only holders of the key can read them.
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Encrypter } from 'age-encryption'
import { UserError } from '../../../model/errors.js'

const wrong = (what: string, fix: string, cause: unknown): UserError => new UserError({ kind: 'use', what, fix, cause })

/**
 * About 800 kB of curves, evaluated only when a backup is encrypted or decrypted. Still a part of the one bundled file.
 */
const age = () => import(/* webpackMode: "eager" */ 'age-encryption')

/** `recipient` is a public key (`age1...`). Rejects with a UserError of kind `use` for any other text. */
export async function encryptFile(from: string, to: string, recipient: string): Promise<void> {
  const encrypter = await encrypterFor(recipient)
  const sealed = await encrypter.encrypt(
    Readable.toWeb(createReadStream(from)) as globalThis.ReadableStream<Uint8Array>,
  )
  await pipeline(Readable.fromWeb(sealed as ReadableStream), createWriteStream(to, { mode: 0o600, flags: 'wx' }))
}

/** Runs before anything else, so that a wrong key stops the run at its start. */
export async function encrypterFor(recipient: string): Promise<Encrypter> {
  const { Encrypter } = await age()
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(recipient)
  } catch (cause) {
    throw wrong(
      'the key for backups is not a public key of age',
      'Write it like age1..., as age-keygen prints it.',
      cause,
    )
  }
  return encrypter
}

/** `identity` is a private key (`AGE-SECRET-KEY-1...`). No message contains it. */
export async function decryptFile(from: string, to: string, identity: string | undefined): Promise<void> {
  if (identity === undefined || identity.trim() === '') {
    const fix = 'Set BACKUP_AGE_IDENTITY to the private key (AGE-SECRET-KEY-1...) that belongs to it.'
    throw wrong('the backup is encrypted, and there is no key to open it with', fix, undefined)
  }
  const { Decrypter } = await age()
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity.trim())
  } catch (cause) {
    throw wrong('BACKUP_AGE_IDENTITY is not a private key of age', 'Write it like AGE-SECRET-KEY-1...', cause)
  }
  try {
    const open = await decrypter.decrypt(
      Readable.toWeb(createReadStream(from)) as globalThis.ReadableStream<Uint8Array>,
    )
    await pipeline(Readable.fromWeb(open as ReadableStream), createWriteStream(to, { mode: 0o600, flags: 'wx' }))
  } catch (cause) {
    const fix = 'Check that it is complete, and that BACKUP_AGE_IDENTITY is the key that it was encrypted for.'
    throw wrong('the backup cannot be decrypted', fix, cause)
  }
}
