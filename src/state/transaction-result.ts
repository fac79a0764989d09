// What a server, or whoever guards it, said no to.

/** `message` in the words of whoever refused. Never holds more of a row than these words do. */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** Empty where it was not the server. */
  readonly sqlstate: string

  constructor(options: { readonly sqlstate: string; readonly message: string }) {
    super(options.message)
    this.sqlstate = options.sqlstate
  }
}

/** What came of a transaction: see the port's `Transact`. */
export type Transacted = {
  readonly committed: boolean
  readonly refused: Refused | undefined
  readonly unknown?: string | undefined
  readonly milliseconds: number
}
