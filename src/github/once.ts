// What is made by a request whose answer may get lost: made once all the same.
import { isLost } from './client.js'

/** After so many answers that got lost it is given up. */
const CREATIONS = 3

/** Where the answer got lost it may be there: `find` looks before it is made again. Rejects as the last try did. */
export async function createOnce<T>(create: () => Promise<T>, find: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await create()
    } catch (error) {
      if (!isLost(error)) throw error
      const there = await find()
      if (there !== undefined) return there
      if (attempt === CREATIONS) throw error
    }
  }
}
