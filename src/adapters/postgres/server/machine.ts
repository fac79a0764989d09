// Facts about the machine, passed in so that a test can remove some of them.

/** `uid` and `gid` are those of this process; undefined if the system has none (Windows). */
export type Machine = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** An account of the machine, by number. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number }

/**
 * The few variables that our child processes see. Time zone and language are fixed, so that the same files give the
 * same catalogue everywhere. No PG* variable of the user reaches our own server.
 */
export function childEnvironment({ environment }: Pick<Machine, 'environment'>): Record<string, string> {
  const kept = ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH']
  return {
    ...Object.fromEntries(kept.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))),
    PATH: [environment['PATH'], '/usr/bin:/bin'].filter(Boolean).join(':'),
    LC_ALL: 'C',
    TZ: 'UTC',
  }
}
