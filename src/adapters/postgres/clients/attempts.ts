// Tries statements of clients, each in a subtransaction that is rolled back, many in one message.
import { isRaised, messageWithoutData } from '../../../report/redact-data.js'
import { quoted } from '../../../sql/quote.js'
import { isDatabaseError } from '../session.js'
import { inRolledBack } from './read-world.js'
import type { ClientSession } from './world.js'

/**
 * `prepare` runs before it without triggers and foreign keys, where the session may switch them off. `role` is taken for the
 * statement. `rows`: it returns one text array a row, which the outcome shall hold.
 */
export type Attempt = {
  readonly text: string
  readonly prepare?: string
  readonly role?: string
  readonly rows?: boolean
}

/** `unprepared`: `prepare` or the role was refused. `message` holds no value of a row. `constraint`: the name of the one that refuses. */
export type Outcome = {
  readonly unprepared: boolean
  readonly refusal: { readonly sqlstate: string; readonly message: string } | undefined
  readonly constraint: string | undefined
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Undefined: it took too long, or something else than the statement was in its way. */
export type Tried = Outcome | undefined

/** For a message. */
const LIMIT = '3s'
const AT_ONCE = 100
/** After so many that took too long, the rest is not tried. */
const MOST_TIMEOUTS = 3

/** In the order of the attempts. Rejects when the connection is lost. */
export async function tryAll(session: ClientSession, attempts: readonly Attempt[]): Promise<readonly Tried[]> {
  const tried: Tried[] = []
  let timeouts = 0
  while (tried.length < attempts.length && timeouts < MOST_TIMEOUTS) {
    const some = await trySome(session, attempts.slice(tried.length, tried.length + AT_ONCE))
    tried.push(...some)
    // The first of a message had all of its time.
    if (some.length === 0) {
      tried.push(undefined)
      timeouts++
    }
  }
  return attempts.map((_, i) => tried[i])
}

/** Those before the first that took too long. */
async function trySome(session: ClientSession, attempts: readonly Attempt[]): Promise<readonly Tried[]> {
  try {
    const answers = await inRolledBack(session, [
      `SET LOCAL statement_timeout = '${LIMIT}'`,
      'SET CONSTRAINTS ALL IMMEDIATE',
      `SELECT set_config('migration_gate.attempts', ${quoted(JSON.stringify(attempts))}, true)`,
      TRY,
      "SELECT current_setting('migration_gate.outcomes')",
    ])
    return (JSON.parse(answers.at(-1)?.rows[0]?.[0] ?? '[]') as readonly Written[]).map(outcomeOf)
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    return attempts.map(() => undefined)
  }
}

type Written = {
  readonly state: string
  readonly message: string
  readonly context: string
  readonly broken: string
  readonly unprepared: boolean
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The statement itself did not fail: another one had a lock, there is no room, the server ends (PostgreSQL, "Error Codes"). */
const OUTSIDE = /^(?:40|53|55P03|57|58|XX)/

function outcomeOf({ state, message, context, broken, unprepared, rows }: Written): Tried {
  if (OUTSIDE.test(state)) return undefined
  const refusal = state === DONE ? undefined : { sqlstate: state, message: shown(state, message, context) }
  return { unprepared, refusal, constraint: refusal === undefined ? undefined : broken, rows }
}

/** What a function raises may quote rows. Then the function that raised it is named instead. */
function shown(sqlstate: string, message: string, context: string): string {
  if (!isRaised(sqlstate) && !/ at RAISE(?:\n|$)/.test(context))
    return messageWithoutData({ sqlstate, message }).replaceAll(/\bpublic\.(?=["\w])/g, '')
  const by = /\bfunction ([^\s(]+\([^)]*\)) line \d+/.exec(context)?.[1]
  return by === undefined ? `an exception is raised (${sqlstate})` : `${by} raises an exception (${sqlstate})`
}

const DONE = 'MGOK0'

/** A DO block, because it fires no event trigger, unlike a temporary function. */
const TRY = `DO $migration_gate$
DECLARE
  attempts json := current_setting('migration_gate.attempts');
  outcomes json[] := '{}';
  answered json[];
  one json;
  line text[];
  unprepared boolean;
  state text; message text; context text; broken text;
BEGIN
  FOR i IN 0 .. json_array_length(attempts) - 1 LOOP
    one := attempts -> i;
    answered := '{}';
    unprepared := false;
    BEGIN
      BEGIN
        IF one ->> 'prepare' IS NOT NULL THEN
          BEGIN
            PERFORM set_config('session_replication_role', 'replica', true);
          EXCEPTION WHEN insufficient_privilege THEN NULL;
          END;
          EXECUTE one ->> 'prepare';
          IF current_setting('session_replication_role') = 'replica' THEN
            PERFORM set_config('session_replication_role', 'origin', true);
          END IF;
        END IF;
        IF one ->> 'role' IS NOT NULL THEN PERFORM set_config('role', one ->> 'role', true); END IF;
      EXCEPTION WHEN OTHERS THEN unprepared := true;
      END;
      IF one ->> 'rows' = 'true' THEN
        FOR line IN EXECUTE one ->> 'text' LOOP answered := answered || to_json(line); END LOOP;
      ELSE
        EXECUTE one ->> 'text';
      END IF;
      RAISE EXCEPTION USING ERRCODE = '${DONE}';
    EXCEPTION
      WHEN query_canceled THEN EXIT;
      WHEN OTHERS OR assert_failure THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, context = PG_EXCEPTION_CONTEXT, broken = CONSTRAINT_NAME;
        outcomes := outcomes || json_build_object('state', state, 'message', message, 'context', context, 'broken', broken, 'unprepared', unprepared, 'rows', to_json(answered));
    END;
  END LOOP;
  PERFORM set_config('migration_gate.outcomes', to_json(outcomes)::text, true);
END $migration_gate$`
