// All outputs of the action. action.yml and the table in the documentation come from this list.

/** The values that later steps of a job can read. */
export const OUTPUTS = [
  {
    name: 'verdict',
    about:
      'pass, fail, environment (server or rights), unfinished (a database was changed, but not as asked) or cancelled.',
  },
  { name: 'exit-code', about: 'Exit code of the command: 0, 1, 2, 3, 4 or 130.' },
  { name: 'databases', about: 'Number of databases.' },
  { name: 'migrations', about: 'Number of migrations. For commands on live databases: number of applied migrations.' },
  { name: 'proved', about: 'Number of migrations whose up, down and second up passed.' },
  { name: 'errors', about: 'Number of findings with level error.' },
  { name: 'warnings', about: 'Number of findings with level warning.' },
  { name: 'notes', about: 'Number of findings with level note.' },
  { name: 'done', about: 'Number of completed steps on live databases.' },
  { name: 'pending', about: 'Number of pending migrations on live databases.' },
  { name: 'digest', about: 'Digest of the plan (plan), or of what would run now (deploy).' },
  { name: 'expires', about: 'When the plan expires.' },
  { name: 'report', about: 'Path of the JSON report.' },
  { name: 'comment', about: 'URL of the comment on the pull request, or of the issue, if one was written.' },
] as const
