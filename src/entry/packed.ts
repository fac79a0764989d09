// What dist/work.js is: the same exports as work.ts has, from the one script work.cjs beside it.
import path from 'node:path'
import { loadCompiled } from '../host/compiled.js'
import type * as Work from './work.js'

export const { work } = loadCompiled(path.join(import.meta.dirname, 'work.cjs'), process.env) as typeof Work
