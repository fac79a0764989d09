// The workflows as act can run them: `$/`, which it does not know, becomes a repository that is mapped to a folder, and new keys are gone.
import { readdirSync, readFileSync } from 'node:fs'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/** This very action, as act finds it. */
const ACTION = `gate/action@${COMMIT}`

/** The text of one of our workflows, and its copy. */
export function copyOf(name: string): { readonly own: string; readonly copy: string } {
  const own = readFileSync(`.github/workflows/${name}`, 'utf8')
  const mapped = own.replaceAll(/^(\s+(?:- )?uses: )\$\/$/gm, `$1${ACTION}`)
  return { own, copy: mapped.replaceAll(/^ +(?:queue: max|deployment: false)\n/gm, '') }
}

/** The samples of workflows that call ours, which users copy. */
export const CALLERS = readdirSync('examples/workflows').toSorted()

/** One of the samples in the repository that it calls; `action` is what the action is called there. */
export const callerOf = (name: string, action = ACTION): string =>
  readFileSync(`examples/workflows/${name}`, 'utf8')
    .replaceAll(/OWNER\/pg-migration-gate(\/\.github\/workflows\/[\w-]+\.yml)@COMMIT\b.*$/gm, '.$1')
    .replaceAll(/OWNER\/pg-migration-gate@COMMIT\b.*$/gm, action)

/** Actions of others that the workflows use, as `owner/name@commit`. */
export const foreignActions = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/uses: ((?!gate\/)[\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, action]) => action ?? '')),
]
