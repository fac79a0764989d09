/**
 * Why a function did not do what was asked. `kind`: `use` for wrong options, files or config; `environment` for server or
 * rights; `cancelled` by the signal; `fail` for a verdict; `unfinished` where a database was changed and the run did not
 * end as asked. The message is for people; `report` is there once there was something to report.
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
/** Applies what is pending in one database. Rejects with a MigrationError unless all of it is applied. */
export async function migrateUp(database, options = {}) {
    return passed(await live(upRequest([database], options), options));
}
/** The same for all databases of the repository; one failure keeps those that were not begun from starting. */
export async function migrateAllUp(options = {}) {
    return passed(await live(upRequest([], options), options));
}
/** Takes the newest migration of one database back, or as many as asked. Rejects with a MigrationError unless it did. */
export async function migrateDown(database, options = {}) {
    const { to, steps, dryRun = false } = options;
    return passed(await live({ ...common('down', [database], options), to, steps, dryRun }, options));
}
/** Where each database stands. A database that cannot be reached is told in the report (`stopped`). */
export async function migrateStatus(options = {}) {
    const { databases = [], drift = false } = options;
    return (await live({ ...common('status', databases, options), check: false, drift }, options)).report;
}
/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Rejects with a MigrationError whose
 * message is the whole report unless the verdict is pass, so that a test is one line.
 */
export async function prove(options = {}) {
    const { databases = [], server, postgres, disposableServer = false, failOn = 'error' } = options;
    const request = {
        ...{ command: 'check', paths: pathsOf(options), config: options.config, databases },
        ...{ server, postgres, disposableServer, proof: 'guided', unit: undefined, failOn },
        ...{ against: { event: 'nothing' }, scope: 'all', updateDebt: false, fix: false },
    };
    return passed(await call(request, options, {}));
}
/** A PostgreSQL for a test suite: started, and removed by `stop` with everything in it. `postgres` is the major version. */
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
/** PostgreSQL of npm: beside or below this package, or in the project. */
const packagesFor = ({ root }) => [import.meta.dirname, root ?? process.cwd()];
const upRequest = (databases, options) => ({
    ...common('up', databases, options),
    to: options.to,
    dryRun: options.dryRun ?? false,
    late: options.allowLate === true ? 'allow' : 'refuse',
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
