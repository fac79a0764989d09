/******/ // The require scope
/******/ var __nccwpck_require__ = {};
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Pi: () => (/* binding */ migrateUp),
/* harmony export */   Py: () => (/* binding */ MigrationError),
/* harmony export */   UD: () => (/* binding */ startServer),
/* harmony export */   Y4: () => (/* binding */ migrateDown),
/* harmony export */   qe: () => (/* binding */ migrateAllUp),
/* harmony export */   u6: () => (/* binding */ migrateStatus),
/* harmony export */   zn: () => (/* binding */ prove)
/* harmony export */ });
/**
 * Why a function did not do what was asked. `kind`: `use` for wrong options, files or config; `environment` for server or
 * rights; `cancelled` by the signal; `fail` for a verdict; `unfinished` where a database was changed and the run did not
 * end as asked. The message is for people; `report` is there once there was something to report.
 */
class MigrationError extends Error {
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
async function migrateUp(database, options = {}) {
    return passed(await live(upRequest([database], options), options));
}
/** The same for all databases of the repository; one failure keeps those that were not begun from starting. */
async function migrateAllUp(options = {}) {
    return passed(await live(upRequest([], options), options));
}
/** Takes the newest migration of one database back, or as many as asked. Rejects with a MigrationError unless it did. */
async function migrateDown(database, options = {}) {
    const { to, steps, dryRun = false } = options;
    return passed(await live({ ...common('down', [database], options), to, steps, dryRun }, options));
}
/** Where each database stands. A database that cannot be reached is told in the report (`stopped`). */
async function migrateStatus(options = {}) {
    const { databases = [], drift = false } = options;
    return (await live({ ...common('status', databases, options), check: false, drift }, options)).report;
}
/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Rejects with a MigrationError whose
 * message is the whole report unless the verdict is pass, so that a test is one line.
 */
async function prove(options = {}) {
    const { databases = [], server, postgres, disposableServer = false, failOn = 'error' } = options;
    const request = {
        ...{ command: 'check', paths: pathsOf(options), config: options.config, databases },
        ...{ server, postgres, disposableServer, proof: 'guided', unit: undefined, failOn },
    };
    return passed(await call(request, options, {}));
}
/** A PostgreSQL for a test suite: started, and removed by `stop` with everything in it. `postgres` is the major version. */
async function startServer(options = {}) {
    const { work } = await load();
    const opened = await work.openTestServer({
        ...{ root: options.root ?? process.cwd(), major: options.postgres },
        signal: options.signal ?? new AbortController().signal,
    });
    if (opened.end === 'refused')
        throw new MigrationError(opened);
    return opened.server;
}
const load = () => import(/* webpackIgnore: true */ './work.js');
const upRequest = (databases, options) => ({
    ...common('up', databases, options),
    to: options.to,
    dryRun: options.dryRun ?? false,
    late: options.allowLate === true ? 'allow' : 'refuse',
});
const common = (command, databases, options) => ({
    ...{ command, paths: pathsOf(options), config: options.config, databases },
    ...{ server: undefined, postgres: undefined, disposableServer: false },
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
        ...{ request, dsns, root: options.root ?? process.cwd() },
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

var __webpack_exports__MigrationError = __webpack_exports__.Py;
var __webpack_exports__migrateAllUp = __webpack_exports__.qe;
var __webpack_exports__migrateDown = __webpack_exports__.Y4;
var __webpack_exports__migrateStatus = __webpack_exports__.u6;
var __webpack_exports__migrateUp = __webpack_exports__.Pi;
var __webpack_exports__prove = __webpack_exports__.zn;
var __webpack_exports__startServer = __webpack_exports__.UD;
export { __webpack_exports__MigrationError as MigrationError, __webpack_exports__migrateAllUp as migrateAllUp, __webpack_exports__migrateDown as migrateDown, __webpack_exports__migrateStatus as migrateStatus, __webpack_exports__migrateUp as migrateUp, __webpack_exports__prove as prove, __webpack_exports__startServer as startServer };
