import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'

const { ARTIFACTS, INPUT_NAME, INPUT_PATH } = process.env
const folder = path.join(ARTIFACTS, INPUT_NAME)
mkdirSync(folder, { recursive: true })
copyFileSync(INPUT_PATH, path.join(folder, path.basename(INPUT_PATH)))
