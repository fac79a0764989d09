// Pieces of SQL that several renderers share.

/** A key that is `true` or left out; `when` is the condition. */
export type Flag = { readonly when: string }
type Keys = Readonly<Record<string, string | Flag>>

const pair = ([key, value]: readonly [string, string | Flag]): string =>
  typeof value === 'string'
    ? `',"${key}": ' || to_json(${value})::text`
    : `CASE WHEN ${value.when} THEN ',"${key}": true' END`

/**
 * `,key: expression` for each, as JSON text without the keys that are null. It joins strict functions, which PostgreSQL
 * does not call on null. json_build_object and json_strip_nulls take several times as long. `more` is an expression
 * that gives another such text, or null.
 */
export const pairs = (keys: Keys, more?: string): string =>
  `concat(${[...Object.entries(keys).map(pair), ...(more === undefined ? [] : [more])].join(', ')})`

/** `pairs` as a JSON object. */
export const definition = (keys: Keys, more?: string): string => `'{' || substr(${pairs(keys, more)}, 2) || '}'`

/** One object of a document; `kind` is a word, `json` the text of its definition. */
export const object = (kind: string, identity: string, json: string): string =>
  `'["${kind}", ' || to_json((${identity})::text)::text || ', ' || (${json}) || ']'`

/**
 * The same with a number of the catalogue, which is no part of the document: `[3 "column", ...]`. `parseRows` takes it out.
 * Inside a JSON string no quote follows a blank, so nothing else looks like it.
 */
export const numbered = (number: string, kind: string, identity: string, json: string): string =>
  `'[' || ${number} || ' "${kind}", ' || to_json((${identity})::text)::text || ', ' || (${json}) || ']'`

/** The object and its comment, if there is one; `comment` is an expression for its text. */
export const document = (kind: string, identity: string, json: string, comment: string): string =>
  `'[' || ${object(kind, identity, json)} || coalesce(',' || (SELECT ${object(
    'comment',
    `'${kind} ' || (${identity})`,
    definition({ text: 'k.text' }),
  )} FROM (SELECT ${comment} AS text) k WHERE k.text IS NOT NULL), '') || ']'`

/** As `object`, with an expression for the kind. */
export const objectOf = (kind: string, identity: string, json: string): string =>
  `'["' || (${kind}) || '", ' || to_json((${identity})::text)::text || ', ' || (${json}) || ']'`

/** A sorted text array, so that the order in which options were set does not show. */
export const sorted = (array: string, where = 'true'): string =>
  `(SELECT array_agg(x ORDER BY x COLLATE "C") FROM unnest(${array}) x WHERE ${where})`

/** An access list as sorted text; null when it means the same as no list. */
export const acl = (list: string, type: string, owner: string): string =>
  `(CASE WHEN ${list} IS NULL OR (${list} @> acldefault('${type}', ${owner}) AND ${list} <@ acldefault('${type}', ${owner})) THEN NULL
     ELSE (SELECT coalesce(string_agg(x::text, ', ' ORDER BY x::text COLLATE "C"), 'nobody') FROM unnest(${list}) x) END)`

/** Members of an extension are part of the extension's own definition. */
export const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`

/**
 * Schemas with objects of users. Temporary and built-in schemas are not theirs, and ours is not part of a migration.
 */
export const userSchema = (name: string): string =>
  `(${name} <> 'information_schema' AND left(${name}, 3) <> 'pg_' AND ${name} <> 'migration_gate')`

export const qualified = (schema: string, name: string): string =>
  `quote_ident(${schema}) || '.' || quote_ident(${name})`

/** Comments on the given objects, as `comment` objects of the document. */
export const comments = (catalogue: string, oids: string): string =>
  `SELECT string_agg(${object('comment', `i.type || ' ' || i.identity`, definition({ text: 'd.description' }))}, ','
     ORDER BY i.type COLLATE "C", i.identity COLLATE "C")
   FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
   WHERE d.objoid = ANY(${oids}) AND d.classoid = '${catalogue}'::regclass`

/**
 * The line of one object in the answer of a snapshot function, which is one text because that costs less than rows:
 * class, OID, object group as JSON and document, with tabs between them. The line of a dropped object has only the
 * first two. JSON text contains neither tab nor line end.
 */
export const line = (kind: string, oid: string, unit = 'NULL', document = 'NULL'): string =>
  `concat_ws(E'\\t', '${kind}', ${oid}, to_json(${unit}::text)::text, ${document})`

/** PL/pgSQL that adds the lines of a query to the variable `answer`. `from` is the text from FROM on. */
export const addLines = (lines: string, from: string): string =>
  `SELECT concat_ws(E'\\n', answer, string_agg(${lines}, E'\\n')) INTO answer ${from};`
