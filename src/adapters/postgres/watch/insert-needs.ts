// Inserts that wait because of a lock on something else than their table: a sequence that gives a default, a referenced table.
import type { LockMode } from '../../../impact/lock-modes.js'
import { isAtLeast } from '../../../impact/lock-modes.js'
import type { Session } from '../session.js'

/** For each table, what an INSERT of a row locks besides: sequences with ROW EXCLUSIVE, referenced tables with ROW SHARE. */
export type InsertNeeds = ReadonlyMap<
  string,
  { readonly sequences: readonly string[]; readonly parents: readonly string[] }
>

export async function readInsertNeeds({ send }: Pick<Session, 'send'>, oids: readonly string[]): Promise<InsertNeeds> {
  if (oids.length === 0) return new Map()
  const list = `'{${oids.join(',')}}'::oid[]`
  const answer = await send(
    `SELECT d.adrelid, 'sequence', p.refobjid FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_depend p
        ON p.classid = 'pg_catalog.pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_catalog.pg_class'::regclass
      JOIN pg_catalog.pg_class c ON c.oid = p.refobjid AND c.relkind = 'S' WHERE d.adrelid = ANY (${list})
     UNION SELECT p.refobjid, 'sequence', p.objid FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_class c ON c.oid = p.objid AND c.relkind = 'S'
      WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.deptype = 'i' AND p.refobjid = ANY (${list})
     UNION SELECT k.conrelid, 'parent', k.confrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conrelid = ANY (${list})`,
  )
  const needs = new Map<string, { sequences: string[]; parents: string[] }>()
  for (const [table, what, oid] of answer.at(-1)?.rows ?? []) {
    const one = needs.get(String(table)) ?? { sequences: [], parents: [] }
    needs.set(String(table), one)
    one[what === 'sequence' ? 'sequences' : 'parents'].push(String(oid))
  }
  return needs
}

/** nextval() needs ROW EXCLUSIVE on its sequence, the check of a key ROW SHARE on the referenced table. */
export const insertWaits = (table: string, needs: InsertNeeds, locks: ReadonlyMap<string, LockMode>): boolean => {
  const { sequences = [], parents = [] } = needs.get(table) ?? {}
  const isHeld = (oid: string, least: LockMode): boolean => {
    const mode = locks.get(oid)
    return mode !== undefined && isAtLeast(mode, least)
  }
  return sequences.some((oid) => isHeld(oid, 'SHARE')) || parents.some((oid) => isHeld(oid, 'EXCLUSIVE'))
}
