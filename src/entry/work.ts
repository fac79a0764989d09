// What the command line does once its words were understood. A file of its own in dist/: compiling it takes longer than --help.
import { runCli } from './cli-run.js'
import { runCreate } from './create-run.js'

export const work = { runCli, runCreate }
