type Test = { readonly status: string; readonly fullName: string }
type File = {
  readonly testResults: readonly Test[]
  readonly testExecError?: unknown
  readonly testFilePath?: string
  readonly perfStats?: { readonly runtime: number }
}
type Timed = { readonly file: string; readonly seconds: number }

export function count(results: { readonly testResults: readonly File[] }): {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly names: readonly string[]
  readonly files: readonly Timed[]
}

export function slowest(files: readonly Timed[]): readonly string[]
