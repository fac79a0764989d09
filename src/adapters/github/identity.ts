// Whose token it is, and which comments are therefore ours.
import type { Client } from './client.js'

/** The login of a person's token; undefined for a job's own, which is a bot's and may not ask who it is. */
export async function whoAmI({ rest, token }: Client): Promise<string | undefined> {
  if (token.startsWith('ghs_')) return undefined
  return rest.users.getAuthenticated().then(
    ({ data }) => data.login,
    () => undefined,
  )
}

/** Anybody can begin a comment with our marker, but a person is no bot. */
export const isOurs = (
  user: { readonly login: string; readonly type?: string } | null | undefined,
  self: string | undefined,
): boolean => (self === undefined ? user?.type === 'Bot' : user?.login === self)
