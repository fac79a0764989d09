// The backup before anything else, as it was asked for.
import type { BackupReport } from '../../release/backup.js'
import { UserError } from '../../model/errors.js'
import { tlsIn, type Opened } from '../live/connect.js'
import type { BackupRequest } from '../shared/request.js'
import type { World } from '../shared/context.js'

/** Undefined where none was wanted. Rejects with a UserError of kind `environment` when none could be taken and proved. */
export async function takeBackup(
  { read, found, production, environment }: Opened,
  request: BackupRequest,
  { backups, signal }: World,
): Promise<BackupReport | undefined> {
  const { name, dsn } = read.config
  if (request.kind === 'external') return { kind: 'external', id: request.id ?? '' }
  if (request.kind === 'dump') {
    const history = { schema: found.schema, name: found.name }
    return backups.take({ name, dsn, history, signal, options: request, tls: tlsIn(environment) })
  }
  if (!production) return undefined
  throw new UserError({
    kind: 'environment',
    what: `${name}: production is not changed without a backup`,
    fix: 'Leave --backup none out, or name your own backup: --backup external --backup-id ID.',
  })
}
