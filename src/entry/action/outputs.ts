// Every output of the action, once: action.yml and the table in the documentation come from here.

/** What the action gives to the steps after it. */
export const OUTPUTS = [
  {
    name: 'verdict',
    about:
      'pass, fail, environment (server or rights), unfinished (a database was changed, but not as asked) or cancelled.',
  },
  { name: 'exit-code', about: 'Exit code of the command: 0, 1, 2, 3, 4 or 130.' },
  { name: 'databases', about: 'Number of databases.' },
  { name: 'migrations', about: 'Number of migrations; of a command on live databases, those that are applied.' },
  { name: 'proved', about: 'Number of migrations whose up, down and up again were seen to hold.' },
  { name: 'errors', about: 'Number of findings of level error.' },
  { name: 'warnings', about: 'Number of findings of level warning.' },
  { name: 'notes', about: 'Number of findings of level note.' },
  { name: 'done', about: 'Number of steps that were done on live databases.' },
  { name: 'pending', about: 'Number of migrations that are still pending on live databases.' },
  { name: 'digest', about: 'Digest of the plan (plan), or of what would run now (deploy).' },
  { name: 'expires', about: 'Until when the plan may be run.' },
  { name: 'report', about: 'Path of the report as JSON.' },
  { name: 'comment', about: 'Address of the comment on the pull request, or of the issue, where one was written.' },
] as const
