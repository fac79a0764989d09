// What clients call: each routine that changed, with the arguments of before.
import type { Answer, Broken } from '../../../impact/facts.js'
import { identifier } from '../../../sql/quote.js'
import { tryAll } from './attempts.js'
import type { ClientSession, Routine } from './world.js'

const STATEMENT = 'migration_gate_call'

/**
 * Calls of the old routines whose name has other candidates now. A call that names each type went to its routine before; one
 * with unknown types did where no other candidate took as many arguments.
 */
export async function compareRoutines(
  session: ClientSession,
  before: readonly Routine[],
  after: readonly Routine[],
): Promise<{ readonly broken: readonly Broken[]; readonly answers: readonly Answer[] }> {
  const signature = (one: Routine): string =>
    JSON.stringify([one.sql, one.kind, one.types, one.names, one.required, one.variadic])
  const old = new Set(before.map(signature))
  const now = new Set(after.map(signature))
  const changed = new Set(
    [...before.filter((one) => !now.has(signature(one))), ...after.filter((one) => !old.has(signature(one)))].map(
      ({ sql }) => sql,
    ),
  )
  const concerned = before.filter((one) => changed.has(one.sql) && !one.trigger && /^[fpa]$/.test(one.kind))
  const calls = concerned
    .filter(({ kind }) => kind !== 'p')
    .flatMap((routine) => callsOf(routine, before).map((args) => ({ routine, args })))
  const outcomes = await tryAll(
    session,
    calls.map(({ routine, args }) => ({
      text: `PREPARE ${STATEMENT} AS SELECT ${routine.sql}(${args}); DEALLOCATE ${STATEMENT}`,
    })),
  )
  const refused = calls.flatMap(({ routine }, i): readonly Broken[] => {
    const refusal = outcomes[i]?.refusal
    return refusal !== undefined && UNRESOLVED.has(refusal.sqlstate)
      ? [{ client: `call ${routine.name}`, ...refusal }]
      : []
  })
  const gone = concerned
    .filter(
      (one) =>
        one.kind === 'p' &&
        !after.some(
          (other) => other.sql === one.sql && other.kind === 'p' && String(other.types) === String(one.types),
        ),
    )
    .map((one): Broken => ({
      client: `call ${one.name}`,
      sqlstate: UNDEFINED_FUNCTION,
      message: `procedure ${one.name} does not exist`,
    }))
  return {
    broken: firstOfEach([...refused, ...gone]),
    answers: otherResults(before, after),
  }
}

const firstOfEach = (broken: readonly Broken[]): readonly Broken[] =>
  broken.filter(
    (one, i) => broken.findIndex(({ client, sqlstate }) => client === one.client && sqlstate === one.sqlstate) === i,
  )

/** undefined_function (PostgreSQL, "Error Codes"). */
const UNDEFINED_FUNCTION = '42883'
/** And ambiguous_function. */
const UNRESOLVED: ReadonlySet<string> = new Set([UNDEFINED_FUNCTION, '42725'])

/** Lists of arguments: typed, of unknown type, by name; each from what is required to all. */
function callsOf(routine: Routine, all: readonly Routine[]): readonly string[] {
  const { types, names, required, variadic } = routine
  const typed = types.map((type, i) =>
    variadic && i === types.length - 1 ? `VARIADIC NULL::${type}` : `NULL::${type}`,
  )
  // The type of a polymorphic argument comes from the value.
  if (types.some((type) => /\bany/.test(type))) return []
  const counts = variadic
    ? [types.length]
    : types
        .map((_, i) => i + 1)
        .concat(0)
        .filter((count) => count >= required)
  const takes = (one: Routine, count: number): boolean =>
    one.sql === routine.sql && (one.variadic || (one.required <= count && count <= one.types.length))
  return counts.flatMap((count) => {
    const unknown =
      variadic || all.filter((one) => takes(one, count)).length > 1
        ? []
        : [
            types
              .slice(0, count)
              .map(() => 'NULL')
              .join(', '),
          ]
    const named =
      !variadic && count === types.length && count > 0 && names.length === count && names.every((name) => name !== '')
        ? [typed.map((value, i) => `${identifier(names[i] ?? '')} => ${value}`).join(', ')]
        : []
    return [typed.slice(0, count).join(', '), ...unknown, ...named]
  })
}

function otherResults(before: readonly Routine[], after: readonly Routine[]): readonly Answer[] {
  const key = (one: Routine): string => JSON.stringify([one.sql, one.kind, one.types])
  const now = new Map(after.map((one) => [key(one), one]))
  return before.flatMap((one) => {
    const result = now.get(key(one))?.result ?? null
    if (result === null || one.result === null || result === one.result || one.trigger) return []
    return [{ client: `call ${one.name}`, what: `it returns ${shown(result)}, not ${shown(one.result)}` }]
  })
}

const shown = (type: string): string => type.replaceAll(/\bpublic\./g, '')
