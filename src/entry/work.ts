// The work of the entry points after they parsed their input. A separate file in dist/: compiling it takes longer than --help.
import { runCli, runCreate } from './cli/run.js'
import { runLibrary, openTestServer } from './library/run.js'

export const work = { runCli, runCreate, runLibrary, openTestServer }
