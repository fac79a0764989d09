// Pieces of SQL that several renderers share.

/**
 * `{key: expression}` as JSON text without the keys that are null. Put together from strict functions, of which the ones
 * on null are never called: json_build_object and json_strip_nulls take several times as long.
 */
export const definition = (keys: Readonly<Record<string, string>>): string =>
  `'{' || substr(concat(${Object.entries(keys)
    .map(([key, expression]) => `',"${key}": ' || to_json(${expression})::text`)
    .join(', ')}), 2) || '}'`

/** One object of a document; `json` is the text of its definition. */
export const object = (kind: string, identity: string, json: string): string =>
  `'[' || to_json((${kind})::text)::text || ', ' || to_json((${identity})::text)::text || ', ' || (${json}) || ']'`

/** A text array in order, so that the order in which options were set does not show. */
export const sorted = (array: string, where = 'true'): string =>
  `(SELECT array_agg(x ORDER BY x COLLATE "C") FROM unnest(${array}) x WHERE ${where})`

/** An access list as sorted text; null where it says what no list at all would say. */
export const acl = (list: string, type: string, owner: string): string =>
  `(CASE WHEN ${list} IS NULL OR (${list} @> acldefault('${type}', ${owner}) AND ${list} <@ acldefault('${type}', ${owner})) THEN NULL
     ELSE (SELECT coalesce(string_agg(x::text, ', ' ORDER BY x::text COLLATE "C"), 'nobody') FROM unnest(${list}) x) END)`

/** Members of an extension belong to the extension's own definition. */
export const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`

/** Schemas whose content users make; temporary and built-in ones are not theirs, and ours is not a migration's. */
export const userSchema = (name: string): string =>
  `(${name} <> 'information_schema' AND left(${name}, 3) <> 'pg_' AND ${name} <> 'migration_gate')`

export const qualified = (schema: string, name: string): string =>
  `quote_ident(${schema}) || '.' || quote_ident(${name})`

/** Comments on the given objects, as `comment` objects of the document. */
export const comments = (catalogue: string, oids: string): string =>
  `SELECT string_agg(${object(`'comment'`, `i.type || ' ' || i.identity`, definition({ text: 'd.description' }))}, ','
     ORDER BY i.type COLLATE "C", i.identity COLLATE "C")
   FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
   WHERE d.objoid = ANY(${oids}) AND d.classoid = '${catalogue}'::regclass`
