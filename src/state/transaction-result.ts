// The outcome of a transaction, and the refusal of a statement in it.

/**
 * A refusal by a server, or by a check in front of it. `message` is its text. It never holds more row data than that
 * text.
 */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** Empty if the refusal is not from the server. */
  readonly sqlstate: string

  constructor(options: { readonly sqlstate: string; readonly message: string }) {
    super(options.message)
    this.sqlstate = options.sqlstate
  }
}

/** The outcome of a transaction: see the port's `Transact`. */
export type Transacted = {
  readonly committed: boolean
  readonly refused: Refused | undefined
  readonly unknown?: string | undefined
  readonly milliseconds: number
}
