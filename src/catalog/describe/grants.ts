// Access privileges in the words of GRANT.
import { plain, type Word } from './keys.js'

/** The letters of an aclitem: https://www.postgresql.org/docs/current/ddl-priv.html */
export const PRIVILEGES: Readonly<Record<string, string>> = {
  r: 'SELECT',
  a: 'INSERT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  m: 'MAINTAIN',
  X: 'EXECUTE',
  U: 'USAGE',
  C: 'CREATE',
  c: 'CONNECT',
  T: 'TEMPORARY',
  s: 'SET',
  A: 'ALTER SYSTEM',
}

/** All privileges on a table, up to 16 and from 17 on. */
const ALL = new Set(['arwdDxt', 'arwdDxtm'])

/**
 * `app=arw/owner,=r/owner` (also with the braces of an array, or as a list) as `GRANT INSERT, ... TO app`, one item of
 * the result for each grantee. Text in another form stays unchanged; the text for an empty list gives no items.
 */
function grants(value: unknown): readonly string[] {
  return itemsOf(value).map((item) => {
    const parts = /^(.*)=([A-Za-z*]*)\/(.*)$/s.exec(item)
    if (parts === null) return item
    const [, grantee = '', letters = ''] = parts
    if (letters === '') return `GRANT nothing TO ${grantee || 'PUBLIC'}`
    return `GRANT ${privileges(letters)} TO ${grantee || 'PUBLIC'}`
  })
}

function privileges(letters: string): string {
  if (ALL.has(letters)) return 'ALL'
  return [...letters.matchAll(/([A-Za-z])(\*?)/g)]
    .map(([, name = '', option]) => `${PRIVILEGES[name] ?? name}${option === '*' ? ' (with grant option)' : ''}`)
    .join(', ')
}

/** The items of an aclitem[], given as a list or as the text of a PostgreSQL array. */
export function itemsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(plain)
  const text = plain(value)
  if (text === 'nobody') return []
  const inner = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text
  return [...inner.matchAll(/(?:"(?:[^"\\]|\\.|"")*"|[^,"])+/gs)]
    .map(([found]) => found.trim())
    .map((item) =>
      item.startsWith('"') && item.endsWith('"') && item !== text ? item.slice(1, -1).replace(/\\(.)/gs, '$1') : item,
    )
}

/** Grants; in a change only the grants that differ. */
export const acl: Word = {
  key: 'acl',
  say: (value, _definition, other) => {
    const theirs = new Set(other?.['acl'] === undefined || other['acl'] === null ? [] : grants(other['acl']))
    const mine = grants(value)
    const shown = other === undefined ? mine : mine.filter((grant) => !theirs.has(grant))
    return shown.length > 0 ? shown.join('; ') : theirs.size > 0 ? 'no such grant' : 'no privileges'
  },
  none: 'default privileges',
}
