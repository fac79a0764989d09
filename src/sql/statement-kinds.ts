// The one table of statements: the pattern of each kind, and its properties.
import { NAME_PATTERN } from './quote.js'
import type { Statement } from './statements.js'

/**
 * A kind of statement. A missing column means no. Several kinds may match one statement: the first one with the requested
 * column counts.
 */
export type StatementKind = {
  /** Begins with `^`: it is about the statement as a whole. */
  readonly pattern: RegExp
  /** Its name in messages; by default the matched words, in upper case. */
  readonly name?: string | ((found: string) => string)
  /** PostgreSQL refuses it inside a transaction block. */
  readonly refusesTransaction?: true
  /** It changes objects of the whole server: roles, tablespaces, other databases, settings. */
  readonly clusterWide?: true
  /** Finds the same statement in the body of a DO block or a routine, where names may be `%I`, quotes or variables. */
  readonly inBody?: RegExp
  /** Locks and new OIDs show every change of it: relations and their parts, types, routines. */
  readonly provable?: true
  /** It may change privileges or run code that does, although its first word alone does not show it. */
  readonly unknownChanges?: true
}

/** Columns with yes or no for a statement as a whole. */
export type Column = 'refusesTransaction' | 'clusterWide' | 'provable' | 'unknownChanges'

/** The pattern of a statement that begins with these words; a space matches any white space. */
const begins = (text: string): RegExp => new RegExp(String.raw`^${text.replaceAll(' ', String.raw`\s+`)}\b`, 'i')

/** The same words anywhere in a body. */
const inBody = (text: string): RegExp =>
  new RegExp(String.raw`(?<![\w"])(?:${text.replaceAll(' ', String.raw`\s+`)})(?=\s)`, 'gi')

const ROLE = String.raw`(?:ROLE|GROUP|USER(?!\s+MAPPING\b))`
const MADE = '(?:table|(?:unique )?index|sequence|view|type|function|procedure|trigger|policy|rule)'
const REINDEX_OPTIONS = String.raw`^REINDEX\s*(?:\([^)]*\)\s*)?(?:VERBOSE\s+)?`

const upperCase = (found: string): string => found.toUpperCase().replaceAll(/\s+/g, ' ').trim()

/** `GRANT ON DATABASE`. */
const privilege = (found: string): string => {
  const words = upperCase(found).split(' ')
  return `${words[0] ?? ''} ON ${words.at(-1) ?? ''}`
}

const roleGrant = (found: string): string => `${found.slice(0, 6).toUpperCase().trim()} of a role`

/**
 * Sources: the callers of PreventInTransactionBlock in PostgreSQL's sources (`refusesTransaction`), and its shared
 * catalogues (`clusterWide`).
 */
export const STATEMENT_KINDS: readonly StatementKind[] = [
  {
    pattern: begins('CREATE (?:UNIQUE )?INDEX CONCURRENTLY'),
    name: 'CREATE INDEX CONCURRENTLY',
    refusesTransaction: true,
  },
  { pattern: begins('DROP INDEX CONCURRENTLY'), refusesTransaction: true },
  {
    pattern:
      /^REINDEX\b(?:\s*\([^)]*\bCONCURRENTLY\b(?!\s+(?:off|false|0)\b)|[^(]*\bCONCURRENTLY\b|\s*\([^)]*\)[^(]*\bCONCURRENTLY\b)/i,
    name: 'REINDEX CONCURRENTLY',
    refusesTransaction: true,
  },
  {
    pattern: new RegExp(String.raw`${REINDEX_OPTIONS}DATABASE\b`, 'i'),
    name: 'REINDEX DATABASE',
    refusesTransaction: true,
  },
  {
    pattern: new RegExp(String.raw`${REINDEX_OPTIONS}SYSTEM\b`, 'i'),
    name: 'REINDEX SYSTEM',
    refusesTransaction: true,
  },
  {
    pattern: new RegExp(String.raw`${REINDEX_OPTIONS}SCHEMA\b`, 'i'),
    name: 'REINDEX SCHEMA',
    refusesTransaction: true,
  },
  { pattern: begins('VACUUM'), refusesTransaction: true },
  { pattern: begins('ALTER SYSTEM'), refusesTransaction: true, clusterWide: true, inBody: inBody('ALTER SYSTEM') },
  {
    pattern: begins('(?:CREATE|DROP) (?:DATABASE|TABLESPACE)'),
    refusesTransaction: true,
    clusterWide: true,
    inBody: inBody('(?:CREATE|DROP) (?:DATABASE|TABLESPACE)'),
  },
  {
    pattern: new RegExp(String.raw`^ALTER\s+DATABASE\s+${NAME_PATTERN}\s+SET\s+TABLESPACE\b`, 'i'),
    name: 'ALTER DATABASE SET TABLESPACE',
    refusesTransaction: true,
  },
  {
    pattern: begins('ALTER (?:DATABASE|TABLESPACE)'),
    clusterWide: true,
    inBody: inBody('ALTER (?:DATABASE|TABLESPACE)'),
  },
  {
    pattern: /^ALTER\s+TABLE\b[^]*\bDETACH\s+PARTITION\b[^]*\bCONCURRENTLY\b/i,
    name: 'DETACH PARTITION CONCURRENTLY',
    refusesTransaction: true,
  },
  {
    pattern: /^CLUSTER\s*(?:\([^)]*\)\s*|VERBOSE\s*)?$/i,
    name: 'CLUSTER of all tables',
    refusesTransaction: true,
  },
  { pattern: begins('DISCARD ALL'), refusesTransaction: true },
  { pattern: begins('COMMIT PREPARED'), refusesTransaction: true },
  { pattern: begins('ROLLBACK PREPARED'), refusesTransaction: true },
  {
    pattern: /^CREATE\s+SUBSCRIPTION\b(?![^]*\b(?:create_slot|connect)\s*=\s*(?:false|off|0|'))/i,
    name: 'CREATE SUBSCRIPTION with a slot',
    refusesTransaction: true,
  },
  {
    pattern: /^ALTER\s+SUBSCRIPTION\b[^]*\bREFRESH\s+PUBLICATION\b/i,
    name: 'ALTER SUBSCRIPTION REFRESH PUBLICATION',
    refusesTransaction: true,
  },
  {
    pattern: begins('(?:CREATE|ALTER|DROP) SUBSCRIPTION'),
    clusterWide: true,
    inBody: inBody('(?:CREATE|ALTER|DROP) SUBSCRIPTION'),
  },
  {
    pattern: begins(`(?:CREATE|ALTER|DROP) ${ROLE}`),
    clusterWide: true,
    inBody: inBody(`(?:CREATE|ALTER|DROP) ${ROLE}`),
  },
  { pattern: begins('REASSIGN OWNED'), clusterWide: true, inBody: inBody('REASSIGN OWNED') },
  { pattern: begins('DROP OWNED'), clusterWide: true, inBody: inBody('DROP OWNED'), unknownChanges: true },
  {
    pattern: /^(?:COMMENT|SECURITY\s+LABEL(?:\s+FOR\s+\S+)?)\s+ON\s+(?:ROLE|TABLESPACE|DATABASE|SUBSCRIPTION)\b/i,
    clusterWide: true,
  },
  {
    pattern: /^(?:GRANT|REVOKE)\b[^]*\bON\s+(?:DATABASE|TABLESPACE|PARAMETER)\b/i,
    name: privilege,
    clusterWide: true,
    inBody: /(?<![\w"])(?:GRANT|REVOKE)\b[^;]*?\bON\s+(?:DATABASE|TABLESPACE|PARAMETER)\b/gi,
  },
  {
    pattern: /^(?:GRANT|REVOKE)\b(?![^]*\bON\b)/i,
    name: roleGrant,
    clusterWide: true,
    inBody: /(?<![\w"])(?:GRANT|REVOKE)\b(?:(?!\bON\b)[^;])*\b(?:TO|FROM)\b/gi,
  },
  {
    pattern: /^create\s+(?:\w+\s+)*table\b[^]*?\bas\s*(?:\(|select\b|with\b|table\b|values\b|execute\b)/i,
    name: 'CREATE TABLE AS',
    unknownChanges: true,
  },
  { pattern: begins(`create (?:or replace )?(?:constraint )?(?:unlogged )?${MADE}`), provable: true },
  { pattern: begins(`drop (?:materialized )?${MADE}`), provable: true },
  {
    pattern: begins(
      'alter (?:table|index|sequence|(?:materialized )?view|type|function|procedure|trigger|policy|rule)',
    ),
    provable: true,
  },
  {
    pattern: begins('comment on (?:table|column|sequence|(?:materialized )?view|type|function|procedure)'),
    provable: true,
  },
  { pattern: begins('(?:begin|start transaction|commit|end)'), provable: true },
]

/** The rows that have a column, in the order of the table. */
export const kindsWith = (column: keyof StatementKind): readonly StatementKind[] =>
  STATEMENT_KINDS.filter((kind) => kind[column] !== undefined)

const BY_COLUMN: Readonly<Record<Column, readonly StatementKind[]>> = {
  refusesTransaction: kindsWith('refusesTransaction'),
  clusterWide: kindsWith('clusterWide'),
  provable: kindsWith('provable'),
  unknownChanges: kindsWith('unknownChanges'),
}

/** The name of the first kind with this column that matches the text of a statement; undefined when there is none. */
export function nameOfKind(text: string, column: Column): string | undefined {
  for (const kind of BY_COLUMN[column]) {
    const found = kind.pattern.exec(text)
    if (found !== null) return nameOf(kind, found[0])
  }
  return undefined
}

/** Whether the text of a statement matches a kind with this column. */
export const isOfKind = (text: string, column: Column): boolean =>
  BY_COLUMN[column].some(({ pattern }) => pattern.test(text))

/** The name of the kind in a message; `found` are the words that its pattern matched. */
export function nameOf({ name = upperCase }: StatementKind, found: string): string {
  return typeof name === 'string' ? name : name(found)
}

/**
 * The properties of a statement by its first word. `unknown changes`: it may change privileges or call code that does.
 * `session`: settings or the role of the session may differ afterwards (triggers may set some). `rows`: it writes rows.
 * `numbers`: it may draw numbers from sequences, which no rollback returns.
 */
export type Effect = 'unknown changes' | 'session' | 'rows' | 'numbers'

const ANY_CODE: readonly Effect[] = ['unknown changes', 'session', 'rows', 'numbers']

const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  ABORT: [],
  ALTER: [],
  ANALYZE: [],
  BEGIN: [],
  CALL: ANY_CODE,
  CLUSTER: [],
  COMMENT: [],
  COMMIT: [],
  COPY: ANY_CODE,
  CREATE: [],
  DELETE: ['session', 'rows'],
  DO: ANY_CODE,
  DROP: [],
  END: [],
  EXECUTE: ANY_CODE,
  INSERT: ['session', 'rows', 'numbers'],
  LOCK: [],
  MERGE: ANY_CODE,
  REFRESH: [],
  REINDEX: [],
  RELEASE: [],
  RESET: ['session'],
  ROLLBACK: [],
  SAVEPOINT: [],
  SELECT: ANY_CODE,
  SET: ['session'],
  SHOW: [],
  START: [],
  TRUNCATE: ['rows'],
  UPDATE: ['session', 'rows'],
  WITH: ANY_CODE,
}

/** The properties of a statement whose first word is not in the table. */
const EFFECTS_OF_OTHERS: readonly Effect[] = ['unknown changes', 'session']

/** Whether a statement has an effect, as far as its first word shows. */
export function hasEffect({ words }: Pick<Statement, 'words'>, effect: Effect): boolean {
  const [word = ''] = words
  const effects = Object.hasOwn(EFFECTS, word) ? EFFECTS[word] : EFFECTS_OF_OTHERS
  return effects?.includes(effect) === true
}
