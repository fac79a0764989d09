// What the doors do once their words were understood. A file of its own in dist/: compiling it takes longer than --help.
import { runCli, runCreate } from './cli/run.js'
import { runLibrary, openTestServer } from './library/run.js'

export const work = { runCli, runCreate, runLibrary, openTestServer }
