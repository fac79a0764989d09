// The account that the server runs as: ours, or for root one without privileges, because PostgreSQL refuses root.
import { userInfo } from 'node:os'
import { UserError } from '../../../model/errors.js'
import { runCommand } from './command.js'
import type { Account, Machine } from './machine.js'

const WITHOUT_PRIVILEGES = ['postgres', 'nobody']

/** Undefined means our own account. Rejects with a UserError when PostgreSQL would refuse every available account. */
export async function serverAccount(machine: Machine): Promise<Account | undefined> {
  if (machine.uid !== 0) {
    requireName(machine.uid)
    return undefined
  }
  for (const name of WITHOUT_PRIVILEGES) {
    const { output } = await runCommand({ program: 'id', args: [name], machine })
    const [, uid, gid] = /^uid=(\d+)\S* gid=(\d+)/.exec(output) ?? []
    if (uid !== undefined && gid !== undefined && uid !== '0') return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new UserError({
    kind: 'environment',
    what: `PostgreSQL does not run as root, and this machine has none of the accounts ${WITHOUT_PRIVILEGES.join(', ')}.`,
    fix: 'Run as another account, or name a server with --server.',
  })
}

/** PostgreSQL looks up its account by number, and ends if it has no name. */
function requireName(uid: number | undefined): void {
  try {
    userInfo()
  } catch (cause) {
    throw new UserError({
      kind: 'environment',
      what: `PostgreSQL does not run as account ${uid ?? 'unknown'}, which has no name on this machine.`,
      fix: 'Run as an account that is in /etc/passwd, or as root, or name a server with --server.',
      cause,
    })
  }
}
