// Options that only the action has: they are about GitHub.
import type { Option } from './option.js'

export const ACTION_OPTIONS = [
  {
    name: 'token',
    kind: 'text',
    default: '',
    about:
      'Token for GitHub: to look at other open pull requests, and to write the comment. A check without one, or with one that may not, says what it did not look at.',
  },
  {
    name: 'comment',
    kind: 'flag',
    default: 'false',
    about:
      'Write the comment on the pull request from this very job (check; not for code of strangers, see docs/pull-requests.md), or on the one that brought the commit (deploy).',
  },
  {
    name: 'deployment',
    kind: 'flag',
    default: 'false',
    about:
      'Begin a deployment on GitHub and say how it ended (deploy, rollback). A job with an environment has one already.',
  },
  {
    name: 'issue',
    kind: 'flag',
    default: 'false',
    about: 'Keep one issue open as long as the live schema is not what the files make (status with drift).',
  },
  {
    name: 'report',
    kind: 'text',
    default: '',
    about: 'Path of the JSON report of a check (comment).',
  },
  {
    name: 'key',
    kind: 'text',
    default: '',
    about:
      'What tells this comment apart from others on the same pull request. Without it the workflow and the config.',
  },
] as const satisfies readonly Option[]

export type ActionOptionName = (typeof ACTION_OPTIONS)[number]['name']
