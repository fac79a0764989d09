// What the set-up of a server refuses, in PostgreSQL's own words, and what only looks like it.
import { expect, test } from '@jest/globals'
import { serverLimit } from '../../src/sql/server-limits.js'

test.each([
  ['directory "/mnt/fast" does not exist', 'folder /mnt/fast does not exist on this server'],
  [
    'could not set permissions on directory "/mnt/fast": Operation not permitted',
    'folder /mnt/fast does not belong to the account of this server',
  ],
  ['directory "/mnt/fast/PG_15_202209061" already in use as a tablespace', 'holds a tablespace of another server'],
  ['replication slots can only be used if wal_level >= replica', 'wal_level'],
  ['replication slots can only be used if "wal_level" >= "replica"', 'wal_level'],
  ['logical decoding requires wal_level >= logical', 'wal_level'],
  ['logical decoding requires "wal_level" >= "logical"', 'wal_level'],
  ['WAL level not sufficient for creating a restore point', 'wal_level'],
  ['replication slots can only be used if max_replication_slots > 0', 'max_replication_slots'],
  ['all replication slots are in use', 'max_replication_slots'],
  ['prepared transactions are disabled', 'max_prepared_transactions'],
  ['no security label providers have been loaded', 'this server has no provider of security labels'],
  ['security label provider "selinux" is not loaded', 'provider of security labels named selinux'],
  ['could not connect to the publisher: connection to server at "a" failed', 'another server cannot be reached'],
  ['subscription "s" could not connect to the publisher: no route', 'another server cannot be reached'],
  ['could not establish connection', 'another server cannot be reached'],
  ['canceling statement due to lock timeout', 'holds a lock that this waits for'],
])('%s', (message, words) => {
  expect(serverLimit(message)).toContain(words)
})

test.each(['relation "directory" does not exist', 'canceling statement due to statement timeout', 'wal_level is mine'])(
  '%s is no limit of the server',
  (message) => {
    expect(serverLimit(message)).toBeUndefined()
  },
)
