// One message of the simple-query protocol, with answers as text. Needs less time than pg's own query, which handles
// names, types and objects.
import type { Client, Connection, Submittable } from 'pg'

/** The answer to one statement. `command` is the first word of its tag. Values are PostgreSQL's own text. */
export type Answer = {
  readonly command: string
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Answers in the order of the statements. */
export type Answers = readonly Answer[]

/** Methods that pg's client calls on the active query (pg, lib/client.js). Of these, pg's types have `submit` only. */
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

/** How many statements of the message were done before this error of `sendSimple`; 0 for any other error. */
export const doneBefore = (error: unknown): number => (error instanceof Error ? (done.get(error) ?? 0) : 0)

const done = new WeakMap<Error, number>()

/** Rejects with the server's refusal as soon as it arrives, or with the cause of a broken connection. */
export const sendSimple = (client: Client, text: string): Promise<Answers> =>
  ask(client, (connection) => connection.query(text))

/**
 * Sends two messages at once. The server executes the second as soon as it has answered the first, whatever the answer
 * is. Each promise settles as that of `sendSimple`.
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

function hearer(callbacks: {
  submit: (connection: Connection) => void
  resolve: (answers: Answers) => void
  reject: (error: Error) => void
}): Hearer {
  const answers: Answer[] = []
  let rows: (readonly (string | null)[])[] = []
  return {
    submit: callbacks.submit,
    handleRowDescription: () => undefined,
    handleDataRow: ({ fields }) => rows.push(fields),
    handleCommandComplete: ({ text: tag }) => {
      answers.push({ command: tag.split(' ', 1).join(''), rows })
      rows = []
    },
    handleEmptyQuery: () => undefined,
    // No client is there to send rows.
    handleCopyInResponse: (connection) =>
      (connection as unknown as { sendCopyFail: (why: string) => void }).sendCopyFail('no rows to copy'),
    handleCopyData: () => undefined,
    handleError: (error) => {
      done.set(error, answers.length)
      callbacks.reject(error)
    },
    handleReadyForQuery: () => callbacks.resolve(answers),
  }
}
