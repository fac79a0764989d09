// Inputs that only the action has, because they are about GitHub.
import type { Option } from './option.js'

export const ACTION_OPTIONS = [
  {
    name: 'token',
    kind: 'text',
    default: '',
    about:
      'GitHub token to read other open pull requests and to write the comment. Without it, or without the rights, a check reports what it skipped.',
  },
  {
    name: 'comment',
    kind: 'flag',
    default: 'false',
    about:
      'Write the comment from this job: on the pull request (check), or on the merged pull request of the commit (deploy). Not with check on code from strangers: see docs/pull-requests.md.',
  },
  {
    name: 'deployment',
    kind: 'flag',
    default: 'false',
    about:
      'Create a GitHub deployment and report its outcome (deploy, rollback). A job with an environment has one already.',
  },
  {
    name: 'issue',
    kind: 'flag',
    default: 'false',
    about: 'Keep one issue open while the live schema differs from the migrations (status with drift).',
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
    about: 'Distinguishes this comment from others on the same pull request. Default: the workflow and the config.',
  },
] as const satisfies readonly Option[]

export type ActionOptionName = (typeof ACTION_OPTIONS)[number]['name']
