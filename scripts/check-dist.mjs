// Builds dist/ again in a temporary folder and lists the differences from the one in the repository.
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, bundle, runScript } from './bundle.mjs'
import { compareFolders } from './compare-folders.mjs'

/** A file that lies in dist/ but that git does not know would be missing in everybody else's checkout. */
function unknownToGit() {
  const list = execFileSync('git', ['ls-files', '--others', '-z', '--', 'dist'], { cwd: ROOT, encoding: 'utf8' })
  return list.split('\0').flatMap((name) => (name === '' ? [] : [`not added ${name}: git does not know it`]))
}

async function main() {
  const temporary = await mkdtemp(join(tmpdir(), 'check-dist-'))
  try {
    const fresh = join(temporary, 'dist')
    await bundle({ dist: fresh })
    const differences = [...(await compareFolders({ fresh, committed: join(ROOT, 'dist') })), ...unknownToGit()]
    if (differences.length === 0) return console.log('dist/ matches the sources')
    console.error(
      `dist/ does not match the sources:\n  ${differences.join('\n  ')}\nRun: npm run bundle && git add dist`,
    )
    process.exitCode = 1
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

await runScript(main)
