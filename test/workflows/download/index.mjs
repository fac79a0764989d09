import { cpSync } from 'node:fs'
import path from 'node:path'

const { ARTIFACTS, INPUT_NAME, INPUT_PATH } = process.env
cpSync(path.join(ARTIFACTS, INPUT_NAME), INPUT_PATH, { recursive: true })
