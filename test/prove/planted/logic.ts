// Planted downs around views, rules, triggers and policies.
import { changed, forgotten, left, lost, type Planted } from './case.js'

const T = 'CREATE TABLE public.t (id integer, a text, b integer);'
const TOUCH = `CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';`
const TRIGGER = `${T} ${TOUCH} CREATE TRIGGER g BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.touch();`

const views: readonly Planted[] = [
  {
    name: 'view text not restored',
    before: `${T} CREATE VIEW public.v AS SELECT id, a FROM public.t WHERE b > 0;`,
    up: 'CREATE OR REPLACE VIEW public.v AS SELECT id, a FROM public.t;',
    down: 'CREATE OR REPLACE VIEW public.v AS SELECT id, a FROM public.t WHERE b > 1;',
    expect: [changed('view', 'public.v')],
  },
  {
    name: 'view comes back with fewer columns',
    before: `${T} CREATE VIEW public.v AS SELECT id, a FROM public.t;`,
    up: 'DROP VIEW public.v;',
    down: 'CREATE VIEW public.v AS SELECT id FROM public.t;',
    expect: [changed('view', 'public.v'), lost('column', 'public.v.a')],
  },
  {
    name: 'security barrier of a view lost',
    before: `${T} CREATE VIEW public.v WITH (security_barrier) AS SELECT id FROM public.t;`,
    up: 'DROP VIEW public.v;',
    down: 'CREATE VIEW public.v AS SELECT id FROM public.t;',
    expect: [changed('view', 'public.v')],
  },
  {
    name: 'check option of a view lost',
    before: `${T} CREATE VIEW public.v AS SELECT id FROM public.t WHERE id > 0 WITH LOCAL CHECK OPTION;`,
    up: 'DROP VIEW public.v;',
    down: 'CREATE VIEW public.v AS SELECT id FROM public.t WHERE id > 0;',
    expect: [changed('view', 'public.v')],
  },
  {
    name: 'default of a view column lost',
    before: `${T} CREATE VIEW public.v AS SELECT id FROM public.t; ALTER VIEW public.v ALTER COLUMN id SET DEFAULT 7;`,
    up: 'DROP VIEW public.v;',
    down: 'CREATE VIEW public.v AS SELECT id FROM public.t;',
    expect: [changed('column', 'public.v.id')],
  },
  {
    name: 'materialized view lost with its index',
    before: `${T} CREATE MATERIALIZED VIEW public.mv AS SELECT id FROM public.t; CREATE UNIQUE INDEX mv_id ON public.mv (id);`,
    up: 'DROP MATERIALIZED VIEW public.mv;',
    down: 'CREATE MATERIALIZED VIEW public.mv AS SELECT id FROM public.t;',
    expect: [lost('index', 'public.mv_id')],
  },
  {
    name: 'materialized view comes back without rows',
    before: `${T} CREATE MATERIALIZED VIEW public.mv AS SELECT id FROM public.t;`,
    up: 'DROP MATERIALIZED VIEW public.mv;',
    down: 'CREATE MATERIALIZED VIEW public.mv AS SELECT id FROM public.t WITH NO DATA;',
    expect: [changed('matview', 'public.mv')],
  },
  {
    name: 'view goes with the table it still reads',
    before: `${T} CREATE VIEW public.v AS SELECT id FROM public.t;`,
    up: 'ALTER TABLE public.t RENAME TO t_old; CREATE TABLE public.t (id integer, a text, b integer);',
    down: 'DROP TABLE public.t_old CASCADE;',
    expect: [lost('view', 'public.v')],
  },
  {
    name: 'view over a renamed column is left with the new name',
    before: `${T} CREATE VIEW public.v AS SELECT a FROM public.t; CREATE VIEW public.w AS SELECT a FROM public.v;`,
    up: 'ALTER TABLE public.t RENAME COLUMN a TO label;',
    down: 'ALTER TABLE public.t RENAME COLUMN label TO title;',
    expect: [changed('column', 'public.t.title'), changed('view', 'public.v')],
  },
  forgotten({
    name: 'rule left behind',
    before: T,
    up: 'CREATE RULE keep AS ON DELETE TO public.t DO INSTEAD NOTHING;',
    expect: [left('rule', 'public.t.keep')],
  }),
  {
    name: 'rule left disabled',
    before: `${T} CREATE RULE keep AS ON DELETE TO public.t DO INSTEAD NOTHING;`,
    up: 'ALTER TABLE public.t DISABLE RULE keep, ADD COLUMN x integer;',
    down: 'ALTER TABLE public.t DROP COLUMN x;',
    expect: [changed('rule', 'public.t.keep')],
  },
]

const triggers: readonly Planted[] = [
  {
    name: 'trigger lost',
    before: TRIGGER,
    up: 'DROP TRIGGER g ON public.t; ALTER TABLE public.t ADD COLUMN x integer;',
    down: 'ALTER TABLE public.t DROP COLUMN x;',
    expect: [lost('trigger', 'public.t.g')],
  },
  {
    name: 'trigger comes back for another event',
    before: TRIGGER,
    up: 'DROP TRIGGER g ON public.t;',
    down: 'CREATE TRIGGER g BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.touch();',
    expect: [changed('trigger', 'public.t.g')],
  },
  forgotten({
    name: 'trigger left disabled',
    before: TRIGGER,
    up: 'ALTER TABLE public.t DISABLE TRIGGER g;',
    expect: [changed('trigger', 'public.t.g')],
  }),
  {
    name: 'trigger enabled otherwise than before',
    before: `${TRIGGER} ALTER TABLE public.t ENABLE ALWAYS TRIGGER g;`,
    up: 'ALTER TABLE public.t DISABLE TRIGGER g;',
    down: 'ALTER TABLE public.t ENABLE TRIGGER g;',
    expect: [changed('trigger', 'public.t.g')],
  },
  {
    name: 'trigger function left behind',
    before: T,
    up: `${TOUCH} CREATE TRIGGER g BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.touch();`,
    down: 'DROP TRIGGER g ON public.t;',
    expect: [left('function', 'public.touch()')],
  },
  forgotten({
    name: 'policy left behind',
    before: T,
    up: 'CREATE POLICY own ON public.t USING (id > 0);',
    expect: [left('policy', 'public.t.own')],
  }),
  {
    name: 'policy comes back wider',
    before: `${T} CREATE POLICY own ON public.t FOR SELECT USING (id > 0);`,
    up: 'DROP POLICY own ON public.t;',
    down: 'CREATE POLICY own ON public.t USING (id > 0);',
    expect: [changed('policy', 'public.t.own')],
  },
  {
    name: 'policy condition not restored',
    before: `${T} CREATE POLICY own ON public.t USING (id > 0) WITH CHECK (b > 0);`,
    up: 'ALTER POLICY own ON public.t USING (true) WITH CHECK (true);',
    down: 'ALTER POLICY own ON public.t USING (id > 0);',
    expect: [changed('policy', 'public.t.own')],
  },
  {
    name: 'restrictive policy comes back permissive',
    before: `${T} CREATE POLICY own ON public.t AS RESTRICTIVE USING (id > 0);`,
    up: 'DROP POLICY own ON public.t;',
    down: 'CREATE POLICY own ON public.t USING (id > 0);',
    expect: [changed('policy', 'public.t.own')],
  },
  forgotten({
    name: 'event trigger left behind',
    before: `CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';`,
    up: 'CREATE EVENT TRIGGER watch ON ddl_command_start EXECUTE FUNCTION public.guard();',
    expect: [left('event trigger', 'watch')],
  }),
  forgotten({
    name: 'event trigger left disabled',
    before: `CREATE FUNCTION public.guard() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON ddl_command_start EXECUTE FUNCTION public.guard();`,
    up: 'ALTER EVENT TRIGGER watch DISABLE;',
    expect: [changed('event trigger', 'watch')],
  }),
]

export const logic: readonly Planted[] = [...views, ...triggers]
