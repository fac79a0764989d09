// A JSON value from an untrusted source -> a value of the described type, or the place of the first mismatch.
import type { Field, Form, Shape } from './shape.js'

/** Thrown for a value that does not match. The message is the place: `report.databases[0].name`. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
}

/**
 * The value with every described key, in the order of the description; absent keys stay absent. `at` is the place of the
 * value. Throws a Misfit for a wrong type, a value out of bounds, a missing key, and an unknown key.
 */
export const readJson = <T>(shape: Shape<T>, value: unknown, at: string): T =>
  // Every value was read by its own description, which the compiler cannot follow through the switch.
  read(shape, value, at) as T

function read(form: Form, value: unknown, at: string): unknown {
  switch (form.form) {
    case 'text': {
      const accepted = typeof value === 'string' ? form.accept(value) : { wrong: 'no text' }
      return 'value' in accepted ? accepted.value : wrong(at)
    }
    case 'words':
      return form.words.find((word) => word === value) ?? wrong(at)
    case 'number':
      return isNumber(value) && value >= form.from && (!form.whole || Number.isInteger(value)) ? value : wrong(at)
    case 'list':
      return Array.isArray(value) ? value.map((one, i) => read(form.item, one, `${at}[${i}]`)) : wrong(at)
    case 'record': {
      const entries = Object.entries(objectIn(value, at))
      return Object.fromEntries(
        entries.map(([name, one]) =>
          form.known?.includes(name) === false
            ? wrong(`${at}.${name}`)
            : [name, read(form.value, one, `${at}.${name}`)],
        ),
      )
    }
    case 'object':
      return readObject(form.fields, objectIn(value, at), at)
    case 'either': {
      const given = objectIn(value, at)
      const word = given[form.by]
      const one = typeof word === 'string' && Object.hasOwn(form.of, word) ? form.of[word] : undefined
      return one === undefined ? wrong(`${at}.${form.by}`) : readObject(one.fields, given, at)
    }
  }
}

function readObject(fields: Readonly<Record<string, Field>>, given: Members, at: string): unknown {
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(fields, name))
  if (stranger !== undefined) return wrong(`${at}.${stranger}`)
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name, { optional }]) => !optional || given[name] !== undefined)
      .map(([name, { shape }]) => [name, read(shape, given[name], `${at}.${name}`)]),
  )
}

type Members = Readonly<Record<string, unknown>>

const objectIn = (value: unknown, at: string): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : wrong(at)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function wrong(at: string): never {
  throw new Misfit(at)
}
