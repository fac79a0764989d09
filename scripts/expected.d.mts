import type { Finding } from '../src/model/finding.js'

export function expectedText(
  findings: readonly Pick<Finding, 'database' | 'migration' | 'place' | 'rule' | 'level'>[],
): string
export function changedLines(before: string, after: string): readonly string[]
