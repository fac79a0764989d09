export type NewRule = { readonly id: string; readonly kind: 'files' | 'proof' | 'impact' | 'change' | 'waivers' }
export function readWords(words: readonly string[]): NewRule
export function writeRule(rule: NewRule & { readonly root: string }): Promise<readonly string[]>
export function nextSteps(rule: NewRule): string
