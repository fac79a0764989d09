// The errors for folders whose migrations are not read here, because another tool or another server runs them.
import { CONFIG_FILE } from '../../config/keys.js'
import type { DatabaseConfig } from '../../model/config.js'
import { UserError } from '../../model/errors.js'
import type { Ignored } from '../../report/check-report.js'
import type { ForeignFolder } from '../../tools/foreign/folder.js'
import type { OtherServer } from '../../tools/foreign/server.js'

/** `reason` is the end of "migrations/app: not checked, because they are ...", for a run that goes on with other databases. */
export class ForeignFolderError extends UserError {
  readonly reason: string

  constructor(options: { what: string; fix: string; reason: string }) {
    super({ kind: 'use', what: options.what, fix: options.fix })
    this.reason = options.reason
  }
}

/** Without a name: a folder that is not a database. */
export function ofOtherTool(
  { name, folder }: Partial<Config> & Pick<Config, 'folder'>,
  { whose, fix }: ForeignFolder,
): ForeignFolderError {
  return new ForeignFolderError({
    what: `${name === undefined ? '' : `${name}: `}no migrations in ${folder} that are read here: they are those of ${whose}`,
    fix: adviceOf(name === undefined ? ignoreIt(folder) : leaveOut({ name, folder }), fix),
    reason: `not checked, because its migrations are those of ${whose}`,
  })
}

export function ofOtherServer({ name, folder }: Config, other: OtherServer): ForeignFolderError {
  const { server, word, place, instead } = other
  const at = `${place.file}:${place.line}:${place.column}`
  const change = instead === 'nothing' ? `take ${word} out` : `write ${instead} instead of ${word}`
  return new ForeignFolderError({
    what: `${name}: ${folder} is written for ${server}, and PostgreSQL cannot run it: ${word} at ${at}`,
    fix: `${leaveOut({ name, folder })}. If it is for PostgreSQL, ${change}.`,
    reason: `not checked, because it is written for ${server} (${word} at ${at})`,
  })
}

/** In the report of a run that goes on with other databases. */
export const skippedAs = (folder: string, { reason }: Pick<ForeignFolderError, 'reason'>): Ignored => ({
  path: folder,
  reason,
  foreign: true,
})

type Config = Pick<DatabaseConfig, 'name' | 'folder'>

/** The root cannot be left out. */
const ignoreIt = (folder: string): string | undefined =>
  folder === '.' ? undefined : `List ${folder} under ignore in ${CONFIG_FILE}`

const adviceOf = (first: string | undefined, second: string): string =>
  first === undefined ? `${second.charAt(0).toUpperCase()}${second.slice(1)}.` : `${first}, or ${second}.`

const leaveOut = ({ name, folder }: Config): string =>
  `Leave ${name} out with --databases, or list ${folder} under ignore in ${CONFIG_FILE}`
