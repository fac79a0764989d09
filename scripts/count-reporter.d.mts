type Test = { readonly status: string; readonly fullName: string }
type File = { readonly testResults: readonly Test[]; readonly testExecError?: unknown }

export function count(results: { readonly testResults: readonly File[] }): {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly names: readonly string[]
}
