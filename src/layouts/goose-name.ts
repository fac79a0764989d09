// Which file names goose takes for migrations: NumericComponent of goose v3.27.3.

const MAX_VERSION = 9223372036854775807n

export type GooseName = { readonly version: string; readonly number: bigint; readonly name: string }

/** A `.sql` or `.go` file name -> its version and description, or why goose's command line refuses it. */
export function parseGooseName(fileName: string): GooseName | { readonly error: string } {
  const stem = fileName.replace(/\.(?:sql|go)$/, '')
  const separator = fileName.indexOf('_')
  if (separator === -1) return { error: 'there is no "_" after the version' }
  const version = fileName.slice(0, separator)
  if (!/^[+-]?[0-9]+$/.test(version)) return { error: `"${version}" in front of the first "_" is no number` }
  const number = BigInt(version.replace('+', ''))
  if (number <= 0n) return { error: 'the version must be greater than zero' }
  if (number > MAX_VERSION) return { error: `the version is larger than ${String(MAX_VERSION)}` }
  return { version, number, name: stem.slice(separator + 1) }
}
