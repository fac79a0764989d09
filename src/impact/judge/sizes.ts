// How many rows a relation has, whose they are, and how a sentence says it.
import type { Level } from '../../model/finding.js'
import { SMALL_TABLE, type Impact, type OldRelation, type RelationKind } from '../facts.js'

/** The rows of the migrations themselves, or of the user: what happens to them is certain. */
export const isReal = ({ source }: Pick<OldRelation, 'source'>): boolean =>
  source === 'migrations' || source === 'fixtures' || source === 'live'

/**
 * The facts, and whether the migrations carry a data set: then a table that they leave empty is likely to be empty or small
 * elsewhere, and what made-up rows show of it is a note.
 */
export type Judging = { readonly impact: Impact; readonly dataSet: boolean }

export const relationNamed = ({ relations }: Impact, name: string): OldRelation | undefined =>
  relations.find(({ relation }) => relation === name)

/**
 * Whether work on this many rows of the relation is of concern: not on few rows, nor on a partitioned table or an index, which
 * have none of their own. A table that could not be filled may have any number.
 */
export function isLarge({ impact }: Judging, name: string, rows: number): boolean {
  const known = relationNamed(impact, name)
  if (known === undefined || known.kind === 'partitioned table') return false
  return rows >= SMALL_TABLE || isUnknown(known)
}

/** It has few rows here or none, and that says nothing: it could not be filled. */
const isUnknown = (relation: OldRelation): relation is OldRelation & { readonly why: string } =>
  !isReal(relation) && relation.why !== undefined && relation.rows < SMALL_TABLE

/** Their rows are those of other relations. */
const DERIVED: ReadonlySet<RelationKind> = new Set<RelationKind>(['view', 'materialized view'])

/** The level that a finding about this relation has at most. */
export function levelFor({ impact, dataSet }: Judging, name: string): Level | undefined {
  const known = relationNamed(impact, name)
  if (known === undefined || DERIVED.has(known.kind) || isReal(known)) return undefined
  return dataSet || isUnknown(known) ? 'note' : undefined
}

/** Whether two statements are in one transaction. */
export const isTogether = ({ statements }: Impact, one: number, other: number): boolean => {
  const transactionOf = (wanted: number): number | undefined =>
    statements.find(({ number }) => number === wanted)?.transaction
  return transactionOf(one) === transactionOf(other)
}

/** `20,000`. */
export const counted = (count: number): string => count.toLocaleString('en-US')

/** `20,000 rows`, `1 value`. */
export const countedOf = (count: number, what: string): string => `${counted(count)} ${what}${count === 1 ? '' : 's'}`

/** How the time of work on these relations grows; real rows are counted. */
export function growth({ impact }: Judging, names: readonly string[]): string {
  const known = names.flatMap((name) => relationNamed(impact, name) ?? [])
  const [unknown] = known.filter(isUnknown)
  if (unknown !== undefined) return `the time grows with the table, which could not be filled here: ${unknown.why}`
  const rows = known.filter(isReal).map((relation) => relation.rows)
  if (rows.length === 0) return 'the time grows with the table'
  const many = countedOf(Math.max(...rows), 'row')
  return `the time grows with the table (${rows.length > 1 ? 'up to ' : ''}${many} here)`
}
