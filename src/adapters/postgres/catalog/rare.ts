// The kinds of object that a chain seldom touches. Each is always read as a whole.
import type { RareKind } from './rare-whole.js'
import { database, largeObjects, preparedTransactions, userMappings } from './rare-whole.js'
import { sharedKinds } from './shared.js'
import { acl, definition, document, notOfExtension, sorted } from './sql.js'

const unit = (kind: string, identity: string): string => `'${kind} ' || (${identity})`

const rare = (options: {
  kind: string
  catalogue: string
  also?: readonly number[]
  number: number
  identity?: string
  json: string
  where?: string
}): RareKind => {
  const identity = options.identity ?? `(pg_identify_object('${options.catalogue}'::regclass, x.oid, 0)).identity`
  const where = options.where ?? `x.oid >= 16384 AND ${notOfExtension(options.catalogue, 'x.oid')}`
  return {
    kind: options.kind,
    some: `EXISTS (SELECT FROM ${options.catalogue} x WHERE ${where})`,
    catalogues: [options.number, ...(options.also ?? [])],
    select: `SELECT x.oid, ${unit(options.kind, identity)}, ${document(
      options.kind,
      identity,
      options.json,
      `obj_description(x.oid, '${options.catalogue}')`,
    )} FROM ${options.catalogue} x WHERE ${where}`,
  }
}

/** The row itself without OIDs, plus the names that the OIDs mean. So columns may come and go between majors. */
const row = (drop: string, names: Readonly<Record<string, string>>): string =>
  `jsonb_strip_nulls((to_jsonb(x) - '{oid,${drop}}'::text[]) || jsonb_build_object(${Object.entries(names)
    .map(([key, expression]) => `'${key}', ${expression}`)
    .join(', ')}))::text`

const owner = (column: string): Record<string, string> => ({ owner: `x.${column}::regrole::text` })

const operators = `(SELECT jsonb_agg(concat_ws(' ', o.amopstrategy, o.amoppurpose, o.amopopr::regoperator) ORDER BY o.amopstrategy, o.amopopr::regoperator::text) FROM pg_amop o WHERE o.amopfamily = x.oid)`
const procedures = `(SELECT jsonb_agg(concat_ws(' ', o.amprocnum, o.amproc) ORDER BY o.amprocnum, o.amproc::text) FROM pg_amproc o WHERE o.amprocfamily = x.oid)`
const dictionaries = `(SELECT jsonb_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary) ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE m.mapcfg = x.oid)`

/** The rare kinds of a server major, in their order in a whole snapshot. `shared`: also those of the whole server. */
export function rareKinds(major: number, shared: boolean): readonly RareKind[] {
  return [
    rare({
      kind: 'schema',
      catalogue: 'pg_namespace',
      number: 2615,
      identity: 'quote_ident(x.nspname)',
      json: definition({
        owner: `CASE WHEN x.oid <> 2200 OR x.nspowner >= 16384 THEN x.nspowner::regrole::text END`,
        acl: `CASE WHEN x.oid = 2200 THEN ${sorted('x.nspacl::text[]')}::text ELSE ${acl('x.nspacl', 'n', 'x.nspowner')} END`,
      }),
      where: `x.nspname !~ '^pg_' AND x.nspname NOT IN ('information_schema', 'migration_gate') AND ${notOfExtension('pg_namespace', 'x.oid')}`,
    }),
    rare({
      kind: 'extension',
      catalogue: 'pg_extension',
      number: 3079,
      identity: 'quote_ident(x.extname)',
      json: definition({
        version: 'x.extversion',
        schema: 'x.extnamespace::regnamespace::text',
        owner: 'x.extowner::regrole::text',
      }),
      where: 'x.oid >= 16384',
    }),
    rare({
      kind: 'cast',
      catalogue: 'pg_cast',
      number: 2605,
      json: row('castsource,casttarget,castfunc', { function: 'NULLIF(x.castfunc, 0)::regprocedure::text' }),
    }),
    rare({
      kind: 'operator',
      catalogue: 'pg_operator',
      number: 2617,
      json: row('oprnamespace,oprowner,oprleft,oprright,oprresult,oprcom,oprnegate,oprcode,oprrest,oprjoin', {
        ...owner('oprowner'),
        result: 'NULLIF(x.oprresult, 0)::regtype::text',
        commutator: 'NULLIF(x.oprcom, 0)::regoperator::text',
        negator: 'NULLIF(x.oprnegate, 0)::regoperator::text',
        function: 'NULLIF(x.oprcode::oid, 0)::regproc::text',
        restrict: 'NULLIF(x.oprrest::oid, 0)::regproc::text',
        join: 'NULLIF(x.oprjoin::oid, 0)::regproc::text',
      }),
    }),
    rare({
      kind: 'opfamily',
      catalogue: 'pg_opfamily',
      number: 2753,
      also: [2602, 2603],
      json: row('opfmethod,opfnamespace,opfowner', { ...owner('opfowner'), operators, procedures }),
    }),
    rare({
      kind: 'opclass',
      catalogue: 'pg_opclass',
      number: 2616,
      json: row('opcmethod,opcnamespace,opcowner,opcfamily,opcintype,opckeytype', {
        ...owner('opcowner'),
        family: '(SELECT opfname FROM pg_opfamily f WHERE f.oid = x.opcfamily)',
        type: 'x.opcintype::regtype::text',
        key: 'NULLIF(x.opckeytype, 0)::regtype::text',
      }),
    }),
    rare({
      kind: 'access method',
      catalogue: 'pg_am',
      number: 2601,
      json: row('amhandler', { handler: 'x.amhandler::text' }),
    }),
    rare({
      kind: 'language',
      catalogue: 'pg_language',
      number: 2612,
      json: row('lanowner,lanplcallfoid,laninline,lanvalidator,lanacl', {
        ...owner('lanowner'),
        handler: 'NULLIF(x.lanplcallfoid, 0)::regproc::text',
        inline: 'NULLIF(x.laninline, 0)::regproc::text',
        validator: 'NULLIF(x.lanvalidator, 0)::regproc::text',
        acl: acl('x.lanacl', 'l', 'x.lanowner'),
      }),
    }),
    rare({
      kind: 'transform',
      catalogue: 'pg_transform',
      number: 3576,
      json: row('trftype,trflang,trffromsql,trftosql', { from_sql: 'x.trffromsql::text', to_sql: 'x.trftosql::text' }),
    }),
    rare({
      kind: 'conversion',
      catalogue: 'pg_conversion',
      number: 2607,
      json: row('connamespace,conowner', owner('conowner')),
    }),
    rare({
      kind: 'collation',
      catalogue: 'pg_collation',
      number: 3456,
      json: row('collnamespace,collowner,collversion', owner('collowner')),
    }),
    rare({
      kind: 'text search configuration',
      catalogue: 'pg_ts_config',
      number: 3602,
      also: [3603],
      json: row('cfgnamespace,cfgowner,cfgparser', {
        ...owner('cfgowner'),
        parser: '(SELECT prsname FROM pg_ts_parser p WHERE p.oid = x.cfgparser)',
        map: dictionaries,
      }),
    }),
    rare({
      kind: 'text search dictionary',
      catalogue: 'pg_ts_dict',
      number: 3600,
      json: row('dictnamespace,dictowner,dicttemplate', {
        ...owner('dictowner'),
        template: '(SELECT tmplname FROM pg_ts_template p WHERE p.oid = x.dicttemplate)',
      }),
    }),
    rare({ kind: 'text search parser', catalogue: 'pg_ts_parser', number: 3601, json: row('prsnamespace', {}) }),
    rare({ kind: 'text search template', catalogue: 'pg_ts_template', number: 3764, json: row('tmplnamespace', {}) }),
    rare({
      kind: 'event trigger',
      catalogue: 'pg_event_trigger',
      number: 3466,
      json: row('evtowner,evtfoid', { ...owner('evtowner'), function: 'x.evtfoid::regprocedure::text' }),
    }),
    rare({
      kind: 'foreign data wrapper',
      catalogue: 'pg_foreign_data_wrapper',
      number: 2328,
      json: row('fdwowner,fdwhandler,fdwvalidator,fdwacl,fdwoptions', {
        fdwoptions: sorted('x.fdwoptions'),
        ...owner('fdwowner'),
        handler: 'NULLIF(x.fdwhandler, 0)::regproc::text',
        validator: 'NULLIF(x.fdwvalidator, 0)::regproc::text',
        acl: acl('x.fdwacl', 'F', 'x.fdwowner'),
      }),
    }),
    rare({
      kind: 'server',
      catalogue: 'pg_foreign_server',
      number: 1417,
      json: row('srvowner,srvfdw,srvacl,srvoptions', {
        srvoptions: sorted('x.srvoptions'),
        ...owner('srvowner'),
        wrapper: '(SELECT fdwname FROM pg_foreign_data_wrapper f WHERE f.oid = x.srvfdw)',
        acl: acl('x.srvacl', 'S', 'x.srvowner'),
      }),
    }),
    userMappings,
    rare({ kind: 'publication', catalogue: 'pg_publication', number: 6104, json: row('pubowner', owner('pubowner')) }),
    rare({
      kind: 'publication table',
      catalogue: 'pg_publication_rel',
      number: 6106,
      json: definition(
        major >= 15
          ? {
              where: 'pg_get_expr(x.prqual, x.prrelid)',
              columns: `(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = x.prrelid AND a.attnum = ANY(x.prattrs::int2[]))`,
            }
          : { table: 'x.prrelid::regclass::text' },
      ),
      where: 'true',
    }),
    ...(major >= 15
      ? [
          rare({
            kind: 'publication schema',
            catalogue: 'pg_publication_namespace',
            number: 6237,
            json: row('pnpubid,pnnspid', {}),
            where: 'true',
          }),
        ]
      : []),
    rare({
      kind: 'statistics',
      catalogue: 'pg_statistic_ext',
      number: 3381,
      json: definition({
        def: 'pg_get_statisticsobjdef(x.oid)',
        owner: 'x.stxowner::regrole::text',
        target: major >= 17 ? 'x.stxstattarget' : 'NULLIF(x.stxstattarget, -1)',
      }),
    }),
    rare({
      kind: 'default privileges',
      catalogue: 'pg_default_acl',
      number: 826,
      identity: `concat_ws(' ', x.defaclrole::regrole, CASE WHEN x.defaclnamespace <> 0 THEN x.defaclnamespace::regnamespace::text END, x.defaclobjtype)`,
      json: definition({ acl: sorted('x.defaclacl::text[]') }),
    }),
    database,
    largeObjects,
    preparedTransactions,
    ...(shared ? sharedKinds(major, 'other databases') : []),
  ]
}
