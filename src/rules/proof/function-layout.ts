// Downs that restore a function with other blanks or comments.
import { isRestored } from '../../catalog/difference.js'
import type { Rule } from '../rule.js'
import { provedOf } from './proof-results.js'
import { startOf } from '../read-input.js'

const WHY =
  'The restored function does the same as before. Only its text differs: people who compare two servers, or read the function in psql, see other blanks or comments.'

const FUNCTION_F = `-- 00001_f.up.sql
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN 1;
END
$$;
-- 00001_f.down.sql
DROP FUNCTION f();
-- 00002_drop_f.up.sql
DROP FUNCTION f();
-- 00002_drop_f.down.sql
`

export const functionLayout: Rule = {
  id: 'function-layout',
  title: 'Functions keep their blanks and comments',
  level: 'note',
  why: WHY,
  bad: `${FUNCTION_F}CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1; -- as before
END
$$;`,
  good: `${FUNCTION_F}CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN 1;
END
$$;`,
  run: (input) =>
    provedOf(input).flatMap(({ migration, proof }) => {
      const after = hasLayout(proof.differences) && isRestored(proof.down) ? 'down' : 'second up'
      const differences = after === 'down' ? proof.differences : proof.againDifferences
      if (after === 'second up' && !(hasLayout(differences) && isRestored(proof.again))) return []
      const functions = differences.filter(isLayout).map(({ kind, identity }) => `${kind} ${identity}`)
      const shown = functions.slice(0, 3).join(', ')
      const more = functions.length > 3 ? ` and ${functions.length - 3} more` : ''
      const script = migration.down ?? migration.up
      return [
        {
          migration: migration.id,
          place: script && startOf(script),
          message: `other blanks or comments after the ${after}: ${shown}${more}`,
          why: WHY,
          fix: 'Nothing to do. To restore the text exactly, copy the body of the function from the earlier migration.',
        },
      ]
    }),
}

type Classed = { readonly class: string }

const isLayout = (difference: Classed): boolean => difference.class === 'function-layout'

const hasLayout = (differences: readonly Classed[]): boolean => differences.some(isLayout)
