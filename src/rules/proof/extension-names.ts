// Well-known names that a server lacks until an extension, or another product, provides them.
import { ownerOf } from '../../sql/known-extensions.js'

const OPERATOR_CLASS = /^operator class "(?:\w+\.)?(\w+)" does not exist/

/** The kinds of object whose absence the server reports by name, in English. */
const ABSENT = [
  OPERATOR_CLASS,
  /^access method "(\w+)" does not exist/,
  /^type "(?:\w+\.)?(\w+)(?:\[\])*" does not exist/,
  /^function (?:\w+\.)?(\w+)\(.*\) does not exist/,
]

const IN_SETUP =
  'Where the database has it before the first migration, create it in a setup file (`setup` in migration-gate.yml).'

/** The fix for a message of the server that reports a well-known name as missing; undefined for any other message. */
export function extensionFix(message: string): string | undefined {
  if (message === 'schema "auth" does not exist')
    return 'Supabase provides a schema of this name. If you mean that one, create a substitute for it in a setup file.'
  const name = ABSENT.map((form) => form.exec(message)?.[1])
    .find((one) => one !== undefined)
    ?.toLowerCase()
  if (name === undefined) return undefined
  if (name === 'blob') return 'BLOB is a type of other databases: PostgreSQL has bytea.'
  const owner = ownerOf(name)
  if (owner === undefined)
    return OPERATOR_CLASS.test(message)
      ? `An extension provides such an operator class: create it before this step. ${IN_SETUP}`
      : undefined
  const written = /^\w+$/.test(owner) ? owner : `"${owner}"`
  return `The extension ${owner} provides it: CREATE EXTENSION IF NOT EXISTS ${written} before this step. ${IN_SETUP} Its schema must be in the search_path.`
}
