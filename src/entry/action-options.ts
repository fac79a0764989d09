// Options that only the action has: they are about GitHub.
import type { Option } from './option.js'

export const ACTION_OPTIONS = [
  {
    name: 'token',
    kind: 'text',
    usual: '',
    about:
      'Token for GitHub: to look at other open pull requests, and to write the comment. A check without one, or with one that may not, says what it did not look at.',
  },
  {
    name: 'comment',
    kind: 'flag',
    usual: 'false',
    about:
      'Write the comment on the pull request from this very job (check). Not for code of strangers: see docs/pull-requests.md.',
  },
  {
    name: 'report',
    kind: 'text',
    usual: '',
    about: 'Path of the JSON report of a check (comment).',
  },
  {
    name: 'key',
    kind: 'text',
    usual: '',
    about:
      'What tells this comment apart from others on the same pull request. Without it the workflow and the config.',
  },
] as const satisfies readonly Option[]

export type ActionOptionName = (typeof ACTION_OPTIONS)[number]['name']
