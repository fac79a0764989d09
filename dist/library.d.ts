type Place = {
	readonly file: string;
	readonly line: number;
	readonly column: number;
};
type LayoutName = string;
type Direction = "up" | "down";
type TransactionMode = "wrapped" | "message" | "none";
type Identity = {
	readonly system: string | undefined;
	readonly host: string;
	readonly port: string;
	readonly database: string;
	readonly oid: string;
	readonly server: string;
};
type ApprovalStep = {
	readonly direction: Direction;
	readonly version: string;
	readonly id: string;
	readonly up: string | undefined;
	readonly down: string | undefined;
	readonly transaction: TransactionMode;
	readonly after: string;
};
type ApprovalDatabase = {
	readonly name: string;
	readonly identity: Identity;
	readonly history: string;
	readonly live: string;
	readonly steps: readonly ApprovalStep[];
};
type ApprovalPlan = {
	readonly format: 1;
	readonly commit: string | undefined;
	readonly environment: string;
	readonly expires: string;
	readonly databases: readonly ApprovalDatabase[];
};
type ApprovalReport = {
	readonly digest: string;
	readonly sheet: ApprovalPlan;
	readonly given: string | undefined;
	readonly refused: readonly Refused[];
};
type Refused = {
	readonly rule: GateRule;
	readonly what: string;
	readonly fix: string;
};
type GateRule = "approval" | "digest" | "moved" | "expired" | "fork" | "ref" | "window" | "check" | "finding" | "blocker" | "plan" | "irreversible" | "backup" | "confirmation";
declare const DIFFERENCE_CLASSES: readonly [
	"real",
	"column-order",
	"function-layout"
];
type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];
/**
 * `left behind`: exists now, but not before; `lost`: existed before, but not now; `changed`: other definition. `parent`
 * names the relation or type of the object (`table public.users`), undefined for the top ones. `before` and `after` are
 * the definitions in words (see describe.ts), undefined where there is none. `class` is `column-order` when only the
 * position of columns differs, and `function-layout` when only blanks and comments in the body of a function do.
 * `was` is the former identity of an object with a new name.
 */
export type Difference = {
	readonly change: "left behind" | "lost" | "changed";
	readonly class: DifferenceClass;
	readonly kind: string;
	readonly identity: string;
	readonly parent: string | undefined;
	readonly before: string | undefined;
	readonly after: string | undefined;
	readonly was?: string;
};
type Sameness = "same" | "column-order" | "function-layout" | "differs";
type LossAbout = {
	readonly kind: "table";
	readonly table: string;
} | {
	readonly kind: "column";
	readonly table: string;
	readonly column: string;
} | {
	readonly kind: "type";
	readonly table: string;
	readonly column: string;
	readonly before: string;
	readonly after: string;
} | {
	readonly kind: "written";
	readonly table: string;
	readonly verb: string;
	readonly column?: string;
} | {
	readonly kind: "code";
	readonly code: string;
};
type Loss = LossAbout & {
	readonly rows: number | undefined;
	readonly values: number | undefined;
	readonly why?: string;
};
type BackupProof = "read" | "restored";
type BackupReport = {
	readonly kind: "dump";
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly encrypted: boolean;
	readonly client: string;
	readonly proof: BackupProof;
	readonly notes: readonly string[];
	readonly milliseconds: number;
} | {
	readonly kind: "external";
	readonly id: string;
};
type DumpObstacle = {
	readonly kind: "fails" | "later" | "unknown";
	readonly what: string;
	readonly repair: readonly string[];
};
type RelationSize = {
	readonly relation: string;
	readonly rows: number;
	readonly bytes: number;
};
type StepAhead = {
	readonly id: string;
	readonly rehearsed: boolean;
	readonly does: readonly Difference[];
	readonly losses: readonly Loss[];
	readonly sizes: readonly RelationSize[];
	readonly rewrites: readonly string[];
	readonly back: "proved" | "not" | "unknown";
	readonly backWhy: string | undefined;
	readonly irreversible: string | undefined;
	readonly text: DownText | undefined;
};
type DownText = {
	readonly from: "file" | "journal";
	readonly why: string;
	readonly file: string | undefined;
	readonly recorded: string | undefined;
};
type Condition = {
	readonly kind: "blocks" | "warns";
	readonly what: string;
	readonly fix: string;
};
type Room = {
	readonly needed: number;
	readonly free: number | undefined;
};
type Preview = {
	readonly identity: Identity;
	readonly role: string;
	readonly rehearsed: boolean;
	readonly steps: readonly StepAhead[];
	readonly conditions: readonly Condition[];
	readonly drift: readonly Difference[] | undefined;
	readonly notCompared: readonly string[];
	readonly dump?: readonly DumpObstacle[] | undefined;
	readonly room: Room;
};
declare const LEVELS: readonly [
	"error",
	"warning",
	"note"
];
type Level = (typeof LEVELS)[number];
/**
 * `message` is the fault, in one line; `why` is its effect on the user when it matters; `fix` is the smallest change that
 * fixes it, as text to copy where possible.
 */
export type Finding = {
	readonly rule: string;
	readonly level: Level;
	readonly database: string;
	readonly migration: string | undefined;
	readonly place: Place | undefined;
	readonly message: string;
	/** An effect on a database in use in a few words, for the line of its migration. */
	readonly brief?: string;
	readonly why: string;
	readonly fix: string;
	/** The migration whose failure certainly causes this finding: it would have made the missing object. */
	readonly follows?: string;
	/** Accepted until a day (YYYY-MM-DD), with a reason, at a place: counted apart, not part of the verdict. */
	readonly waived?: {
		readonly until: string;
		readonly reason: string;
		readonly place: Place | undefined;
	};
	/** Known from the baseline file, or there before the change, as its base shows: counted apart, not part of the verdict. */
	readonly debt?: "listed" | "stood before";
	/** Further findings of the rule in the file, at later places: counted, not listed. */
	readonly more?: number;
};
type HistoryKind = string;
type HistoryRow = {
	readonly key: string;
	readonly at: string | undefined;
};
type Existing = {
	readonly tables: readonly string[];
	readonly count: number;
	readonly histories: readonly {
		readonly table: string;
		readonly tool: string;
	}[];
};
declare const LOCK_MODES: readonly [
	"ACCESS SHARE",
	"ROW SHARE",
	"ROW EXCLUSIVE",
	"SHARE UPDATE EXCLUSIVE",
	"SHARE",
	"SHARE ROW EXCLUSIVE",
	"EXCLUSIVE",
	"ACCESS EXCLUSIVE"
];
type LockMode = (typeof LOCK_MODES)[number];
type Label = "measured" | "scaled" | "known";
type RowSource = "migrations" | "fixtures" | "made up" | "live" | "none";
type OldRelation = {
	readonly relation: string;
	readonly kind: RelationKind;
	readonly rows: number;
	readonly source: RowSource;
	readonly why?: string;
	readonly partitionOf?: string;
};
type RelationKind = "table" | "partitioned table" | "index" | "view" | "materialized view" | "sequence" | "foreign table";
type Hold = {
	readonly relation: string;
	readonly kind: RelationKind;
	readonly mode: LockMode;
	readonly from: number;
	readonly until?: number;
	readonly label: Label;
};
type Work = {
	readonly relation: string;
	readonly rows: number;
	readonly statement: number;
	readonly under: LockMode;
};
type Rewrite = Work;
type Scan = Work & {
	readonly times: number;
	readonly read: number;
};
type Build = Work & {
	readonly index: string;
	readonly what: "built" | "rebuilt";
	readonly unique: boolean;
};
type Change = Work & {
	readonly inserted: number;
	readonly updated: number;
	readonly deleted: number;
	readonly truncated?: true;
	readonly together: boolean;
};
type ClientStatement = string;
type Broken = {
	readonly client: ClientStatement;
	readonly relation?: string;
	readonly sqlstate: string;
	readonly message: string;
	readonly role?: string;
};
type Answer = {
	readonly client: ClientStatement;
	readonly relation?: string;
	readonly what: string;
};
type Access = {
	readonly relation?: string;
	readonly what: string;
	readonly role?: string;
};
type Lost = {
	readonly relation: string;
	readonly column?: string;
	readonly what: "rows" | "values" | "position";
	readonly count: number;
	readonly how: "dropped" | "deleted" | "truncated" | "changed" | "reset";
};
type RowFailure = {
	readonly sqlstate: string;
	readonly message: string;
	readonly relation?: string;
	readonly column?: string;
	readonly constraint?: string;
	/** The columns or expressions of a unique key, as SQL. */
	readonly key?: string;
	/**
	 * Of the rows that it fails on, a condition as SQL, for a table with the alias `failing`; beside a `key`, of those that it can be
	 * about.
	 */
	readonly where?: string;
	readonly count?: number;
	readonly statement?: number;
	readonly place?: Place;
	readonly source: RowSource;
	readonly needs?: string;
};
type Left = {
	readonly what: "invalid index" | "constraint not validated" | "trigger off";
	readonly name: string;
	readonly relation: string;
};
type UnindexedKey = {
	readonly constraint: string;
	readonly relation: string;
	readonly columns: readonly string[];
	readonly referenced: string;
};
type LockPair = {
	readonly first: string;
	readonly second: string;
	readonly statement: number;
};
type WatchedStatement = {
	readonly number: number;
	readonly transaction?: number;
	readonly place: Place;
	readonly head: string;
	readonly milliseconds: number;
};
type Impact = {
	readonly statements: readonly WatchedStatement[];
	readonly relations: readonly OldRelation[];
	readonly holds: readonly Hold[];
	readonly rewritten: readonly Rewrite[];
	readonly scanned: readonly Scan[];
	readonly built: readonly Build[];
	readonly changed: readonly Change[];
	/** Client statements that would wait at the end of the script's transaction. */
	readonly refused: readonly ClientStatement[];
	readonly broken: readonly Broken[];
	readonly answers: readonly Answer[];
	readonly access: readonly Access[];
	/** What the script itself takes. */
	readonly lost: readonly Lost[];
	/** Of a down: what the up took or changed, and the down does not bring back. */
	readonly notRestored?: readonly Lost[];
	readonly left: readonly Left[];
	readonly unindexed: readonly UnindexedKey[];
	readonly order: readonly LockPair[];
	readonly failsOnRows?: RowFailure;
	/** Sentences: what could not be found out, and why. */
	readonly notJudged: readonly string[];
	/** The session has a lock_timeout when it takes its first strong lock. */
	readonly lockTimeout: boolean;
};
type MigrationImpact = {
	readonly up?: Impact;
	readonly down?: Impact;
	readonly dataSet?: true;
};
/**
 * What the server said when a script failed. `place` is undefined when the server gave no position. `environment` says
 * in a sentence why this is no fault of the migration (extension not installed, role missing, server too old). `follows`
 * is the id of the step that failed, or was not run, and so causes this failure. `table` (with its schema) and
 * `constraint` are those that the server names beside its message, for rows that it refuses.
 */
export type ScriptFailure = {
	readonly direction: Direction;
	readonly sqlstate: string;
	readonly message: string;
	readonly detail: string | undefined;
	readonly hint: string | undefined;
	readonly place: Place | undefined;
	/** The line of the file that `place` names. */
	readonly line: string | undefined;
	readonly environment: string | undefined;
	readonly follows?: string;
	readonly table?: string;
	readonly column?: string;
	readonly constraint?: string;
};
type UpWord = "ok" | "failed" | "not run";
type DownWord = Sameness | "failed" | "missing" | "empty" | "irreversible" | "not run";
type AgainWord = Sameness | "failed" | "skipped";
/**
 * The result of the proof of one migration. `reason`: why something did not run, or the possible cause of a failure.
 * `toldAt`: the last migration of a group that was proved as one (unit `range` or `chain`). The outcomes hold for the
 * whole group, and only that migration has the differences. Times are milliseconds.
 */
export type Proof = {
	readonly up: UpWord;
	readonly down: DownWord;
	readonly again: AgainWord;
	readonly differences: readonly Difference[];
	readonly againDifferences: readonly Difference[];
	readonly failure: ScriptFailure | undefined;
	readonly reason: string | undefined;
	readonly toldAt: string | undefined;
	readonly milliseconds: number;
	/** Undefined if nothing needs a repair, or no lines were proved. */
	readonly repair?: Repair;
};
type Repair = {
	readonly kind: "append" | "replace";
	readonly sql: string;
	readonly loses: readonly string[];
	readonly notes?: readonly string[];
	/** Afterwards the columns are in a different order. */
	readonly order?: "other";
	/**
	 * Not proved with all rows: with any they fail, with some of them (NULL, equal, longest), or they could not be tried. Absent:
	 * the lines hold with rows, or rows do not matter. The notes say why.
	 */
	readonly onRows?: "fails" | "fails on some" | "not tried";
	/** The same repair as an edit of one line of a file: `text` replaces it. */
	readonly edit?: LineEdit;
};
type LineEdit = {
	readonly file: string;
	readonly from?: number;
	readonly line: number;
	readonly text: string;
};
type MigrationChange = "added" | "edited" | "renamed" | "rewritten";
/**
 * The report on one migration. `proof` is undefined if nothing was to be proved (`--no-proof`). `scope` `applied`: it
 * is older than the change and ran only to create the state for the new ones. For migrations of the change, `touched`
 * is the kind of change, `does` the schema effects of the up, and `sql` both scripts. `before`: what its proof shows was
 * there before the change, which does not touch it.
 */
export type MigrationReport = {
	readonly id: string;
	readonly version: string;
	readonly name: string;
	readonly kind: "schema" | "seed";
	readonly files: readonly string[];
	readonly irreversible: string | undefined;
	readonly proof: Proof | undefined;
	readonly scope?: "proved" | "applied";
	readonly touched?: MigrationChange;
	readonly before?: true;
	readonly does?: readonly Difference[];
	readonly sql?: {
		readonly up: string;
		readonly down: string | undefined;
	};
	/** What its scripts do to a database in use; absent where it was not watched. */
	readonly impact?: MigrationImpact;
	/** Where its up makes clients wait: a proved way to the same schema for which they do not. */
	readonly online?: OnlineWay;
};
type OnlineWay = {
	readonly files: readonly {
		readonly path: string;
		readonly text: string;
	}[];
	readonly migrations: readonly string[];
	readonly order?: "other";
	readonly behind?: string;
	/** The same as an edit of lines, where it is one file. */
	readonly edit?: LineEdit;
};
type ChainReport = {
	readonly down: DownWord;
	readonly again: AgainWord;
	readonly upToDate: "nothing to do" | "runs again" | "not run";
	readonly downs: number;
	readonly stoppedAt: string | undefined;
	readonly differences: readonly Difference[];
	readonly againDifferences: readonly Difference[];
	readonly failure: ScriptFailure | undefined;
	readonly before?: true;
	readonly milliseconds: number;
};
type Ignored = {
	readonly path: string;
	readonly reason: string;
	readonly linked?: true;
	readonly foreign?: true;
};
export type DatabaseReport = {
	readonly name: string;
	readonly folder: string;
	readonly layout: LayoutName;
	/** Why this layout was chosen, in a sentence. */
	readonly layoutReason: string;
	readonly unit: "each" | "range" | "chain";
	readonly migrations: readonly MigrationReport[];
	readonly chain: ChainReport | undefined;
	readonly ignored: readonly Ignored[];
	/** The change does not touch it, so nothing of it ran. */
	readonly untouched?: true;
	/** Ids of migrations that the change deletes. */
	readonly deleted?: readonly string[];
	/** Why the database could not be proved; the report has no result for its migrations then. */
	readonly notProved: string | undefined;
	readonly milliseconds: number;
};
type ServerReport = {
	readonly version: string;
	readonly major: number;
	readonly source: "given" | "local" | "package";
};
type ChangeReport = {
	readonly event: "pull request" | "merge queue" | "release" | "asked";
	readonly base: string;
	readonly tip: string;
	readonly branch: string;
	readonly head: string;
	readonly pull: number | undefined;
	readonly notSeen: readonly string[];
};
type Fixed = {
	readonly database: string;
	readonly migration: string;
	readonly file: string;
	readonly loses: readonly string[];
	readonly notes?: readonly string[];
	readonly online?: true;
	readonly problem: string | undefined;
};
type RunProblem = {
	readonly what: string;
	readonly fix: string;
};
type Verdict = "pass" | "fail" | "environment";
type Counts = {
	readonly databases: number;
	readonly migrations: number;
	/** Migrations with a proved up, down and second up (a different column order is accepted). */
	readonly proved: number;
	readonly errors: number;
	readonly warnings: number;
	readonly notes: number;
	/** Findings that are counted apart: waived, listed as debt, or there before the change. */
	readonly waived: number;
	readonly debt: number;
	readonly before: number;
};
/** The one result of a run. `schema` is the version of this shape. Times are ISO 8601 in UTC and milliseconds. */
export type Report = {
	readonly schema: 1;
	readonly tool: {
		readonly name: string;
		readonly version: string;
	};
	readonly command: "check";
	readonly started: string;
	readonly milliseconds: number;
	readonly verdict: Verdict;
	readonly exitCode: 0 | 1 | 3;
	readonly server: ServerReport | undefined;
	/** Undefined if the whole repository is checked. */
	readonly change?: ChangeReport;
	readonly counts: Counts;
	readonly databases: readonly DatabaseReport[];
	readonly findings: readonly Finding[];
	/** Known or accepted findings. The verdict, the counts of levels and `findings` exclude them. */
	readonly setAside: readonly Finding[];
	readonly problems: readonly RunProblem[];
	/** The repairs that --fix wrote to the files, after all other results. */
	readonly fixed?: readonly Fixed[];
};
declare const LIVE_COMMANDS: readonly [
	"up",
	"down",
	"redo",
	"status",
	"baseline",
	"seed",
	"plan",
	"deploy",
	"rollback",
	"restore"
];
type LiveCommand = (typeof LIVE_COMMANDS)[number];
type StepOutcome = "planned" | "applied" | "undone" | "recorded" | "failed" | "not started" | "unknown";
/** One migration in one direction. `left`: sentences about what stayed. `fix`: the recovery command. */
export type StepReport = {
	readonly id: string;
	readonly version: string;
	readonly direction: Direction;
	readonly outcome: StepOutcome;
	readonly milliseconds: number;
	readonly failure: ScriptFailure | undefined;
	readonly left: readonly string[];
	readonly fix: string | undefined;
};
type AppliedReport = {
	readonly id: string;
	readonly version: string;
	readonly at: string | undefined;
	readonly by: string | undefined;
	readonly milliseconds: number | undefined;
	readonly recorded?: true;
};
type StatusReport = {
	readonly applied: readonly AppliedReport[];
	readonly pending: readonly string[];
	readonly late: readonly string[];
	readonly missing: readonly HistoryRow[];
	readonly edited: readonly string[];
	readonly dirty: string | undefined;
	readonly repeated: readonly string[];
	readonly leftOut?: readonly string[];
	readonly drift: readonly Difference[] | undefined;
	readonly existing?: Existing;
};
type HistoryReport = {
	readonly kind: HistoryKind;
	readonly table: string;
	readonly exists: boolean;
};
type Stopped = RunProblem & {
	readonly kind: "refused" | "environment" | "not started";
};
type SwappedIn = "restored" | "put back";
/**
 * One target. `place` is `host:port/database`. `standing` is the migration status after the run, undefined if it was
 * never read. `stopped`: why the work on it ended early, if no step says so.
 */
export type TargetReport = {
	readonly name: string;
	readonly folder: string;
	readonly layout: LayoutName;
	readonly place: string | undefined;
	readonly version: string | undefined;
	readonly environment: string;
	readonly history: HistoryReport | undefined;
	readonly standing: StatusReport | undefined;
	readonly steps: readonly StepReport[];
	readonly notes: readonly string[];
	readonly stopped: Stopped | undefined;
	/** For plan, deploy and rollback: what was known before the first step. */
	readonly ahead?: Preview;
	readonly backup?: BackupReport;
	/** For deploy, rollback and restore: the checks after the last step. */
	readonly seen?: readonly Observation[];
	/** For an executed restore: which database has the live name now. */
	readonly swapped?: SwappedIn;
	readonly milliseconds: number;
};
type LiveVerdict = "pass" | "fail" | "environment" | "unfinished" | "cancelled";
type LiveCounts = {
	readonly databases: number;
	readonly done: number;
	readonly failed: number;
	readonly waiting: number;
};
/** The one result of a run. `schema` is the version of this shape. Times are ISO 8601 in UTC and milliseconds. */
export type LiveReport = {
	readonly schema: 1;
	readonly tool: Report["tool"];
	readonly command: LiveCommand;
	readonly started: string;
	readonly milliseconds: number;
	readonly verdict: LiveVerdict;
	readonly exitCode: 0 | 1 | 3 | 4 | 130;
	readonly counts: LiveCounts;
	readonly targets: readonly TargetReport[];
	/** For plan, deploy and rollback. */
	readonly approval?: ApprovalReport;
	readonly ways?: readonly Way[];
	/** For deploy and rollback: what was done, and what people have to do. */
	readonly checklist?: readonly Observation[];
};
type Observation = {
	readonly what: string;
	readonly result: "held" | "broken" | "open";
	readonly seen: string;
};
type Tried = {
	readonly result: "ran" | "failed" | "unknown";
	readonly why: string | undefined;
	readonly losses: readonly Loss[];
};
type Way = {
	readonly what: string;
	readonly command: string;
	readonly tried?: Tried;
};
/** `createDatabase` creates an empty database and gives its DSN. It rejects with the server's error. `stop` may be called twice. */
export type TestServer = {
	readonly version: string;
	readonly createDatabase: (name: string) => Promise<string>;
	readonly stop: () => Promise<void>;
};
/**
 * Options of every function. `root` is the repository (default: the working directory). `path` is the folder or folders of
 * the migrations below it (default: `migrations`). `config` is the config file. `signal` ends a run after the current step.
 * `log` gets messages that are not part of a report.
 */
export type Options = {
	readonly root?: string;
	readonly path?: string | readonly string[];
	readonly config?: string;
	readonly signal?: AbortSignal;
	readonly log?: (line: string) => void;
};
/**
 * `dsns` are connection strings (`postgres://..`) by database. A missing one comes from its variable (`CORE_DB_DSN`).
 * `environment` is the environment of the databases (default: APP_ENV, else `development`). Times are in milliseconds: `wait`
 * for a server or database that is not up yet (0), `lockTimeout` for one attempt to get a lock (5,000), `statementTimeout`
 * for one statement (default: the setting of the server).
 */
export type LiveOptions = Options & {
	readonly dsns?: Readonly<Record<string, string>>;
	readonly environment?: string;
	readonly wait?: number;
	readonly lockTimeout?: number;
	readonly statementTimeout?: number;
};
/**
 * `to` is the last version to apply. `allowLate` also applies out-of-order migrations (below the newest applied version).
 * `allowExisting` also begins in a database that has tables, but no history that explains them.
 */
export type UpOptions = LiveOptions & {
	readonly to?: string;
	readonly allowLate?: boolean;
	readonly allowExisting?: boolean;
	readonly dryRun?: boolean;
};
/** `to` is the newest version that stays applied (`0`: none). `steps` is the number of migrations to roll back (1). */
export type DownOptions = LiveOptions & {
	readonly to?: string;
	readonly steps?: number;
	readonly dryRun?: boolean;
};
/** `databases`: names, default all. `drift` also compares the live schema with the migrations. */
export type StatusOptions = LiveOptions & {
	readonly databases?: readonly string[];
	readonly drift?: boolean;
};
/**
 * `server` is a PostgreSQL for scratch databases. Without it, a server is started and removed. `postgres` is its major
 * version. `failOn: 'warning'` is stricter.
 */
export type ProveOptions = Options & {
	readonly databases?: readonly string[];
	readonly server?: string;
	readonly postgres?: number;
	readonly disposableServer?: boolean;
	readonly failOn?: "error" | "warning";
};
/**
 * Why a function failed. `kind`: `use` for wrong options, files or config; `environment` for server or rights;
 * `cancelled` by the signal; `fail` for a failed verdict; `unfinished` if a database was changed, but not as asked.
 * The message is for people. `report` is set if the run got far enough to have one.
 */
export declare class MigrationError extends Error {
	readonly name = "MigrationError";
	readonly kind: "use" | "environment" | "cancelled" | "fail" | "unfinished";
	readonly fix: string | undefined;
	readonly report: Report | LiveReport | undefined;
	constructor(options: {
		readonly kind: MigrationError["kind"];
		readonly what: string;
		readonly fix?: string;
		readonly report?: Report | LiveReport;
	});
}
/** Applies the pending migrations of one database. Rejects with a MigrationError unless all are applied. */
export declare function migrateUp(database: string, options?: UpOptions): Promise<LiveReport>;
/** Applies the pending migrations of all databases. After a failure no other database starts. */
export declare function migrateAllUp(options?: UpOptions): Promise<LiveReport>;
/** Rolls back the newest migration of one database, or several. Rejects with a MigrationError if that fails. */
export declare function migrateDown(database: string, options?: DownOptions): Promise<LiveReport>;
/** The migration status of each database. A database that cannot be reached is in the report (`stopped`). */
export declare function migrateStatus(options?: StatusOptions): Promise<LiveReport>;
/**
 * Proves every migration up, down and up again on scratch databases, as `check` does. Unless the verdict is pass, it rejects
 * with a MigrationError whose message is the whole report, so a test is one line.
 */
export declare function prove(options?: ProveOptions): Promise<Report>;
/** Starts a PostgreSQL for a test suite. `stop` removes it with all its databases. `postgres` is the major version. */
export declare function startServer(options?: {
	readonly root?: string;
	readonly postgres?: number;
	readonly signal?: AbortSignal;
}): Promise<TestServer>;

export {};
