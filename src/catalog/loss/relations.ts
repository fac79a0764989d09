// The tables of a snapshot as statements name them, and what belongs to them: columns, foreign keys, children, triggers.
import { nameIn } from '../../sql/clauses.js'
import { lastPart, partsOf } from '../derive/names.js'
import { text, texts } from '../derive/model.js'
import { objectsOf, type CatalogueObject, type Snapshot } from '../snapshot.js'

/** `name` in SQL form. `type` as PostgreSQL prints it, with its schema if it is not built in. */
export type Column = {
  readonly name: string
  readonly type: string
  readonly generated: boolean
  /** The expression of its default; undefined for none. */
  readonly default: string | undefined
}

/** `group` is its key in the snapshot, `identity` its name in SQL form. */
export type Table = {
  readonly group: string
  readonly identity: string
  readonly kind: string
  /** It holds no rows itself. */
  readonly isPartitioned: boolean
  readonly parents: readonly string[]
  readonly columns: readonly Column[]
  readonly triggers: readonly Trigger[]
  readonly rules: readonly Rule[]
}

/** A trigger of the user: `routine` is the function that it runs, by its name in SQL form. */
export type Trigger = {
  readonly name: string
  readonly timing: 'BEFORE' | 'AFTER' | 'INSTEAD OF'
  readonly events: readonly string[]
  readonly routine: string
}

/** A rule of the user: `does` is what it runs, as PostgreSQL prints it. */
export type Rule = { readonly name: string; readonly event: string; readonly does: string }

/** `child` refers to `parent`; the names of columns go in pairs. The actions are words of SQL (`CASCADE`). */
export type ForeignKey = {
  readonly name: string
  readonly child: string
  readonly parent: string
  readonly columns: readonly (readonly [child: string, parent: string])[]
  readonly onDelete: string
  readonly onUpdate: string
}

export class Relations {
  readonly #documents: Snapshot
  readonly #tables = new Map<string, Table | undefined>()

  /** Everything is found in the order of names: the server gives its rows in any order. */
  constructor(documents: Snapshot) {
    this.#documents = new Map([...documents].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }

  ofGroup(group: string): Table | undefined {
    if (!this.#tables.has(group)) this.#tables.set(group, tableOf(group, this.#documents.get(group)))
    return this.#tables.get(group)
  }

  /** The table that a statement names; `schemas` are those to search, in this order. */
  named(written: string, schemas: readonly string[]): Table | undefined {
    const parts = partsOf(written).map(nameIn)
    const wanted = parts.length > 1 ? [parts.slice(-2)] : schemas.map((schema) => [schema, ...parts])
    for (const [schema = '', name = ''] of wanted) {
      const found = this.#groups().get(`${schema}.${name}`)
      if (found !== undefined) return this.ofGroup(found)
    }
    return undefined
  }

  /** Tables that inherit from a table, and its partitions, also of partitions. */
  below(identity: string): readonly Table[] {
    const found: Table[] = []
    const open = [identity]
    for (let parent = open.shift(); parent !== undefined; parent = open.shift()) {
      for (const table of this.#mentioning('"parents"', parent)) {
        if (!table.parents.includes(parent) || found.includes(table)) continue
        found.push(table)
        open.push(table.identity)
      }
    }
    return found
  }

  /** Foreign keys that refer to a table; of those that partitions share, the one of the partitioned table. */
  referringTo(identity: string): readonly ForeignKey[] {
    return [...this.#documents].flatMap(([group, document]) => {
      if (!document.includes(`REFERENCES ${JSON.stringify(identity).slice(1, -1)}(`)) return []
      return objectsOf(document).flatMap((object) => {
        const key = foreignKeyOf(object, group)
        return key?.parent === identity ? [key] : []
      })
    })
  }

  /** The definition of a routine by its name, with all that has it. */
  routines(name: string): readonly string[] {
    return [...this.#documents].flatMap(([group, document]) => {
      if (!group.startsWith('routine ') || !isNamed(group.slice('routine '.length), name)) return []
      return objectsOf(document).flatMap((object) => text(object, 'def') ?? [])
    })
  }

  /** Columns of tables that hold values of a type, by the name of the type. */
  holding(type: string): readonly { readonly table: Table; readonly column: Column }[] {
    return this.#mentioning(JSON.stringify(type)).flatMap((table) =>
      table.columns.flatMap((column) => (column.type === type && table.kind === 'table' ? [{ table, column }] : [])),
    )
  }

  #mentioning(...words: readonly string[]): readonly Table[] {
    return [...this.#documents].flatMap(([group, document]) =>
      group.startsWith('relation ') && words.every((word) => document.includes(word))
        ? (this.ofGroup(group) ?? [])
        : [],
    )
  }

  #names: ReadonlyMap<string, string> | undefined

  /** Groups of relations by their names without quotes. */
  #groups(): ReadonlyMap<string, string> {
    this.#names ??= new Map(
      [...this.#documents.keys()]
        .filter((group) => group.startsWith('relation '))
        .map((group) => [partsOf(group.slice('relation '.length)).map(nameIn).join('.'), group]),
    )
    return this.#names
  }
}

/** Foreign keys of a catalogue that another one does not have. */
export function foreignKeysIn(catalogue: Snapshot, other: Snapshot): readonly ForeignKey[] {
  return [...catalogue].flatMap(([group, document]) => {
    if (!group.startsWith('relation ') || !document.includes('FOREIGN KEY') || other.get(group) === document) return []
    const known = new Set(objectsOf(other.get(group)).map(({ kind, identity }) => `${kind} ${identity}`))
    return objectsOf(document)
      .filter(({ kind, identity }) => !known.has(`${kind} ${identity}`))
      .flatMap((object) => foreignKeyOf(object, group) ?? [])
  })
}

const isNamed = (identity: string, name: string): boolean =>
  name.includes('.') ? partsOf(identity).join('.') === name : nameIn(lastPart(identity)) === nameIn(name)

function tableOf(group: string, document: string | undefined): Table | undefined {
  const objects = objectsOf(document)
  const identity = group.slice('relation '.length)
  const top = objects.find((object) => object.identity === identity && object.kind !== 'comment')
  if (top === undefined) return undefined
  const ofKind = (kind: string): readonly CatalogueObject[] => objects.filter((object) => object.kind === kind)
  return {
    group,
    identity,
    kind: top.kind,
    isPartitioned: text(top, 'partition_by') !== undefined,
    parents: texts(top, 'parents'),
    columns: ofKind('column').map((column) => ({
      name: column.identity.slice(identity.length + 1),
      type: text(column, 'type') ?? '',
      generated: text(column, 'generated') !== undefined,
      default: text(column, 'default'),
    })),
    triggers: ofKind('trigger').flatMap(triggerOf),
    rules: ofKind('rule').map(ruleOf),
  }
}

/** PostgreSQL, pg_get_triggerdef. A disabled trigger does nothing. */
function triggerOf(object: CatalogueObject): readonly Trigger[] {
  const def = text(object, 'def') ?? ''
  const [, timing = '', events = '', routine = ''] =
    /^CREATE (?:CONSTRAINT )?TRIGGER .*? (BEFORE|AFTER|INSTEAD OF) ([A-Z][^]*?) ON [^]* EXECUTE (?:FUNCTION|PROCEDURE) ([^(]+)\(/.exec(
      def,
    ) ?? []
  if (events === '' || text(object, 'enabled') === 'D') return []
  return [
    {
      name: lastPart(object.identity),
      timing: timing as Trigger['timing'],
      events: events.split(' OR ').map((event) => event.split(' ')[0] ?? ''),
      routine,
    },
  ]
}

/** PostgreSQL, pg_get_ruledef. */
function ruleOf(object: CatalogueObject): Rule {
  const def = text(object, 'def') ?? ''
  const [, event = '', does = ''] = /^CREATE RULE .*? AS\s+ON ([A-Z]+) TO [^]*? DO ([^]*)$/.exec(def) ?? []
  return { name: lastPart(object.identity), event, does }
}

const FOREIGN_KEY = /^FOREIGN KEY \((.+?)\) REFERENCES ([^]+?)\((.+?)\)([^]*)$/

/** PostgreSQL, pg_get_constraintdef. */
function foreignKeyOf(object: CatalogueObject, group: string): ForeignKey | undefined {
  if (object.kind !== 'constraint' || object.definition['inherited'] !== undefined) return undefined
  const [, own = '', parent = '', theirs = '', rest = ''] = FOREIGN_KEY.exec(text(object, 'def') ?? '') ?? []
  if (parent === '') return undefined
  const others = theirs.split(', ')
  const action = (event: string): string =>
    new RegExp(`ON ${event} (CASCADE|SET NULL|SET DEFAULT|RESTRICT)`).exec(rest)?.[1] ?? 'NO ACTION'
  return {
    name: lastPart(object.identity),
    child: group.slice('relation '.length),
    parent,
    columns: own.split(', ').map((name, at) => [name, others[at] ?? ''] as const),
    onDelete: action('DELETE'),
    onUpdate: action('UPDATE'),
  }
}
