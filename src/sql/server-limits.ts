// Failures that the set-up of the server causes, or other sessions: folders, WAL, modules, locks, other servers.

/** Messages of PostgreSQL 14 to 18 (tablespace.c, slot.c, xlogfuncs.c, twophase.c, seclabel.c, libpqwalreceiver.c, dblink.c). */
const LIMITS: readonly { readonly message: RegExp; readonly says: (found: readonly string[]) => string }[] = [
  {
    message: /^directory "(.+)" does not exist$/,
    says: ([folder]) => `folder ${folder ?? ''} does not exist on this server`,
  },
  {
    message: /^could not (?:set permissions on|create|stat) directory "(.+?)(?:\/PG_\w+)?": /,
    says: ([folder]) => `folder ${folder ?? ''} does not belong to the account of this server`,
  },
  {
    message: /^directory "(.+)" already in use as a tablespace$/,
    says: ([folder]) => `folder ${folder ?? ''} holds a tablespace of another server`,
  },
  {
    message:
      /(?:if|requires?|>=?) ?"?wal_level|^WAL level not sufficient|^logical decoding requires|^wal_level must be/i,
    says: () => 'the WAL of this server holds too little for that (wal_level)',
  },
  {
    message: /^replication slots can only be used if max_replication_slots|^all replication slots are in use/,
    says: () => 'this server has no room for another replication slot (max_replication_slots)',
  },
  {
    message: /^prepared transactions are disabled/,
    says: () => 'this server prepares no transactions (max_prepared_transactions)',
  },
  {
    message: /^(?:no security label providers have been loaded|security label provider "(.+)" is not loaded)/,
    says: ([provider]) =>
      `this server has no provider of security labels${provider === undefined ? '' : ` named ${provider}`}`,
  },
  {
    message: /^canceling statement due to lock timeout$/,
    says: () => 'another session or a prepared transaction holds a lock that this waits for',
  },
  {
    message:
      /^(?:(?:subscription ".+" )?could not connect to the publisher|could not establish connection|could not connect to server ".+")/,
    says: () => 'another server cannot be reached from this one',
  },
]

/** A sentence when the set-up of the server is the cause of a refusal, by its message. */
export function serverLimit(message: string): string | undefined {
  for (const { message: pattern, says } of LIMITS) {
    const found = pattern.exec(message)
    if (found !== null) return says(found.slice(1))
  }
  return undefined
}
