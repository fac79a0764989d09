// The workflows as act can run them: `$/`, which it does not know, becomes a repository that is mapped to a folder, and new keys are gone.
import { readFileSync } from 'node:fs'

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/** The text of one of our workflows, and its copy. */
export function copyOf(name: string): { readonly own: string; readonly copy: string } {
  const own = readFileSync(`.github/workflows/${name}`, 'utf8')
  const mapped = own.replaceAll(/^(\s+(?:- )?uses: )\$\/$/gm, `$1gate/action@${COMMIT}`)
  return { own, copy: mapped.replaceAll(/^ +(?:queue: max|deployment: false)\n/gm, '') }
}

/** Actions of others that the workflows use, as `owner/name@commit`. */
export const foreignActions = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/uses: ((?!gate\/)[\w-]+\/[\w-]+@[0-9a-f]{40})/g)].map(([, action]) => action ?? '')),
]
