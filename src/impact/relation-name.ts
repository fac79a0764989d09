// The name of a relation as a client writes it, with `public` in its search path.

const LONE_NAME = /^(?:"(?:[^"]|"")*"|[^".]+)$/

/** With its schema, for sessions with any search path: `public.orders`. */
export const withSchema = (relation: string): string => (LONE_NAME.test(relation) ? `public.${relation}` : relation)
