// Planted cases as tests of derived downs: which of them no derivation can undo.
import type { ScratchServer } from '../../../src/ports/scratch.js'
import { measureChain, type Measured } from '../../support/derived.js'
import { script } from '../../support/migrations.js'
import type { Planted } from './case.js'

/** What the catalogue holds too little of to create it again; each must say so in a note. */
export const UNDERIVABLE = [
  'event trigger left disabled',
  'aggregate comes back with another start value',
  'operator comes back without its commutator',
  'member of an operator family left behind',
  'cast comes back implicit',
  'text search configuration maps otherwise',
  'option of a text search dictionary left changed',
  'option of a foreign server left behind',
  'publication publishes less than before',
  'schema left in a publication',
  'large object left behind',
  'built-in function left without its grant',
  'setting of the server left behind',
  'other database left behind',
  'other database comes back with another name',
  'tablespace left behind',
  'connection of a subscription left changed',
  'role with a password renamed and back',
  'other database made and dropped',
  'setting of the server set and reset',
  'tablespace made and dropped',
  'large object made and dropped',
]

/** Rows stay, so the up does not run twice. */
export const ROWS = 'rows only, with statistics and a first TOAST value'

/** The up of a case behind its `before`. */
export async function measurePlanted(
  server: ScratchServer,
  { before, up, transaction }: Planted,
): Promise<Measured | undefined> {
  const ups = [
    ...(before === undefined ? [] : [{ id: 'before', up: script('before.up.sql', before, transaction) }]),
    { id: 'planted', up: script('planted.up.sql', up, transaction) },
  ]
  return (await measureChain(server, 'test_db', ups)).at(-1)
}
