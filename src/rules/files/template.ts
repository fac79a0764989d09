// Files that another program must fill in before they are SQL.
import { scan } from '../../sql/scan.js'
import type { Script } from '../../model/migration.js'
import type { Place } from '../../model/source.js'
import { placeAt } from '../../model/position.js'
import type { Rule } from '../rule.js'
import { scriptsOf } from '../read-input.js'

const WHY =
  'The check sends a file as it is. The program that fills it in sends something else. So a deploy does not do what the check saw.'

export const template: Rule = {
  id: 'template',
  title: 'The files are SQL, not templates',
  level: 'warning',
  why: WHY,
  bad: `-- 00002_add_phone.up.sql
ALTER TABLE {{ .Schema }}.users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE {{ .Schema }}.users DROP COLUMN phone;`,
  good: `-- 00002_add_phone.up.sql
ALTER TABLE app.users ADD COLUMN phone text;
-- 00002_add_phone.down.sql
ALTER TABLE app.users DROP COLUMN phone;`,
  run: (input) => {
    const found = scriptsOf(input).flatMap(({ migration, script }) => {
      const hole = holeIn(script)
      return hole === undefined ? [] : [{ id: migration.id, ...hole }]
    })
    const [first] = found
    if (first === undefined) return []
    const files = new Set(found.map(({ place }) => place.file)).size
    return [
      {
        migration: files === 1 ? first.id : undefined,
        place: first.place,
        message: `${files === 1 ? 'this file is a template' : `${files} files are templates`}: ${first.text} is not SQL`,
        why: WHY,
        fix: 'Fill in the files with the values of a test database, as the program does, into another folder. Check that folder.',
      },
    ]
  },
}

/** The comment that marks a hole for Go's sqltemplate packages; string literals contain it as well. */
const MARKER = /\/\*\s*TEMPLATE(?:_BEGIN|_END)?\s*(?::[^*\n]{0,80})?\*\//

type Hole = { readonly text: string; readonly place: Place }

/** The first hole of a script: `{{`, `{%` or `${`, which SQL has only in literals and comments, or a marked one. */
export function holeIn(script: Script): Hole | undefined {
  for (const message of script.messages) {
    const at = holeAt(message.text)
    if (at === undefined) continue
    return { text: shown(message.text.slice(at)), place: { file: script.file, ...placeAt(message, at) } }
  }
  return undefined
}

function holeAt(text: string): number | undefined {
  if (!/\{[{%]|\$\{|TEMPLATE/.test(text)) return undefined
  const { tokens, regions } = scan(text)
  const code = tokens.find(
    ({ kind, start, text: token }) =>
      (kind === 'sign' && /^(?:\{[{%]|\$\{)/.test(text.slice(start, start + 2))) ||
      (kind === 'quoted' && token.startsWith('"{{')),
  )
  const offsets = [
    code === undefined ? [] : [code.kind === 'quoted' ? code.start + 1 : code.start],
    regions.flatMap(({ start, end }) => {
      const marker = MARKER.exec(text.slice(start, end))
      return marker === null ? [] : [start + marker.index]
    }),
  ].flat()
  return offsets.length === 0 ? undefined : Math.min(...offsets)
}

const shown = (text: string): string =>
  (/^(?:\{\{[^]*?\}\}|\{%[^]*?%\}|\$\{[^]*?\}|\/\*[^]*?\*\/)/.exec(text)?.[0] ?? text)
    .slice(0, 60)
    .replaceAll(/\s+/g, ' ')
