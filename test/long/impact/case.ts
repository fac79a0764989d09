// A case of the exam: a database with rows, and a migration that is a hazard for it, or only looks like one.

/** The rules about what a migration does to a database that has rows and clients, as the report names them. */
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

/** What a migration does, as lists of statements without a semicolon at their end. */
export type Migration = {
  /** What is merged: tables and their rows. Always in a transaction. */
  readonly base: readonly string[]
  readonly up: readonly string[]
  readonly down?: readonly string[]
  /** `false`: the statements run by themselves, or in the transactions that they begin. */
  readonly transaction?: false
  /** It takes at least this major version. */
  readonly since?: number
}

/**
 * `rule`: the hazard; `or`: rules of the same hazard under which a report may name it as well. `quiet`: clients notice nothing
 * that is worth a warning. `why`: what the server does, in a sentence. The locks and the clients that wait are not in a case:
 * they are measured (truth.ts).
 */
export type Case = Migration & {
  readonly name: string
  readonly expects: { readonly rule: ImpactRule | 'up-fails'; readonly or?: readonly string[] } | 'quiet'
  readonly why: string
}

type Given = Migration & { readonly why: string; readonly or?: readonly string[] }

/** `name` is the folder of the case, and so its database. */
export const hazard = (name: string, rule: ImpactRule | 'up-fails', { or, ...rest }: Given): Case => ({
  name,
  ...rest,
  expects: or === undefined ? { rule } : { rule, or },
})

export const quiet = (name: string, rest: Omit<Given, 'or'>): Case => ({ name, ...rest, expects: 'quiet' })
