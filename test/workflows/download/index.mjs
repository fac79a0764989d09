import { cpSync, existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

const { ARTIFACTS, GITHUB_RUN_ID, INPUT_NAME, INPUT_PATTERN, INPUT_PATH } = process.env
const folder = path.join(ARTIFACTS, process.env['INPUT_RUN-ID'] || GITHUB_RUN_ID)

/** Those of a run that `beginning*` fits, into one folder; none is no failure. */
const namesLike = (pattern) => {
  if (process.env['INPUT_MERGE-MULTIPLE'] !== 'true') throw new Error('each would get a folder of its own')
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(pattern.replace(/\*$/, ''))) : []
}

for (const name of INPUT_NAME ? [INPUT_NAME] : namesLike(INPUT_PATTERN))
  cpSync(path.join(folder, name), INPUT_PATH, { recursive: true })
