// The JSON Schema (draft 2020-12) of a description.
import type { Field, Form, JsonSchema } from './shape.js'

/** Objects with a title become `$defs` under it, and are referenced. */
export type Definitions = Map<string, JsonSchema>

/** Adds the definitions that it meets to `definitions`. */
export function jsonSchema(form: Form, definitions: Definitions): JsonSchema {
  const title = form.form === 'object' || form.form === 'either' ? form.title : undefined
  if (title === undefined) return schemaOf(form, definitions)
  if (!definitions.has(title)) {
    // Reserves the place, so that definitions come in the order of their first reference.
    definitions.set(title, {})
    definitions.set(title, schemaOf(form, definitions))
  }
  return { $ref: `#/$defs/${title}` }
}

function schemaOf(form: Form, definitions: Definitions): JsonSchema {
  switch (form.form) {
    case 'text':
      return { type: 'string', ...form.schema }
    case 'words':
      return wordsOf(form.words)
    case 'number':
      return { type: form.whole ? 'integer' : 'number', minimum: form.from }
    case 'list':
      return { type: 'array', items: jsonSchema(form.item, definitions) }
    case 'record':
      return {
        type: 'object',
        additionalProperties: jsonSchema(form.value, definitions),
        ...(form.known && { propertyNames: { enum: form.known } }),
      }
    case 'object':
      return { ...described(form.about), ...objectOf(form.fields, definitions) }
    case 'either':
      return { ...described(form.about), oneOf: Object.values(form.of).map((one) => jsonSchema(one, definitions)) }
  }
}

function wordsOf(words: readonly unknown[]): JsonSchema {
  if (words.every((word) => typeof word === 'boolean') && words.length === 2) return { type: 'boolean' }
  return words.length === 1 ? { const: words[0] } : { enum: words }
}

function objectOf(fields: Readonly<Record<string, Field>>, definitions: Definitions): JsonSchema {
  const entries = Object.entries(fields)
  const required = entries.filter(([, { optional }]) => !optional).map(([name]) => name)
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      entries.map(([name, { shape, about }]) => [name, { description: about, ...jsonSchema(shape, definitions) }]),
    ),
  }
}

const described = (about: string | undefined): JsonSchema => (about === undefined ? {} : { description: about })
