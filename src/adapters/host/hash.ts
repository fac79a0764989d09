// Passwords -> bcrypt hashes, in pieces between which other work goes on.
import { hash } from 'bcryptjs'
import { Refused } from '../../state/transaction-result.js'

/** Bcrypt does not look past this many bytes: two long passwords that begin alike would be the same one. */
const MOST_BYTES = 72

/** `cost` is the logarithm of the number of rounds. Rejects with a Refused for what is no password. */
export async function hashPassword(password: unknown, cost: number): Promise<string> {
  if (typeof password !== 'string' || password === '') {
    throw new Refused({ sqlstate: '', message: 'hash() needs a password, and got an empty text or no text' })
  }
  if (Buffer.byteLength(password) > MOST_BYTES) {
    const message = `hash() got a password of more than ${MOST_BYTES} bytes; bcrypt would ignore the rest`
    throw new Refused({ sqlstate: '', message })
  }
  return hash(password, cost)
}
