// What is known of the machine and its accounts, passed in so that a test can take things away.
import { userInfo } from 'node:os'
import { UserError } from '../../../model/errors.js'
import { runCommand } from './command.js'

/** `uid` and `gid` are those of this process; undefined where the system has none (Windows). */
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
 * The few variables that a child process of ours sees. Time zone and language are fixed, so that the same files give
 * the same catalogue everywhere, and no PG* variable of the user can reach our own server.
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

const WITHOUT_PRIVILEGES = ['postgres', 'nobody']

/** Undefined means: as ourselves. Rejects with a UserError where PostgreSQL would refuse every account that we have. */
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

/** PostgreSQL looks its account up by number and ends when it has no name. */
function requireName(uid: number | undefined): void {
  try {
    userInfo()
  } catch (cause) {
    throw new UserError({
      kind: 'environment',
      what: `PostgreSQL does not run as account ${uid ?? 'unknown'}, which has no name on this machine.`,
      fix: 'Run as an account that stands in /etc/passwd, or as root, or name a server with --server.',
      cause,
    })
  }
}
