// The work of the entry points after they parsed their input. A separate file in dist/: compiling it takes longer than --help.
import { runCli } from './cli/run.js'
import { runCreate } from './cli/create-run.js'
import { runLibrary } from './library/run.js'
import { openTestServer } from './library/server.js'

export const work = { runCli, runCreate, runLibrary, openTestServer }
