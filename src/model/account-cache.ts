// Where an account keeps from run to run what is costly to make, and when a folder is its own. Pure.

/** `uid` is undefined where the system has no accounts by number, `home` where the account has none. */
export type CacheOwner = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly uid: number | undefined
  readonly home: string | undefined
}

/**
 * The folders in which programs of this account make their caches, absolute, the preferred one first; none where the account
 * has none. A relative XDG_CACHE_HOME counts as not set, as the XDG base directory specification wants it
 * (https://specifications.freedesktop.org/basedir-spec/latest/). Root's is the system's, since the accounts that root hands
 * work to cannot enter its home.
 */
export function cacheBases({ environment, platform, uid, home }: CacheOwner): readonly string[] {
  const own = home ? `${home}/${platform === 'darwin' ? 'Library/Caches' : '.cache'}` : ''
  return [environment['XDG_CACHE_HOME'] ?? '', uid === 0 ? '/var/cache' : own].filter((base) => base.startsWith('/'))
}

/** Whether others than the owner may write in what has this mode. */
export const isOpenToOthers = (mode: number): boolean => (mode & 0o022) !== 0

/** Whether what `stat` tells belongs to the account `uid` and nobody else may write in it: what lies there may be believed. */
export const isOwnAlone = (stat: { uid: number; mode: number }, uid: number | undefined): boolean =>
  stat.uid === uid && !isOpenToOthers(stat.mode)
