// A small language that describes data once. Readers, JSON Schema, order of keys and tables of documentation come from a description.

/**
 * The description of a value of type T. It is plain data: the other files of this folder, and `config/read-yaml.ts`, say what
 * to do with it. The compiler takes a description for exactly its own type: no word, member or `undefined` more or less. No
 * description has the member `describes`; it is there for the compiler alone.
 */
export type Shape<T> = Form & { readonly describes?: (value: T) => T }

export type Form = Text | Words | Numeric | List | Keyed | Fixed | Either

/** A fragment of JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * Who a text is from. `open`: people, scripts or servers write it, so a secret may be anywhere in it; `name`: it names something
 * that is to be found under it (a file, a version, a host), so only secrets that are known are taken out; `own`: our own
 * words, times and checksums, in which there is no secret.
 */
export type Source = 'open' | 'name' | 'own'

/** What `accept` says of a text: the value that it stands for, or what is wrong with it. */
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

/** One of several objects, which differ in a word under the key `by`. */
type Either = {
  readonly form: 'either'
  readonly title: string | undefined
  readonly about: string | undefined
  readonly by: string
  readonly of: Readonly<Record<string, Fixed>>
}

/**
 * A key of an object: its value, and what it is for. `usual` says in words what holds where it is absent.
 * `whole`: the value is left out rather than shown with a text that was changed to take a secret out.
 * `bound`: the value is never changed, because something else (a digest) depends on every character of it.
 */
export type Field = {
  readonly shape: Form
  readonly about: string
  readonly optional: boolean
  readonly usual?: string
  readonly care?: 'whole' | 'bound'
}

/** A key that is always there. */
type Always<T> = Field & { readonly shape: Shape<T>; readonly optional: false }

/** A key that may be absent. */
type Maybe<T> = Field & { readonly shape: Shape<T>; readonly optional: true }

type FieldsOf<T> = {
  readonly [K in keyof Required<T>]: undefined extends T[K] ? Maybe<Exclude<T[K], undefined>> : Always<T[K]>
}

/** A value written as text. `values` says in words what may be written, `schema` what JSON Schema can say of it. */
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

/** A number that is not below `from`. */
export const number = (from: number): Shape<number> => ({ form: 'number', whole: false, from })

/** A whole number that is not below `from`. */
export const integer = (from: number): Shape<number> => ({ form: 'number', whole: true, from })

/** A list. */
export const list = <T>(item: Shape<T>): Shape<readonly T[]> => ({ form: 'list', item })

/** Keys that the writer makes up (`name` says what they are), or that are given (`known`), with one shape for all values. */
export const record = <T>(options: {
  readonly name: string
  readonly value: Shape<T>
  readonly known?: readonly string[]
}): Shape<Readonly<Record<string, T>>> => ({ form: 'record', known: undefined, ...options })

/** An object of the type T: the compiler asks for every field of it and refuses any other. Fields are written in this order. */
export const object = <T extends object>(fields: FieldsOf<T>): Shape<T> & Fixed => ({
  form: 'object',
  title: undefined,
  about: undefined,
  fields,
})

/** The same under a title, which tells it apart in the JSON Schema and the documentation, and with a sentence on what it is. */
export const titled = <T extends object>(title: string, about: string, fields: FieldsOf<T>): Shape<T> & Fixed => ({
  form: 'object',
  title,
  about,
  fields,
})

/** One of several objects of the union T, told apart by the word that each has under the key `by`. */
export const either = <T extends object, K extends keyof T & string>(
  title: string,
  about: string,
  by: K,
  of: { readonly [W in T[K] & string]: Shape<Extract<T, Readonly<Record<K, W>>>> & Fixed },
): Shape<T> => ({ form: 'either', title, about, by, of })

/** A field that is always there. */
export const field = <T>(shape: Shape<T>, about: string): Always<T> => ({ shape, about, optional: false })

/** A field that is absent where it does not apply or is not known. */
export const maybe = <T>(shape: Shape<T>, about: string): Maybe<T> => ({ shape, about, optional: true })

/** The field with care taken of texts in it (see `Field`). */
export const withCare = <F extends Field>(care: NonNullable<Field['care']>, one: F): F => ({ ...one, care })

/** A key that may be left out, and in words what holds then. */
type Key = { readonly shape: Form; readonly about: string; readonly usual: string }

type ValuesOf<F> = { readonly [K in keyof F]?: F[K] extends { readonly shape: Shape<infer T> } ? T : never }

/** An object with given keys that may all be left out; its type comes from them. */
export const keys = <const F extends Readonly<Record<string, Key>>>(given: F): Shape<ValuesOf<F>> => ({
  form: 'object',
  title: undefined,
  about: undefined,
  fields: Object.fromEntries(Object.entries(given).map(([name, key]) => [name, { ...key, optional: true }])),
})

/** In words, which values the description allows. */
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
