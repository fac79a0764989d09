// `check` on the working tree of a repository, with a server that outlives it.
import { systemClock } from '../../src/adapters/host/clock.js'
import { createFiles } from '../../src/adapters/host/files.js'
import { createRepository } from '../../src/adapters/host/git/repository.js'
import { check } from '../../src/commands/check/check.js'
import type { ScratchServer } from '../../src/ports/scratch.js'
import type { Report } from '../../src/report/check-report.js'
import type { CheckRequest } from '../../src/requests/request.js'
import { checkRequest, lent } from './check.js'
import { GIT_ENVIRONMENT, type Repo } from './git.js'
import { NOTHING } from './nothing.js'

/** What it changes since the branch main, proved and watched, without better ways; `more` asks for something else. */
export const checkRepo = (repo: Repo, server: ScratchServer, more: Partial<CheckRequest> = {}): Promise<Report> =>
  check(
    checkRequest({
      against: { event: 'asked', name: 'main' },
      scope: 'changed',
      proof: 'guided',
      impact: 'facts',
      ...more,
    }),
    {
      ...NOTHING,
      clock: systemClock,
      startServer: () => Promise.resolve(lent(server)),
      files: createFiles(repo.path),
      repository: createRepository({ root: repo.path, environment: GIT_ENVIRONMENT }),
    },
  )
