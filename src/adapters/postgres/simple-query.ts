// One message of the simple-query protocol, answered in text. Leaner than pg's own query, which knows names, types and objects.
import type { Client, Connection, Submittable } from 'pg'

/** What came back for one statement. `command` is the first word of its tag; values are PostgreSQL's own text. */
export type Answer = {
  readonly command: string
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Answers in the order of the statements. */
export type Answers = readonly Answer[]

/** What pg's client calls on the query that is under way (pg, lib/client.js); of it, pg's types know `submit`. */
type Hearer = Submittable & {
  readonly handleRowDescription: () => void
  readonly handleDataRow: (message: { readonly fields: readonly (string | null)[] }) => void
  readonly handleCommandComplete: (message: { readonly text: string }) => void
  readonly handleEmptyQuery: () => void
  readonly handleCopyInResponse: (connection: Connection) => void
  readonly handleCopyData: () => void
  readonly handleError: (error: Error) => void
  readonly handleReadyForQuery: () => void
}

/** How many statements of the message were done when this error of `sendSimple` came; 0 for any other error. */
export const doneBefore = (error: unknown): number => (error instanceof Error ? (done.get(error) ?? 0) : 0)

const done = new WeakMap<Error, number>()

/** Rejects with what the server refused, as soon as it says so, or with what broke the connection. */
export const sendSimple = (client: Client, text: string): Promise<Answers> =>
  ask(client, (connection) => connection.query(text))

/**
 * Two messages in one go: the server takes the second as soon as it has answered the first, whatever the answer was. Each
 * promise settles as that of `sendSimple`.
 */
export function sendBoth(
  client: Client,
  first: string,
  second: string,
): { readonly first: Promise<Answers>; readonly second: Promise<Answers> } {
  const both = (connection: Connection): void => {
    connection.stream.cork()
    connection.query(first)
    connection.query(second)
    connection.stream.uncork()
  }
  return { first: ask(client, both), second: ask(client, () => undefined) }
}

const ask = (client: Client, submit: Hearer['submit']): Promise<Answers> =>
  new Promise((resolve, reject) => {
    client.query(hearer({ submit, resolve, reject }))
  })

function hearer(told: {
  submit: (connection: Connection) => void
  resolve: (answers: Answers) => void
  reject: (error: Error) => void
}): Hearer {
  const answers: Answer[] = []
  let rows: (readonly (string | null)[])[] = []
  return {
    submit: told.submit,
    handleRowDescription: () => undefined,
    handleDataRow: ({ fields }) => rows.push(fields),
    handleCommandComplete: ({ text: tag }) => {
      answers.push({ command: tag.split(' ', 1).join(''), rows })
      rows = []
    },
    handleEmptyQuery: () => undefined,
    // There is nobody who could send rows.
    handleCopyInResponse: (connection) =>
      (connection as unknown as { sendCopyFail: (why: string) => void }).sendCopyFail('no rows to copy'),
    handleCopyData: () => undefined,
    handleError: (error) => {
      done.set(error, answers.length)
      told.reject(error)
    },
    handleReadyForQuery: () => told.resolve(answers),
  }
}
