// Hashes passwords with bcrypt, in pieces, so that other work can continue in between.
import { hash } from 'bcryptjs'
import { Refused } from '../../state/transaction-result.js'

/** In bytes. bcrypt ignores the rest, so two long passwords with the same beginning would have the same hash. */
const MOST_BYTES = 72

/** `cost` is the binary logarithm of the number of rounds. Rejects with a Refused for an invalid password. */
export async function hashPassword(password: unknown, cost: number): Promise<string> {
  if (typeof password !== 'string' || password === '') {
    throw new Refused({ sqlstate: '', message: 'hash() got no password: the text is empty or missing' })
  }
  if (Buffer.byteLength(password) > MOST_BYTES) {
    const message = `hash() got a password of more than ${MOST_BYTES} bytes; bcrypt would ignore the rest`
    throw new Refused({ sqlstate: '', message })
  }
  return hash(password, cost)
}
