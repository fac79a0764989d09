import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

const { ARTIFACTS, INPUT_NAME, INPUT_PATH } = process.env

/** A path, or `folder/*.ending`. */
const filesOf = (pattern) => {
  const [folder, name] = [path.dirname(pattern), path.basename(pattern)]
  if (!name.startsWith('*')) return [pattern]
  return readdirSync(folder)
    .filter((one) => one.endsWith(name.slice(1)))
    .map((one) => path.join(folder, one))
}

const folder = path.join(ARTIFACTS, INPUT_NAME)
mkdirSync(folder, { recursive: true })
for (const file of INPUT_PATH.split('\n').filter(Boolean).flatMap(filesOf)) {
  copyFileSync(file, path.join(folder, path.basename(file)))
}
