import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

const { ARTIFACTS, GITHUB_RUN_ID, INPUT_NAME, INPUT_PATH } = process.env

/** A path, or `folder/*.ending`. */
const filesOf = (pattern) => {
  const [folder, name] = [path.dirname(pattern), path.basename(pattern)]
  if (!name.startsWith('*')) return [pattern]
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((one) => one.endsWith(name.slice(1)))
    .map((one) => path.join(folder, one))
}

const files = INPUT_PATH.split('\n').filter(Boolean).flatMap(filesOf)
if (files.length === 0 && process.env['INPUT_IF-NO-FILES-FOUND'] === 'error') throw new Error('no files were found')
const folder = path.join(ARTIFACTS, GITHUB_RUN_ID, INPUT_NAME)
if (files.length > 0) mkdirSync(folder, { recursive: true })
for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)))
