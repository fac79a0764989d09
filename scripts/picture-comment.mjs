// A real comment on a real change, as GitHub shows it, photographed in Chromium (given by CHROMIUM). Look at the pictures: their
// height is fixed, and without the fonts Liberation and Noto Color Emoji lines are longer and symbols are missing.
//   npm run bundle && node scripts/picture-comment.mjs
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize from 'rehype-sanitize'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CHROMIUM = process.env.CHROMIUM ?? 'chromium'
const PICTURES = [
  { file: 'comment-light.png', theme: 'light', width: 920, height: 836 },
  { file: 'comment-dark.png', theme: 'dark', width: 920, height: 836 },
  { file: 'comment-phone.png', theme: 'light', width: 500, height: 1290 },
]

const CHANGE = {
  'migrations/core_db/00008_index_users_by_name.up.sql': 'CREATE INDEX users_full_name_idx ON users (full_name);\n',
  'migrations/core_db/00008_index_users_by_name.down.sql': 'DROP INDEX users_full_name_idx;\n',
  'migrations/core_db/00009_require_name.up.sql': 'ALTER TABLE users ALTER COLUMN full_name SET NOT NULL;\n',
  'migrations/core_db/00009_require_name.down.sql': 'ALTER TABLE users ALTER COLUMN full_name DROP NOT NULL;\n',
  'migrations/core_db/00010_drop_phone_number.up.sql': 'ALTER TABLE users DROP COLUMN phone_number;\n',
  'migrations/core_db/00010_drop_phone_number.down.sql': 'ALTER TABLE users ADD COLUMN phone_number text;\n',
  'migrations/rates_db/00006_add_spread_limits.up.sql':
    'CREATE TABLE spread_limits (pair_id bigint PRIMARY KEY, most numeric(20,8) NOT NULL);\n',
  'migrations/rates_db/00006_add_spread_limits.down.sql': 'DROP TABLE spread_limits;\n',
}

const folder = mkdtempSync(path.join(tmpdir(), 'migration-gate-picture-'))
try {
  const markdown = comment(path.join(folder, 'repository'))
  const html = String(
    await unified()
      .use(remarkParse)
      .use(remarkGfm)
      .use(remarkRehype, { allowDangerousHtml: true })
      .use(rehypeRaw)
      .use(rehypeSanitize)
      .use(rehypeStringify)
      .process(markdown),
  )
  for (const { file, theme, width, height } of PICTURES) {
    const page = path.join(folder, `${theme}-${width}.html`)
    writeFileSync(page, pageOf(html, theme))
    execFileSync(
      CHROMIUM,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
        ...['--disable-background-networking', `--user-data-dir=${path.join(folder, 'profile')}`],
        ...[`--window-size=${width},${height}`, `--screenshot=${path.join(ROOT, 'docs', file)}`, `file://${page}`],
      ],
      { stdio: 'ignore' },
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What `check` says of the change in a repository that has our own sample migrations. */
function comment(repository) {
  cpSync(path.join(ROOT, 'migrations'), path.join(repository, 'migrations'), { recursive: true })
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' }
  const git = (...words) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: repository, env: environment })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'base')
  for (const [name, text] of Object.entries(CHANGE)) writeFileSync(path.join(repository, name), text)
  const file = path.join(repository, 'comment.md')
  const cli = path.join(ROOT, 'dist/cli.js')
  try {
    execFileSync(process.execPath, [cli, 'check', '--base', 'main', '--output', `comment=${file}`], { cwd: repository })
  } catch (error) {
    if (error.status !== 1) throw error
  }
  return readFileSync(file, 'utf8')
}

function pageOf(html, theme) {
  const style = readFileSync(path.join(ROOT, `node_modules/github-markdown-css/github-markdown-${theme}.css`), 'utf8')
  const [paper, edge] = theme === 'dark' ? ['#0d1117', '#3d444d'] : ['#ffffff', '#d1d9e0']
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${style}
body { background: ${paper}; margin: 0; padding: 16px; }
.markdown-body { border: 1px solid ${edge}; border-radius: 6px; padding: 16px; font-size: 14px; }
table { display: block; overflow: auto; }</style><article class="markdown-body">${html}</article>`
}
