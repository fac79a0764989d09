// The report of a check as one HTML file. It loads nothing, and everything can be read without a script.
import { hash } from 'node:crypto'
import { LEVELS } from '../../model/finding.js'
import type { DatabaseReport, Report } from '../../report/check-report.js'
import { reportWithoutSecrets } from '../../report/redact.js'
import { count, counted, duration, utcTime } from '../words/format.js'
import { findingHtml, migrationHtml, code, html, LEVEL_CLASS } from './parts.js'
import { SCRIPT } from './script.js'
import { STYLE } from './style.js'
import { groupProblems } from '../words/problems.js'
import {
  acceptedFindings,
  changePhrase,
  findingCounts,
  fixedFiles,
  irreversibleMigrations,
  isPassing,
  notCheckedSentences,
  olderFindings,
  olderSentence,
  olderTitle,
  uncountedPhrases,
  statusOf,
} from '../words/check.js'
import { risksOf } from '../words/risks.js'
import { verdictOf } from '../words/verdict.js'

/** Ends with a line feed. */
export function renderHtml(given: Report): string {
  const report = reportWithoutSecrets(given)
  const { word, sentence, context } = verdictOf(report)
  const policy = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(SCRIPT)}; base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${word}: ${html(sentence)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1><span class="${word === 'PASS' ? 'good' : 'bad'}">${word}</span> ${html(sentence)}</h1>`,
    `<p class="dim">${[context, utcTime(report.started), `${report.tool.name} ${report.tool.version}`].map(html).join(' · ')}</p>`,
    '<button type="button" id="theme" hidden>Light or dark</button>',
    '</header>',
    '<main>',
    ...risks(report),
    ...overview(report),
    ...controls(report),
    ...problems(report),
    ...report.databases.map((database) => databaseSection(report, database)),
    ...asides(report),
    '</main>',
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const hashOf = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`

function overview(report: Report): readonly string[] {
  const rows = report.databases.map((database) => {
    return [
      `<tr><th scope="row"><a href="#${anchorOf(database)}">${code(database.name)}</a></th>`,
      `<td>${report.change === undefined ? count(database.migrations.length) : html(changePhrase(database))}</td>`,
      `<td class="${isPassing(database) ? 'good' : 'bad'}">${html(statusOf(database))}</td>`,
      `<td>${html(findingCounts(report, database))}</td><td class="number">${duration(database.milliseconds)}</td></tr>`,
    ].join('')
  })
  return [
    '<h2>Databases</h2>',
    '<div class="scroll" tabindex="0" role="region" aria-label="Databases"><table>',
    `<thead><tr><th scope="col">database</th><th scope="col">${report.change === undefined ? 'migrations' : 'change'}</th><th scope="col">proof</th><th scope="col">findings</th><th scope="col" class="number">time</th></tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div>`,
  ]
}

/** What each migration of the change does to a database in use. */
function risks(report: Report): readonly string[] {
  const rows = risksOf(report).map(({ database, migration, level, risks: all }) => {
    const words = all.map(({ word, about }) => `<b>${html(word)}</b>${about === '' ? '' : `: ${html(about)}`}`)
    const name = `${code(database.name)} ${code(migration.id)}`
    return `<tr><th scope="row">${name}</th><td class="${level === undefined ? 'good' : LEVEL_CLASS[level]}">${level ?? 'none'}</td><td>${words.join('<br>')}</td></tr>`
  })
  if (rows.length === 0) return []
  return [
    '<h2>In a database with rows and clients</h2>',
    '<div class="scroll" tabindex="0" role="region" aria-label="In a database with rows and clients"><table>',
    '<thead><tr><th scope="col">migration</th><th scope="col">level</th><th scope="col">what it does</th></tr></thead>',
    `<tbody>${rows.join('\n')}</tbody></table></div>`,
  ]
}

/** Hidden until the script runs: without it they do nothing. */
const controls = (report: Report): readonly string[] => [
  '<form role="search" aria-label="Findings and migrations" hidden>',
  '<label>Search<br><input type="search" name="search" autocomplete="off"></label>',
  '<label>Show<br><select name="level"><option value="all">everything</option><option value="problems">only problems</option>',
  ...LEVELS.map((level) => `<option value="${level}">${level}s</option>`),
  '</select></label>',
  '<label>Database<br><select name="database"><option value="">all</option>',
  ...report.databases.map(({ name }) => `<option value="${html(name)}">${html(name)}</option>`),
  '</select></label>',
  '<p id="shown" role="status" class="dim"></p>',
  '</form>',
]

function problems(report: Report): readonly string[] {
  const groups = groupProblems(report)
  const run = report.problems.map(
    ({ what, fix }) =>
      `<div class="finding error"><p><span class="level bad">error</span> ${html(what)}</p><p>Fix: ${html(fix)}</p></div>`,
  )
  if (groups.length + run.length === 0) return []
  return [
    '<section data-database="*" aria-labelledby="findings"><h2 id="findings">Findings</h2>',
    ...run,
    ...groups.flatMap((group) => group.entries.map((entry) => findingHtml(group, entry))),
    '</section>',
  ]
}

const anchorOf = ({ name }: Pick<DatabaseReport, 'name'>): string =>
  `database-${encodeURIComponent(name.replace(/\p{Cs}/gu, ''))}`

function databaseSection(report: Report, database: DatabaseReport): string {
  const { name, layout, folder, migrations, notProved, deleted = [] } = database
  return [
    `<section data-database="${html(name)}" id="${anchorOf(database)}" aria-label="${html(name)}">`,
    `<h2>${code(name)}</h2>`,
    `<p class="dim">${html(folder)} · ${layout} · ${counted(migrations.length, 'migration')}</p>`,
    ...(notProved === undefined ? [] : [`<p class="bad">not proved: ${html(notProved)}</p>`]),
    ...deleted.map((id) => `<p class="bad">deleted by the change: ${code(id)}</p>`),
    '<ol class="timeline">',
    ...migrations.map((migration) => migrationHtml(report, database, migration)),
    '</ol></section>',
  ].join('\n')
}

function asides(report: Report): readonly string[] {
  const list = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`<h2>${title}</h2>`, `<ul>${items.map((item) => `<li>${item}</li>`).join('\n')}</ul>`]
  const older = olderFindings(report)
  return [
    ...list(
      olderTitle(older, report),
      older.map((one) => html(olderSentence(one))),
    ),
    ...list(
      'Irreversible on purpose',
      irreversibleMigrations(report).map(({ name, reason }) => `${code(name)}: ${html(reason)}`),
    ),
    ...list(
      'Accepted',
      acceptedFindings(report).map(
        ({ rule, name, until, reason }) => `${code(rule)} in ${code(name)} until ${html(until)}: ${html(reason)}`,
      ),
    ),
    ...list('Not counted', uncountedPhrases(report).map(html)),
    ...list('Written to files', fixedFiles(report).map(html)),
    ...list('Not checked', notCheckedSentences(report).map(html)),
  ]
}
