// Builds dist/: one file each for the action, the command line and the library, and the work that the last two share.
// Nothing else is needed at run time.
import ncc from '@vercel/ncc'
import { generateDtsBundle } from 'dts-bundle-generator'
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

const TARGETS = [
  { entry: 'entry/action.js', file: 'index.js', licenses: 'index.licenses.txt', mode: 0o644 },
  { entry: 'entry/cli.js', file: 'cli.js', licenses: 'cli.licenses.txt', mode: 0o755 },
  // Loaded by cli.js and library.js when there is something to do.
  { entry: 'entry/work.js', file: 'work.js', licenses: 'work.licenses.txt', mode: 0o644 },
]

/** Files that ncc adds to the code. Any other file (a chunk of a dynamic import, a copied asset) would have to be shipped as well. */
const EXPECTED_ASSETS = ['licenses.txt', 'package.json']

/** ncc succeeds although a package is missing. The bundle then contains this name and throws when it starts. */
const MISSING_MODULE = 'webpackMissingModule'

/**
 * src/ -> build/ -> the folder `dist`, both created from scratch: a file of an earlier build would hide in them. Nothing of `dist`
 * is touched before everything is built.
 */
export async function bundle({ dist }) {
  const build = join(ROOT, 'build')
  await rm(build, { recursive: true, force: true })
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' })
  if (compiled.status !== 0) throw new Error('the sources do not compile')
  const packed = []
  for (const target of TARGETS) packed.push({ ...target, ...(await pack(join(build, target.entry))) })

  await rm(dist, { recursive: true, force: true })
  await mkdir(dist, { recursive: true })
  for (const { file, mode, code, licenses, text } of packed) {
    await writeFile(join(dist, file), code)
    await chmod(join(dist, file), mode)
    await writeFile(join(dist, licenses), text)
  }
  // Imports only work.js, so it needs no bundler. A bundler would also write the current path into the file.
  await copyFile(join(build, 'entry/library.js'), join(dist, 'library.js'))
  await writeFile(join(dist, 'library.d.ts'), declarations('src/entry/library.ts'))
  // Without it, Node would read the files as CommonJS if dist/ is copied without the package.json above it.
  await writeFile(join(dist, 'package.json'), '{ "type": "module" }\n')
}

async function pack(entry) {
  const options = { cache: false, license: 'licenses.txt', quiet: true, esm: true }
  const { code, assets } = await ncc(entry, options).catch((error) => {
    throw new Error(`ncc cannot bundle ${entry}: ${error instanceof Error ? error.message : String(error)}`)
  })
  const unexpected = Object.keys(assets).filter((name) => !EXPECTED_ASSETS.includes(name))
  if (unexpected.length > 0) {
    throw new Error(`${entry}: the bundle has extra files (${unexpected.join(', ')}); is there a dynamic import?`)
  }
  if (code.includes(MISSING_MODULE)) {
    throw new Error(
      `${entry}: the bundle holds ${MISSING_MODULE}; a package could not be resolved and would throw at start`,
    )
  }
  if (entry.endsWith('cli.js') && !code.startsWith('#!/usr/bin/env node\n')) {
    throw new Error(`${entry}: must start with #!/usr/bin/env node`)
  }
  return { code, text: assets['licenses.txt']?.source }
}

/** All types of the library in one file, which compiles without our sources. */
function declarations(entry) {
  const [text] = generateDtsBundle(
    [{ filePath: join(ROOT, entry), output: { noBanner: true, exportReferencedTypes: false } }],
    { preferredConfigPath: join(ROOT, 'tsconfig.build.json') },
  )
  return text
}

/** Runs a script to its end; a failure is its message alone, since the stack of a bundler is a million characters. */
export async function runScript(body) {
  try {
    await body()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runScript(() => bundle({ dist: join(ROOT, 'dist') }))
