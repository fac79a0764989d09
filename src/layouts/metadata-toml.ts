// diesel's metadata.toml beside a migration. It has one key, so no whole TOML reader is needed.

/**
 * `says`: the key is there; `silent`: the file is well formed but lacks the key, which diesel takes for false;
 * `unreadable`: diesel cannot use the file and falls back to a transaction. Rules of diesel_migrations 2.3.
 */
export type Metadata =
  { readonly kind: 'says'; readonly transaction: boolean } | { readonly kind: 'silent' | 'unreadable' }

export function parseMetadata(text: string): Metadata {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ''))
  const table = lines.findIndex((line) => /^\[/.test(line))
  const top = table === -1 ? lines : lines.slice(0, table)
  const values = top.flatMap(
    (line) =>
      /^(?:"run_in_transaction"|'run_in_transaction'|run_in_transaction)[ \t]*=[ \t]*(.*)$/.exec(line)?.[1] ?? [],
  )
  const [value, again] = values.map((raw) => raw.replace(/[ \t]*#.*$/, ''))
  if (again !== undefined) return { kind: 'unreadable' }
  if (value === 'true' || value === 'false') return { kind: 'says', transaction: value === 'true' }
  if (value !== undefined) return { kind: 'unreadable' }
  const wellFormed = lines.every((line) => line === '' || /^(?:#|\[.+\]|[\w."'-]+[ \t]*=[ \t]*\S)/.test(line))
  return { kind: wellFormed ? 'silent' : 'unreadable' }
}
