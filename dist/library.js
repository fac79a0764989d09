/**
 * Why a function failed. `kind`: `use` for wrong options, files or config; `environment` for server or rights;
 * `cancelled` by the signal; `fail` for a failed verdict; `unfinished` if a database was changed, but not as asked.
 * The message is for people. `report` is set if the run got far enough to have one.
 */
export class MigrationError extends Error {
    name = 'MigrationError';
    kind;
    fix;
    report;
    constructor(options) {
        super(options.what);
        this.kind = options.kind;
        this.fix = options.fix;
        this.report = options.report;
    }
}
/** Applies the pending migrations of one database. Rejects with a MigrationError unless all are applied. */
export async function migrateUp(database, options = {}) {
    return passed(await live(upRequest([database], options), options));
}
/** Applies the pending migrations of all databases. After a failure no other database starts. */
export async function migrateAllUp(options = {}) {
    return passed(await live(upRequest([], options), options));
}
/** Rolls back the newest migration of one database, or several. Rejects with a MigrationError if that fails. */
export async function migrateDown(database, options = {}) {
    const { to, steps, dryRun = false } = options;
    return passed(await live({ ...common('down', [database], options), to, steps, dryRun }, options));
}
/** The migration status of each database. A database that cannot be reached is in the report (`stopped`). */
export async function migrateStatus(options = {}) {
    const { databases = [], drift = false } = options;
    return (await live({ ...common('status', databases, options), check: false, drift }, options)).report;
}
/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Unless the verdict is pass, it rejects
 * with a MigrationError whose message is the whole report, so a test is one line.
 */
export async function prove(options = {}) {
    const { databases = [], server, postgres, disposableServer = false, failOn = 'error' } = options;
    const request = {
        ...{ command: 'check', paths: pathsOf(options), config: options.config, databases },
        ...{ server, postgres, disposableServer, proof: 'guided', impact: 'measured', unit: undefined, failOn },
        ...{ against: { event: 'nothing' }, scope: 'all', updateDebt: false, fix: false },
    };
    return passed(await call(request, options, {}));
}
/** Starts a PostgreSQL for a test suite. `stop` removes it with all its databases. `postgres` is the major version. */
export async function startServer(options = {}) {
    const { work } = await load();
    const opened = await work.openTestServer({
        packagesRoot: packagesFor(options),
        major: options.postgres,
        signal: options.signal ?? new AbortController().signal,
    });
    if (opened.end === 'refused')
        throw new MigrationError(opened);
    return opened.server;
}
const load = () => import(/* webpackIgnore: true */ './work.js');
/** Where to find PostgreSQL from npm: next to or below this package, or in the project. */
const packagesFor = ({ root }) => [import.meta.dirname, root ?? process.cwd()];
const upRequest = (databases, options) => ({
    ...common('up', databases, options),
    to: options.to,
    dryRun: options.dryRun ?? false,
    late: options.allowLate === true ? 'allow' : 'refuse',
    existing: options.allowExisting === true ? 'allow' : 'refuse',
});
const common = (command, databases, options) => ({
    command,
    paths: pathsOf(options),
    config: options.config,
    databases,
    server: undefined,
    postgres: undefined,
    disposableServer: false,
    environment: options.environment,
    waitMs: options.wait ?? 0,
    lockMs: options.lockTimeout ?? 5_000,
    statementMs: options.statementTimeout,
});
const pathsOf = ({ path = [] }) => (typeof path === 'string' ? [path] : path);
const live = (request, options) => call(request, options, options.dsns ?? {});
async function call(request, options, dsns) {
    const { work } = await load();
    const ended = await work.runLibrary({
        request,
        dsns,
        root: options.root ?? process.cwd(),
        packagesRoot: packagesFor(options),
        signal: options.signal ?? new AbortController().signal,
        log: options.log ?? (() => undefined),
    });
    if (ended.end === 'refused')
        throw new MigrationError(ended);
    return { report: ended.report, text: ended.text };
}
function passed({ report, text }) {
    if (report.verdict === 'pass')
        return report;
    throw new MigrationError({ kind: report.verdict, what: text.trim(), report });
}
