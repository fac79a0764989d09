// A described value with changed texts, and with its keys in the order of the description.
import type { Field, Form, Shape, Source } from './shape.js'

/** The change of a text, by its origin. Words of a choice are never passed to it. */
export type ChangeText = (text: string, source: Source) => string

/**
 * The value with `change` applied to every text, except fields that are `bound`. A `whole` field is left out if a text in
 * it would change. Keys come in the order of the description; absent and undescribed values are left out.
 */
export const mapTexts = <T>(shape: Shape<T>, value: T, change: ChangeText): T =>
  // Every value keeps the type of its own description.
  map(shape, value, change) as T

function map(form: Form, value: unknown, change: ChangeText): unknown {
  switch (form.form) {
    case 'text':
      return typeof value === 'string' ? change(value, form.source) : value
    case 'words':
    case 'number':
      return value
    case 'list':
      return (value as readonly unknown[]).map((one) => map(form.item, one, change))
    case 'record':
      return Object.fromEntries(
        Object.entries(value as Members).map(([name, one]) => [name, map(form.value, one, change)]),
      )
    case 'object':
      return mapObject(form.fields, value as Members, change)
    case 'either': {
      const one = form.of[String((value as Members)[form.by])]
      return one === undefined ? undefined : mapObject(one.fields, value as Members, change)
    }
  }
}

type Members = Readonly<Record<string, unknown>>

function mapObject(fields: Readonly<Record<string, Field>>, given: Members, change: ChangeText): Members {
  const entries = Object.entries(fields).flatMap(([name, one]): readonly (readonly [string, unknown])[] => {
    const value = given[name]
    if (value === undefined) return []
    if (one.care === undefined) return [[name, map(one.shape, value, change)]]
    if (one.care === 'bound') return [[name, map(one.shape, value, (text) => text)]]
    return hasChange(one.shape, value, change) ? [] : [[name, map(one.shape, value, change)]]
  })
  return Object.fromEntries(entries)
}

function hasChange(form: Form, value: unknown, change: ChangeText): boolean {
  let changed = false
  map(form, value, (text, source) => {
    const now = change(text, source)
    changed ||= now !== text
    return now
  })
  return changed
}
