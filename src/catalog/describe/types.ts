// Words for types and routines.
import { acl } from './grants.js'
import { flag, framed, literal, owner, plain, word, type Word } from './keys.js'

const type: readonly Word[] = [
  {
    key: 'labels',
    say: (value) => `ENUM (${Array.isArray(value) ? value.map(literal).join(', ') : plain(value)})`,
    none: 'no labels',
  },
  framed(word('base', (text) => text)),
  framed(word('collation', (text) => `COLLATE ${text}`, '')),
  framed(flag('notnull', 'NOT NULL', '')),
  framed(word('default', (text) => `DEFAULT ${text}`, '')),
  word('range', (text) => `RANGE OF ${text}`),
  word('base_type', (text) => `BASE TYPE ${text}`),
  acl,
  owner,
]

export const typeWords: Readonly<Record<string, readonly Word[]>> = { enum: type, domain: type, range: type, type }

const routine: readonly Word[] = [word('def', (text) => text.trimEnd()), acl, owner]

export const routineWords: Readonly<Record<string, readonly Word[]>> = {
  function: routine,
  procedure: routine,
  aggregate: routine,
}
