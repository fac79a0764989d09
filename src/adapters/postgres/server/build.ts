// Describes a set of PostgreSQL programs, from any source.

export const OLDEST_MAJOR = 14
export const NEWEST_MAJOR = 18

/**
 * `bin` holds initdb and postgres. `root` is the folder above it, from which the programs find lib and share.
 * `identity` is equal for two builds only if one may use a data directory that the other made.
 */
export type Build = {
  readonly source: 'local' | 'package'
  readonly bin: string
  readonly root: string
  readonly version: string
  readonly major: number
  readonly identity: string
}

/** The builds that were found, and as text the places that were passed over. */
export type Found = { readonly builds: readonly Build[]; readonly looked: readonly string[] }

/** Newest first. Equal versions keep their order. */
export const byVersion = (a: Build, b: Build): number => compareVersions(b.version, a.version)

/** Compares `15.18`, `19beta1` and `17.10.0` by their numbers, a beta before its release. */
function compareVersions(a: string, b: string): number {
  const x = numbers(a)
  const y = numbers(b)
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const numbers = (version: string): readonly number[] => {
  const [, major, tail = ''] = /^(\d+)(.*)$/.exec(version) ?? []
  const early = /^[a-z]/.test(tail)
  return [Number(major ?? 0), ...(early ? [-1] : []), ...(tail.match(/\d+/g) ?? []).map(Number)]
}
