// TypeScript to JavaScript without checking types: a transform for jest, and the program under test in a folder.
import { build, transform, version } from 'esbuild'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TARGET = 'node20'
const REQUIRE =
  "import { createRequire as forPackages } from 'node:module'; const require = forPackages(import.meta.url);"
const tsconfig = readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8')

/** What tests run as a process, and as a library; below src/, without their endings. */
const ENTRIES = ['entry/cli', 'entry/action', 'entry/library', 'adapters/postgres/server/provide']

/**
 * The program as files of a folder, each entry where it lies below src/: bundled with its packages, because hundreds of
 * small modules take longer to load than most commands take.
 */
async function compileProgram(folder) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
    outbase: 'src',
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    // Less text to read at each start of a process.
    minifyWhitespace: true,
    // Asked for by pg alone, where it is installed.
    external: ['pg-native'],
    // For packages that are CommonJS.
    banner: { js: REQUIRE },
    format: 'esm',
    target: TARGET,
    logLevel: 'error',
  })
  // Below node_modules, where the nearest package.json decides what a .js file is.
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}\n')
}

const [, script, folder] = process.argv
if (script === fileURLToPath(import.meta.url) && folder !== undefined) await compileProgram(folder)

/** https://jestjs.io/docs/code-transformation; jest keeps the results by their key. */
export default {
  processAsync: async (source, file) => {
    const { code, map } = await transform(source, {
      loader: 'ts',
      format: 'esm',
      target: TARGET,
      tsconfigRaw: tsconfig,
      sourcemap: 'external',
      sourcefile: file,
      sourcesContent: false,
    })
    return { code, map }
  },
  getCacheKey: (source, file) =>
    createHash('sha256').update([version, TARGET, tsconfig, file, source].join('\0')).digest('hex').slice(0, 32),
}
