// The report as JSON, for programs.
import { isLive, type AnyReport } from '../core/live-report.js'
import { liveReportWithoutSecrets, reportWithoutSecrets } from '../core/report-secrets.js'

/** Every name of the report's shape in the order in which it is written; schema/report.schema.json holds the same names. */
export const KEYS = [
  ...['schema', 'tool', 'command', 'started', 'verdict', 'exitCode', 'server', 'source', 'major'],
  ...['event', 'base', 'tip', 'branch', 'head', 'pull', 'notSeen'],
  ...[
    'counts',
    'databases',
    'done',
    'failed',
    'waiting',
    'migrations',
    'proved',
    'errors',
    'warnings',
    'notes',
    'waived',
    'debt',
  ],
  ...[
    'rule',
    'level',
    'database',
    'migration',
    'id',
    'name',
    'version',
    'kind',
    'identity',
    'parent',
    'change',
    'class',
  ],
  ...[
    'scope',
    'touched',
    'does',
    'sql',
    'untouched',
    'deleted',
    'until',
    'repair',
    'loses',
    'order',
    'edit',
    'text',
    'setAside',
    'fixed',
    'problem',
  ],
  ...['before', 'after', 'folder', 'layout', 'layoutReason', 'unit', 'files', 'irreversible'],
  ...['proof', 'up', 'down', 'again', 'upToDate', 'downs', 'stoppedAt', 'toldAt', 'reason'],
  ...['differences', 'againDifferences', 'failure', 'direction', 'sqlstate', 'message', 'detail', 'hint'],
  ...['place', 'file', 'line', 'column', 'environment', 'why', 'what', 'fix'],
  ...['targets', 'history', 'table', 'exists', 'standing', 'applied', 'at', 'by', 'pending', 'late', 'missing', 'key'],
  ...['edited', 'dirty', 'repeated', 'drift', 'steps', 'outcome', 'left', 'stopped'],
  ...['chain', 'ignored', 'path', 'notProved', 'findings', 'problems', 'milliseconds'],
]

/** Two blanks of indentation, names always in the same order, absent values left out, a line feed at the end. */
export const renderJson = (report: AnyReport): string =>
  `${JSON.stringify(isLive(report) ? liveReportWithoutSecrets(report) : reportWithoutSecrets(report), KEYS, 2)}\n`
