// Whether scripts are written for another server than PostgreSQL, by statements that PostgreSQL does not know.
import type { Migration } from '../../model/migration.js'
import { placeAt } from '../../model/position.js'
import type { Place } from '../../model/source.js'
import { scan, type Token } from '../../sql/scan.js'

/** `word` is what only that server reads, at `place`. `instead` is what PostgreSQL has for it. */
export type OtherServer = {
  readonly server: string
  readonly word: string
  readonly place: Place
  readonly instead: string
}

/** Texts without any of these are not scanned. */
const LIKELY = /engine|auto_?increment|pragma|without\s+rowid|`|\bidentity\s*\(|\[dbo\]/i

/** Words that neither MySQL nor SQLite nor SQL Server reads: a folder that has one is for PostgreSQL. */
const POSTGRES = /\b(?:(?:small|big)serial|jsonb|timestamptz|plpgsql|bytea|tsvector|citext|hstore|regclass)\b/i

type Sign = { readonly server: string; readonly word: string; readonly at: number; readonly instead: string }

/**
 * The server of a folder: where no file needs PostgreSQL, and half of those that make tables, or the first of them, have a
 * sign of another one. A single file among others is a mistake, which its proof shows.
 */
export function otherServer(migrations: readonly Migration[]): OtherServer | undefined {
  const ups = migrations.flatMap(({ up }) => (up === undefined ? [] : [up]))
  const texts = ups.map(({ messages }) => messages.map(({ text }) => text).join('\n'))
  if (!texts.some((text) => LIKELY.test(text))) return undefined
  const signs = ups.flatMap((script, i) => {
    if (!LIKELY.test(texts[i] ?? '')) return []
    for (const message of script.messages) {
      const [sign] = signsIn(message.text)
      if (sign !== undefined) return [{ script, message, sign }]
    }
    return []
  })
  const [first] = signs
  if (first === undefined || texts.some(isForPostgres)) return undefined
  const making = ups.filter((_, i) => /\bcreate\s+table\b/i.test(texts[i] ?? ''))
  const isMost = signs.length * 2 >= making.length || making[0] === first.script
  if (!isMost) return undefined
  const { server, word, at, instead } = first.sign
  return { server, word, instead, place: { file: first.script.file, ...placeAt(first.message, at) } }
}

function isForPostgres(text: string): boolean {
  if (!POSTGRES.test(text) && !text.includes('$')) return false
  const { regions, tokens } = scan(text)
  return (
    regions.some(({ kind }) => kind === 'dollar') ||
    tokens.some(({ kind, text: word }) => kind === 'word' && POSTGRES.test(word))
  )
}

const NUMBER_TYPE = /^(?:(?:tiny|small|medium|big)?int|integer|unsigned|signed|zerofill|null|key)$/i
const MYSQL_ENGINE = /^(?:innodb|myisam|ndb(?:cluster)?|tokudb|rocksdb|aria)$/i
const CLICKHOUSE_ENGINE = /^(?:\w*mergetree|tinylog|stripelog|distributed)$/i

const BEFORE_TABLE = /^(?:table|view|into|from|join|on|update|references|exists)$/i

const IDENTITY = 'GENERATED ALWAYS AS IDENTITY'

/** In code only: not in strings, comments, quoted names and bodies. */
function signsIn(text: string): readonly Sign[] {
  const { tokens } = scan(text)
  const is = (token: Token | undefined, word: string): boolean => token?.text.toUpperCase() === word
  return tokens.flatMap((token, i): readonly Sign[] => {
    const before = tokens[i - 1]
    const after = tokens[i + 1]
    const sign = (server: string, word: string, instead: string): readonly Sign[] => [
      { server, word, at: token.start, instead },
    ]
    if (is(token, 'ENGINE')) {
      const name = is(after, '=') ? tokens[i + 2] : after
      if (CLICKHOUSE_ENGINE.test(name?.text ?? '')) return sign('ClickHouse', `ENGINE = ${name?.text ?? ''}`, 'nothing')
      return MYSQL_ENGINE.test(name?.text ?? '') ? sign('MySQL', `ENGINE=${name?.text ?? ''}`, 'nothing') : []
    }
    if (is(token, 'AUTO_INCREMENT')) {
      return NUMBER_TYPE.test(before?.text ?? '') || is(before, ')') ? sign('MySQL', 'AUTO_INCREMENT', IDENTITY) : []
    }
    if (is(token, 'AUTOINCREMENT')) {
      const key = is(before, 'ASC') || is(before, 'DESC') ? tokens[i - 2] : before
      return is(key, 'KEY') ? sign('SQLite', 'AUTOINCREMENT', IDENTITY) : []
    }
    if (is(token, 'PRAGMA')) {
      return (before === undefined || is(before, ';')) && after?.kind === 'word'
        ? sign('SQLite', 'PRAGMA', 'nothing')
        : []
    }
    if (is(token, 'ROWID')) return is(before, 'WITHOUT') ? sign('SQLite', 'WITHOUT ROWID', 'nothing') : []
    if (is(token, 'IDENTITY')) {
      const [open, start, comma, step] = tokens.slice(i + 1, i + 5)
      const isSeed = is(open, '(') && is(comma, ',') && [start, step].every((one) => /^\d+$/.test(one?.text ?? ''))
      return isSeed ? sign('SQL Server', 'IDENTITY(1,1)', IDENTITY) : []
    }
    if (is(token, 'DBO') && is(before, '[') && is(after, ']')) {
      return BEFORE_TABLE.test(tokens[i - 2]?.text ?? '') ? sign('SQL Server', '[dbo]', 'public') : []
    }
    return isBackquoted(tokens, i) ? sign('MySQL', `\`${after?.text ?? ''}\``, `"${after?.text ?? ''}"`) : []
  })
}

/** A name between two backquotes, without a space. */
function isBackquoted(tokens: readonly Token[], i: number): boolean {
  const [open, name, close] = tokens.slice(i, i + 3)
  if (open?.text !== '`' || name?.kind !== 'word' || close?.text !== '`') return false
  return name.start === open.start + 1 && close.start === name.start + name.text.length
}
