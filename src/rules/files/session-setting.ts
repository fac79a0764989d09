// Settings that outlive the script that made them, because they belong to the session.
import type { Statement } from '../../sql/statements.js'
import { withoutComments } from '../../sql/statements.js'
import type { Rule } from '../rule.js'
import { scriptsOf, statementsOf } from '../read-input.js'

const WHY =
  'Tools run all pending files on one connection. The setting holds for every later file of that run, and for none when the files run one by one. So the same files make different databases.'

type Setting = { readonly name: string; readonly scope: 'set' | 'reset' }

export const sessionSetting: Rule = {
  id: 'session-setting',
  title: 'Settings do not leak into the next migration',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_reports.up.sql
SET search_path = reports;
CREATE TABLE totals (day date PRIMARY KEY);
-- 00002_reports.down.sql
DROP TABLE reports.totals;`,
  good: `-- 00002_reports.up.sql
CREATE TABLE reports.totals (day date PRIMARY KEY);
-- 00002_reports.down.sql
DROP TABLE reports.totals;`,
  run: (input) =>
    scriptsOf(input).flatMap(({ migration, script }) => {
      const settings = statementsOf(script).flatMap(({ statement, place }) => {
        const setting = settingOf(statement)
        return setting === undefined ? [] : [{ ...setting, place, local: localOf(statement) }]
      })
      const lastReset = new Map(settings.flatMap(({ scope, name }, i) => (scope === 'reset' ? [[name, i]] : [])))
      const isReset = (name: string, i: number): boolean => [name, 'all'].some((one) => (lastReset.get(one) ?? -1) > i)
      const leaking = settings.filter(({ scope, name }, i) => scope === 'set' && !isReset(name, i))
      const first = leaking[0]
      if (first === undefined) return []
      const names = [...new Set(leaking.map(({ name }) => name))]
      return [
        {
          migration: migration.id,
          place: first.place(),
          message: `${list(names)} ${names.length === 1 ? 'stays' : 'stay'} set after this script`,
          why: WHY,
          fix: (script.transaction === 'none' ? names.map(reset) : leaking.map(({ local }) => local))
            .slice(0, LINES)
            .join('\n'),
        },
      ]
    }),
}

const reset = (name: string): string =>
  name === 'session authorization' ? 'RESET SESSION AUTHORIZATION;' : `RESET ${name};`

/** The statement with its setting limited to the current transaction. */
const localOf = ({ words, text }: Statement): string =>
  words[0] === 'SELECT'
    ? `${text.replace(SET_CONFIG, (call) => call.replace(/(?:'\w+'|\w+)\s*\)$/, 'true)'))};`
    : `${text.replace(/^SET\s+(?:SESSION\s+(?!AUTHORIZATION\b))?/i, 'SET LOCAL ')};`

const LINES = 6
const SHOWN = 4
const list = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`

const SET_CONFIG = /\bset_config\s*\(\s*'([\w.]+)'\s*,[^;]*?,\s*(false|'f'|'false'|'off'|true|'t'|'true'|'on')\s*\)/i
const FIXED: Readonly<Record<string, string>> = { NAMES: 'client_encoding', SCHEMA: 'search_path', XML: 'xmloption' }

/** What a statement does to a setting of the session; SET LOCAL, SET CONSTRAINTS and SET TRANSACTION do nothing to it. */
function settingOf({ words, text }: Statement): Setting | undefined {
  const [first, ...rest] = words
  if (first === 'SELECT') {
    const found = SET_CONFIG.exec(withoutComments(text))
    return found?.[1] !== undefined && /^'?(?:f|off)/i.test(found[2] ?? '')
      ? { name: found[1].toLowerCase(), scope: 'set' }
      : undefined
  }
  if (first === 'DISCARD' && rest[0] === 'ALL') return { name: 'all', scope: 'reset' }
  if (first === 'RESET') return { name: nameOf(rest), scope: 'reset' }
  if (first !== 'SET' || ['LOCAL', 'CONSTRAINTS', 'TRANSACTION'].includes(rest[0] ?? '')) return undefined
  const own = rest[0] === 'SESSION' && rest[1] !== 'AUTHORIZATION' ? rest.slice(1) : rest
  if (own[0] === 'CHARACTERISTICS') return { name: 'transaction characteristics', scope: 'set' }
  return { name: nameOf(own), scope: own[0] === 'ROLE' && own[1] === 'NONE' ? 'reset' : back(text) ? 'reset' : 'set' }
}

const back = (text: string): boolean => /(?:=|\bTO\b|\bAUTHORIZATION\b)\s*DEFAULT\s*$/i.test(text)

/** The parameter's name in lower case; a name with a dot is two words of code. */
function nameOf(words: readonly string[]): string {
  const [first = '', second = ''] = words
  if (first === 'SESSION' && second === 'AUTHORIZATION') return 'session authorization'
  if (first === 'TIME' && second === 'ZONE') return 'timezone'
  return FIXED[first] ?? first.toLowerCase()
}
