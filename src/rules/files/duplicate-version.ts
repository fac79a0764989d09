// Two migrations under one version.
import type { Rule } from '../rule.js'
import { problemsOf } from '../read-input.js'
import { addColumn } from '../samples.js'

export const duplicateVersion: Rule = {
  id: 'duplicate-version',
  title: 'No two migrations share a version',
  level: 'error',
  why: 'The tool stops for every command, or applies one of the two and treats both as applied.',
  bad: `${addColumn('00002', 'phone')}
${addColumn('00002', 'fax')}`,
  good: `${addColumn('00002', 'phone')}
${addColumn('00003', 'fax')}`,
  run: (input) => problemsOf(input, 'duplicate-version'),
}
