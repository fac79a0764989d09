// The folders in which an account caches costly files between runs, and the test that a folder is its own. Pure.

/** `uid` is undefined where the system has no numeric accounts, `home` where the account has none. */
export type CacheOwner = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly uid: number | undefined
  readonly home: string | undefined
}

/**
 * The folders for caches of this account, absolute, the preferred one first; none where the account has none. A relative
 * XDG_CACHE_HOME counts as not set, as the XDG base directory specification requires
 * (https://specifications.freedesktop.org/basedir-spec/latest/). The folder of root is in the system's directories: the
 * accounts that root hands work to cannot enter its home.
 */
export function cacheBases({ environment, platform, uid, home }: CacheOwner): readonly string[] {
  const own = home ? `${home}/${platform === 'darwin' ? 'Library/Caches' : '.cache'}` : ''
  return [environment['XDG_CACHE_HOME'] ?? '', uid === 0 ? '/var/cache' : own].filter((base) => base.startsWith('/'))
}

/** Whether accounts other than the owner may write to a file or folder with this mode. */
export const isOpenToOthers = (mode: number): boolean => (mode & 0o022) !== 0

/** Whether a file belongs to the account `uid` and no other account may write to it: its content can be trusted. */
export const isOwnAlone = (stat: { uid: number; mode: number }, uid: number | undefined): boolean =>
  stat.uid === uid && !isOpenToOthers(stat.mode)
