// Finds out whose token it is, and so which comments are ours.
import type { Client } from './client.js'

/** The login of a person's token. Undefined for the token of a job, which may not read its own user. */
export async function whoAmI({ rest, token }: Client): Promise<string | undefined> {
  if (token.startsWith('ghs_')) return undefined
  return rest.users.getAuthenticated().then(
    ({ data }) => data.login,
    () => undefined,
  )
}

/** Anyone can begin a comment with our marker, but a person is not a bot. */
export const isOurs = (
  user: { readonly login: string; readonly type?: string } | null | undefined,
  self: string | undefined,
): boolean => (self === undefined ? user?.type === 'Bot' : user?.login === self)
