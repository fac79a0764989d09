// How the functions of the snapshot answer: one text, a line for each object, which costs less than rows.

/**
 * A line: class, OID, unit as JSON and document, with tabs between them; unit and document are left out of the line of an
 * object that is gone. JSON text holds neither tab nor line end.
 */
export const line = (kind: string, oid: string, unit = 'NULL', document = 'NULL'): string =>
  `concat_ws(E'\\t', '${kind}', ${oid}, to_json(${unit}::text)::text, ${document})`

/** PL/pgSQL that adds the lines of a query to the variable `answer`; `from` is everything from FROM on. */
export const addLines = (lines: string, from: string): string =>
  `SELECT concat_ws(E'\\n', answer, string_agg(${lines}, E'\\n')) INTO answer ${from};`
