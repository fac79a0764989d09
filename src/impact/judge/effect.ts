// A judged effect of a script on a database in use: what a finding says of it, as data.
import type { Level } from '../../model/finding.js'
import type { Place } from '../../model/source.js'

/** The rules that judge what a script does to a database in use. */
export type ImpactRule =
  | 'table-rewrite'
  | 'blocking-scan'
  | 'blocking-index-build'
  | 'lock-held'
  | 'lock-order'
  | 'mass-change'
  | 'fails-on-rows'
  | 'down-fails-on-rows'
  | 'loses-rows'
  | 'down-loses-rows'
  | 'breaks-clients'
  | 'changes-clients'
  | 'left-invalid'
  | 'foreign-key-without-index'
  | 'opens-access'

/**
 * `relations`: what it is about, the one that is hit worst first; empty where it is about no relation. `said` is the sentence
 * behind their names, without an end; `brief`: the same in a few words, where it can be shorter. `statement` is the number of
 * the statement that does it; `place` where the fact has one of its own; `columns` are those that it is about. `atMost` lowers
 * the rule's level. `beside`: lesser effects on the same relation, as sentences.
 */
export type Effect = {
  readonly rule: ImpactRule
  readonly relations: readonly string[]
  readonly said: string
  readonly brief?: string
  readonly statement?: number | undefined
  readonly place?: Place | undefined
  readonly columns?: readonly string[]
  readonly atMost?: Level | undefined
  readonly beside?: readonly string[]
}

/** `about` begins its sentence: its relations, partitions counted, with a colon; empty where it is about none. */
export type JudgedEffect = Effect & { readonly about: string }

/** What the rules about waiting clients are, the worst first: a relation has one of them for each script. */
export const WAITING_RULES: readonly ImpactRule[] = [
  'table-rewrite',
  'blocking-index-build',
  'blocking-scan',
  'lock-held',
  'mass-change',
]

export const isWaiting = ({ rule }: Pick<Effect, 'rule'>): boolean => WAITING_RULES.includes(rule)
