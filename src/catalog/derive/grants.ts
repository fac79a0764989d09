// Owners and access privileges.
import { itemsOf, PRIVILEGES } from '../describe/grants.js'
import type { CatalogueObject } from '../snapshot.js'
import { lastPart, parentOf } from './names.js'
import { find, isFresh, text, type Pair, type Work } from './model.js'
import { aboutDatabase } from './shared.js'
import { RANK, step, type Step } from './step.js'

/** The word after ON, and the default privileges of the owner and PUBLIC before any GRANT (acldefault), as letters. */
type Target = { readonly word: string; readonly owner: string; readonly everyone: string }

const TABLE = { word: 'TABLE', owner: 'arwdDxt', everyone: '' }
const TARGETS: Readonly<Record<string, Target>> = {
  table: TABLE,
  view: TABLE,
  matview: TABLE,
  'foreign table': TABLE,
  sequence: { word: 'SEQUENCE', owner: 'rwU', everyone: '' },
  function: { word: 'FUNCTION', owner: 'X', everyone: 'X' },
  aggregate: { word: 'FUNCTION', owner: 'X', everyone: 'X' },
  procedure: { word: 'PROCEDURE', owner: 'X', everyone: 'X' },
  schema: { word: 'SCHEMA', owner: 'UC', everyone: '' },
  enum: { word: 'TYPE', owner: 'U', everyone: 'U' },
  range: { word: 'TYPE', owner: 'U', everyone: 'U' },
  domain: { word: 'DOMAIN', owner: 'U', everyone: 'U' },
  type: { word: 'TYPE', owner: 'U', everyone: 'U' },
  'composite type': { word: 'TYPE', owner: 'U', everyone: 'U' },
  language: { word: 'LANGUAGE', owner: 'U', everyone: 'U' },
  'foreign data wrapper': { word: 'FOREIGN DATA WRAPPER', owner: 'U', everyone: '' },
  server: { word: 'FOREIGN SERVER', owner: 'U', everyone: '' },
  tablespace: { word: 'TABLESPACE', owner: 'C', everyone: '' },
  parameter: { word: 'PARAMETER', owner: 'sA', everyone: '' },
  database: { word: 'DATABASE', owner: 'CTc', everyone: 'Tc' },
}

/** Letters of privileges by grantee, `''` for PUBLIC; `*` after a letter is the grant option. */
type Rights = ReadonlyMap<string, ReadonlySet<string>>

export const grantSteps = (work: Work, pair: Pair): readonly Step[] =>
  (pair.goal?.objects ?? []).flatMap((goal) => {
    const here = isFresh(work, pair, goal) ? undefined : find(pair.here, goal)
    const owner = text(pair.goal?.top, 'owner') ?? ownerIn(goal) ?? ownerIn(here) ?? work.role
    if (goal.kind === 'column') return columnGrants(goal, here)
    const target = TARGETS[goal.kind]
    if (target === undefined || text(goal, 'acl') === text(here, 'acl')) return []
    const isDatabase = goal.kind === 'database'
    const on = `${target.word} ${isDatabase ? '%I' : goal.identity}`
    return changes(rightsOf(goal, target, owner), rightsOf(here, target, owner)).map(({ verb, letters, to }) => {
      const sql = sentence({ verb, what: letters.map(privilege).join(', '), on, to })
      return step(RANK.grants, isDatabase ? aboutDatabase(pair.unit, goal.identity, sql) : sql)
    })
  })

/** The owner by an access list: it is the grantor of its own rights. */
const ownerIn = (object: CatalogueObject | undefined): string | undefined =>
  itemsOf(object?.definition['acl']).flatMap((item) => /^(.+)=[A-Za-z*]*\/\1$/s.exec(item)?.[1] ?? [])[0]

function columnGrants(goal: CatalogueObject, here: CatalogueObject | undefined): readonly Step[] {
  const none = { word: '', owner: '', everyone: '' }
  const table = parentOf(goal.identity)
  const column = lastPart(goal.identity)
  return changes(rightsOf(goal, none, ''), rightsOf(here, none, '')).map(({ verb, letters, to }) => {
    const what = letters.map((letter) => `${privilege(letter)} (${column})`).join(', ')
    return step(RANK.grants, sentence({ verb, what, on: `TABLE ${table}`, to }))
  })
}

type Change = { readonly verb: 'GRANT' | 'REVOKE'; readonly letters: readonly string[]; readonly to: string }

const privilege = (letter: string): string => PRIVILEGES[letter.charAt(0)] ?? letter

function sentence({ verb, what, on, to }: { verb: Change['verb']; what: string; on: string; to: string }): string {
  const who = to.replace(/\*$/, '') || 'PUBLIC'
  const option = to.endsWith('*') ? ' WITH GRANT OPTION' : ''
  return verb === 'GRANT' ? `GRANT ${what} ON ${on} TO ${who}${option}` : `REVOKE ${what} ON ${on} FROM ${who}`
}

/** Revokes come first: a grant option is revoked only with its privilege, which is then granted again. */
function changes(goal: Rights, here: Rights): readonly Change[] {
  const all = [...new Set([...here.keys(), ...goal.keys()])]
  const revoked = all.flatMap((to): Change[] => {
    const letters = [...(here.get(to) ?? [])].filter((letter) => goal.get(to)?.has(letter) !== true)
    return letters.length === 0 ? [] : [{ verb: 'REVOKE', letters, to }]
  })
  const granted = all.flatMap((to): Change[] => {
    const letters = [...(goal.get(to) ?? [])].filter((letter) => here.get(to)?.has(letter) !== true)
    const plain = letters.filter((one) => !one.endsWith('*'))
    const options = letters.filter((one) => one.endsWith('*'))
    return [
      ...(plain.length === 0 ? [] : [{ verb: 'GRANT' as const, letters: plain, to }]),
      ...(options.length === 0 ? [] : [{ verb: 'GRANT' as const, letters: options, to: `${to}*` }]),
    ]
  })
  return [...revoked, ...granted]
}

function rightsOf(object: CatalogueObject | undefined, target: Target, owner: string): Rights {
  const acl = object?.definition['acl']
  if (acl === undefined || acl === null) {
    const usual = [
      [owner, target.owner],
      ['', target.everyone],
    ] as const
    return new Map(usual.filter(([, letters]) => letters !== '').map(([who, letters]) => [who, new Set(letters)]))
  }
  return new Map(
    itemsOf(acl).flatMap((item) => {
      const [, who, letters] = /^(.*)=([A-Za-z*]*)\/.*$/s.exec(item) ?? []
      if (who === undefined || letters === undefined) return []
      // MAINTAIN came with PostgreSQL 17; an owner has it unless it was revoked.
      const held = who === owner ? letters.replaceAll('m', '') : letters
      return [[who, new Set(held.match(/[A-Za-z]\*?/g) ?? [])] as const]
    }),
  )
}

const OWNED: Readonly<Record<string, string>> = {
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  view: 'VIEW',
  matview: 'MATERIALIZED VIEW',
  sequence: 'SEQUENCE',
  function: 'FUNCTION',
  procedure: 'PROCEDURE',
  aggregate: 'AGGREGATE',
  schema: 'SCHEMA',
  enum: 'TYPE',
  range: 'TYPE',
  type: 'TYPE',
  'composite type': 'TYPE',
  domain: 'DOMAIN',
  statistics: 'STATISTICS',
  publication: 'PUBLICATION',
  server: 'SERVER',
  collation: 'COLLATION',
  tablespace: 'TABLESPACE',
}

/** The role that runs the down owns a new object; only another owner needs a statement. */
export const ownerSteps = (work: Work, pair: Pair): readonly Step[] =>
  (pair.goal?.objects ?? []).flatMap((goal) => {
    const word = OWNED[goal.kind]
    const wanted = text(goal, 'owner')
    const now = isFresh(work, pair, goal) ? work.role : text(find(pair.here, goal), 'owner')
    if (word === undefined || wanted === undefined || wanted === now) return []
    return [step(RANK.owner, `ALTER ${word} ${goal.identity} OWNER TO ${wanted}`)]
  })
