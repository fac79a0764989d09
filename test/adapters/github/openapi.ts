// What GitHub's published description allows of a request.
import Ajv, { type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { readFileSync } from 'node:fs'

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: object
}
export type Operation = {
  readonly method: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly body?: object
}

const { operations } = JSON.parse(readFileSync('test/openapi/requests.json', 'utf8')) as {
  readonly operations: readonly Operation[]
}
// GitHub's schemas use words that are theirs.
const ajv = new Ajv.default({ coerceTypes: true, strict: false })
addFormats.default(ajv)

export type Found = { readonly operation: Operation; readonly values: Readonly<Record<string, string>> }

/** Undefined where the description has no such operation. */
export function operationOf(method: string, path: string): Found | undefined {
  for (const operation of operations) {
    if (operation.method !== method.toLowerCase()) continue
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const match = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
    if (match === null) continue
    return {
      operation,
      values: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')])),
    }
  }
  return undefined
}

/** What the description does not allow, in words. */
export function problemsOf({ operation, values }: Found, url: URL, body: string): readonly string[] {
  const query = Object.fromEntries(url.searchParams)
  const known = operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name)
  const strangers = Object.keys(query).filter((name) => !known.includes(name))
  const { parameters, body: inBody } = validatorsOf(operation)
  const wrong = [
    ...(parameters({ ...values, ...query }) ? [] : [ajv.errorsText(parameters.errors)]),
    ...(inBody === undefined || inBody(JSON.parse(body || 'null')) ? [] : [ajv.errorsText(inBody.errors)]),
  ]
  return [...strangers.map((name) => `unknown parameter ${name}`), ...wrong]
}

type Validators = { readonly parameters: ValidateFunction; readonly body: ValidateFunction | undefined }
const compiled = new Map<Operation, Validators>()

function validatorsOf(operation: Operation): Validators {
  const known = compiled.get(operation)
  if (known !== undefined) return known
  const made = {
    parameters: ajv.compile({
      type: 'object',
      properties: Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, schema])),
      required: operation.parameters.filter(({ required }) => required).map(({ name }) => name),
    }),
    body: operation.body && ajv.compile(operation.body),
  }
  compiled.set(operation, made)
  return made
}
