// Describes a thrown error: lines for people, annotations and an exit code.
import { ConfigError } from '../config/problem.js'
import { UserError } from '../model/errors.js'
import { CANCELLED } from '../adapters/host/signals.js'

/** `lines` are for people. `annotations` have a place if it is known. */
export type Failure = {
  readonly exitCode: number
  readonly lines: readonly string[]
  readonly annotations: readonly {
    readonly message: string
    readonly file?: string
    readonly line?: number
    readonly column?: number
  }[]
}

const EXIT_CODES = { use: 2, environment: 3, cancelled: CANCELLED } as const

/** Describes the error, without passwords that a user typed in a wrong place, such as a path. */
export function describeFailure(error: unknown): Failure {
  const { exitCode, lines, annotations } = describe(error)
  return {
    exitCode,
    lines: lines.map(withoutPassword),
    annotations: annotations.map((annotation) => ({ ...annotation, message: withoutPassword(annotation.message) })),
  }
}

const withoutPassword = (text: string): string => text.replaceAll(/(\b[a-z]+:\/{1,2}[^\s/:@]*):[^\s@]*@/gi, '$1:***@')

/** Any other error than a UserError is a bug of this program. It keeps its stack and has exit code 3. */
function describe(error: unknown): Failure {
  if (!(error instanceof UserError)) {
    const what = 'This is a bug of pg-migration-gate, not of your migrations. Please report it with the lines below.'
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const lines = [`error  ${what}`, ...indent(stack)]
    return { exitCode: EXIT_CODES.environment, lines, annotations: [{ message: `${what}\n${stack}` }] }
  }
  const [first = '', ...rest] = error.message.split('\n')
  const lines = [
    `${error.kind === 'cancelled' ? 'cancelled' : 'error'}  ${first}`,
    ...indent(rest.join('\n')),
    ...indent(error.fix),
  ]
  const annotations =
    error instanceof ConfigError
      ? error.problems.map(({ place, key, message }) => ({
          ...place,
          message: `${key === '' ? '' : `${key}: `}${message}`,
        }))
      : [{ message: `${error.message}\n${error.fix}` }]
  return { exitCode: EXIT_CODES[error.kind], lines, annotations }
}

const indent = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [`       ${line}`]))
