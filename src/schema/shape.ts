// A small language that describes data once: readers, JSON Schema, order of keys and tables of the docs come from it.

/**
 * The description of a value of type T. It is plain data: the other files of this folder, and `config/read-yaml.ts`,
 * process it. The compiler accepts a description only for exactly its own type: no word, member or `undefined` more or
 * less. No description has the member `describes`; it exists for the compiler alone.
 */
export type Shape<T> = Form & { readonly describes?: (value: T) => T }

export type Form = Text | Words | Numeric | List | Keyed | Fixed | Either

/** A fragment of JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * The origin of a text. `open`: people, scripts or servers write it, so any part may be a secret. `name`: it names
 * something to look up (a file, a version, a host), so only known secrets are removed. `own`: words, times and checksums
 * of this program, without secrets.
 */
export type Source = 'open' | 'name' | 'own'

/** The result of `accept` for a text: the value, or the fault of the text. */
export type Accepted<T> = { readonly value: T } | { readonly wrong: string }

type Text = {
  readonly form: 'text'
  readonly values: string
  readonly source: Source
  readonly schema: JsonSchema
  readonly accept: (written: string) => Accepted<unknown>
}

type Words = { readonly form: 'words'; readonly what: string; readonly words: readonly Word[] }
type Word = string | number | boolean

type Numeric = { readonly form: 'number'; readonly whole: boolean; readonly from: number }

type List = { readonly form: 'list'; readonly item: Form }

type Keyed = {
  readonly form: 'record'
  readonly name: string
  readonly value: Form
  readonly known: readonly string[] | undefined
}

/** An object with given keys. `title` makes it a definition of its own in the JSON Schema and in the documentation. */
export type Fixed = {
  readonly form: 'object'
  readonly title: string | undefined
  readonly about: string | undefined
  readonly fields: Readonly<Record<string, Field>>
}

/** One of several objects, distinguished by the word under the key `by`. */
type Either = {
  readonly form: 'either'
  readonly title: string | undefined
  readonly about: string | undefined
  readonly by: string
  readonly of: Readonly<Record<string, Fixed>>
}

/**
 * A key of an object: its value, and its purpose. `usual` describes the default in words. `whole`: the value is left out
 * rather than shown with a text changed to remove a secret. `bound`: the value is never changed, because another value (a
 * digest) depends on every character of it.
 */
export type Field = {
  readonly shape: Form
  readonly about: string
  readonly optional: boolean
  readonly usual?: string
  readonly care?: 'whole' | 'bound'
}

/** A required key. */
type Always<T> = Field & { readonly shape: Shape<T>; readonly optional: false }

/** An optional key. */
type Maybe<T> = Field & { readonly shape: Shape<T>; readonly optional: true }

type FieldsOf<T> = {
  readonly [K in keyof Required<T>]: undefined extends T[K] ? Maybe<Exclude<T[K], undefined>> : Always<T[K]>
}

/** A value written as text. `values` describes the allowed texts in words, `schema` as JSON Schema. */
export const text = <T>(options: {
  readonly values: string
  readonly source?: Source
  readonly schema?: JsonSchema
  readonly accept: (written: string) => Accepted<T>
}): Shape<T> => ({ form: 'text', source: 'open', schema: {}, ...options })

/** One of a few words, numbers or truth values. `what` is their common name (`level`). */
export const choice = <const W extends Word>(what: string, words: readonly W[]): Shape<W> => ({
  form: 'words',
  what,
  words,
})

/** A truth value. */
export const truth: Shape<boolean> = choice('truth value', [true, false])

/** A number of at least `from`. */
export const number = (from: number): Shape<number> => ({ form: 'number', whole: false, from })

/** A whole number of at least `from`. */
export const integer = (from: number): Shape<number> => ({ form: 'number', whole: true, from })

/** A list. */
export const list = <T>(item: Shape<T>): Shape<readonly T[]> => ({ form: 'list', item })

/** Keys that the writer chooses (`name` describes them), or given keys (`known`), with one shape for all values. */
export const record = <T>(options: {
  readonly name: string
  readonly value: Shape<T>
  readonly known?: readonly string[]
}): Shape<Readonly<Record<string, T>>> => ({ form: 'record', known: undefined, ...options })

/** An object of the type T: the compiler requires every field of it and refuses any other. Fields are written in this order. */
export const object = <T extends object>(fields: FieldsOf<T>): Shape<T> & Fixed => ({
  form: 'object',
  title: undefined,
  about: undefined,
  fields,
})

/** As `object`, with a description, and with a title that names it in the JSON Schema and the documentation. */
export const titled = <T extends object>(title: string, about: string, fields: FieldsOf<T>): Shape<T> & Fixed => ({
  form: 'object',
  title,
  about,
  fields,
})

/** One of several objects of the union T, distinguished by the word of each under the key `by`. */
export const either = <T extends object, K extends keyof T & string>(
  title: string,
  about: string,
  by: K,
  of: { readonly [W in T[K] & string]: Shape<Extract<T, Readonly<Record<K, W>>>> & Fixed },
): Shape<T> => ({ form: 'either', title, about, by, of })

/** A required field. */
export const field = <T>(shape: Shape<T>, about: string): Always<T> => ({ shape, about, optional: false })

/** A field that is absent where it does not apply or is not known. */
export const maybe = <T>(shape: Shape<T>, about: string): Maybe<T> => ({ shape, about, optional: true })

/** The field with the given handling of texts in it (see `Field`). */
export const withCare = <F extends Field>(care: NonNullable<Field['care']>, one: F): F => ({ ...one, care })

/** An optional key, and its default in words. */
type Key = { readonly shape: Form; readonly about: string; readonly usual: string }

type ValuesOf<F> = { readonly [K in keyof F]?: F[K] extends { readonly shape: Shape<infer T> } ? T : never }

/** An object with given keys that are all optional; its type comes from them. */
export const keys = <const F extends Readonly<Record<string, Key>>>(given: F): Shape<ValuesOf<F>> => ({
  form: 'object',
  title: undefined,
  about: undefined,
  fields: Object.fromEntries(Object.entries(given).map(([name, key]) => [name, { ...key, optional: true }])),
})

/** The allowed values of the description, in words. */
export function valuesOf(form: Form): string {
  switch (form.form) {
    case 'text':
      return form.values
    case 'words':
      return form.words.map((word) => `\`${word}\``).join(', ')
    case 'number':
      return form.whole ? 'whole number' : 'number'
    case 'list':
      return `list of ${valuesOf(form.item)}s`
    case 'record':
      return `${form.name}: ${valuesOf(form.value)}`
    case 'object':
    case 'either':
      return form.title ?? 'keys'
  }
}
