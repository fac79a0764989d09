// Findings that are accepted, in a migration or the config, and those that a project lives with for now.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { check } from '../../../src/commands/check/check.js'
import type { CheckRequest } from '../../../src/requests/request.js'
import type { World } from '../../../src/commands/shared/context.js'
import { UserError } from '../../../src/model/errors.js'
import type { Report } from '../../../src/report/check-report.js'
import { createFiles } from '../../../src/adapters/host/files.js'
import { renderText } from '../../../src/render/text/check.js'
import { makeFolder, type Folder } from '../../adapters/host/folder.js'
import { checkRequest, lent } from '../../support/check.js'
import { startLive, type LiveServer } from '../../support/live.js'
import { NOTHING } from '../../support/nothing.js'

const folders: Folder[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/** The day of all of these tests. */
const clock = { ...NOTHING.clock, now: () => Date.parse('2026-11-26T23:59:00Z') }

const NO_SERVER = new UserError({ kind: 'environment', what: 'no server', fix: 'Start one.' })

function folderOf(files: Readonly<Record<string, string>>): Folder {
  const folder = makeFolder(files)
  folders.push(folder)
  return folder
}
const checked = (
  folder: Folder,
  request: Partial<CheckRequest> = {},
  startServer: World['startServer'] = () => Promise.reject(NO_SERVER),
): Promise<Report> => check(checkRequest(request), { ...NOTHING, clock, files: createFiles(folder.path), startServer })

const pair = (id: string, up: string, down: string): Readonly<Record<string, string>> => ({
  [`migrations/app/${id}.up.sql`]: up,
  [`migrations/app/${id}.down.sql`]: down,
})
const EMPTY = '-- nothing\n'
const allow = (words: string): string => `-- migration-gate: ${words}\nCREATE TABLE a (id int);\n`
const said = ({ findings }: Report): readonly string[] =>
  findings.map(
    ({ rule, level, place, message }) =>
      `${level} ${rule} ${place?.file.split('/').at(-1) ?? '-'}:${place?.line ?? 0} ${message}`,
  )

describe('a waiver in a migration', () => {
  test('sets the finding aside until its last day, with the reason in every format', async () => {
    const report = await checked(
      folderOf(pair('00001_a', allow('allow down-empty until 2026-11-26 because the table stays'), EMPTY)),
    )
    expect(report).toMatchObject({ verdict: 'pass', counts: { errors: 0, waived: 1 } })
    expect(report.setAside).toMatchObject([
      {
        rule: 'down-empty',
        waived: {
          until: '2026-11-26',
          reason: 'the table stays',
          place: { file: 'migrations/app/00001_a.up.sql', line: 1 },
        },
      },
    ])
    const text = renderText(report, { width: 120, colour: false, verbosity: 'normal' })
    expect(text).toContain('down-empty in app 00001_a until 2026-11-26: the table stays')
    expect(text).toContain('1 waived')
  })

  test.each([
    [
      'a day later',
      'allow down-empty until 2026-11-25 because x',
      ['error waiver-expired 00001_a.up.sql:1 the waiver of down-empty ended on 2026-11-25 (x)', 'error down-empty'],
    ],
    [
      'no day',
      'allow down-empty because x',
      [
        'error waiver-unreadable 00001_a.up.sql:1 the waiver accepts nothing: it does not say which rule, until when and why',
        'error down-empty',
      ],
    ],
    ['no reason', 'allow down-empty until 2027-01-01', ['error waiver-unreadable', 'error down-empty']],
    [
      'no such day',
      'allow down-empty until 2027-02-30 because x',
      [
        'error waiver-unreadable 00001_a.up.sql:1 the waiver accepts nothing: "2027-02-30" is not a day (YYYY-MM-DD)',
        'error down-empty',
      ],
    ],
    [
      'no such rule',
      'allow down-emty until 2027-01-01 because x',
      [
        'error waiver-unreadable 00001_a.up.sql:1 the waiver accepts nothing: there is no rule "down-emty"; did you mean down-empty?',
        'error down-empty',
      ],
    ],
    [
      'another rule',
      'allow secret until 2027-01-01 because x',
      [
        'error down-empty',
        'warning waiver-stale 00001_a.up.sql:1 the waiver of secret accepts nothing: there is no such finding',
      ],
    ],
    ['a rule that was not looked for', 'allow down-fails until 2027-01-01 because x', ['error down-empty']],
  ])('%s', async (_, words, expected) => {
    const found = said(await checked(folderOf(pair('00001_a', allow(words), EMPTY)))).toSorted()
    expect(found).toHaveLength(expected.length)
    expected.toSorted().forEach((one, i) => expect(found[i]).toContain(one))
  })

  test('holds for its own migration only', async () => {
    const files = {
      ...pair('00001_a', allow('allow down-empty until 2027-01-01 because x'), EMPTY),
      ...pair('00002_b', 'CREATE TABLE b (id int);\n', EMPTY),
    }
    expect(said(await checked(folderOf(files)))).toEqual([expect.stringContaining('00002_b')])
  })
})

describe('a waiver in the config', () => {
  const config = (words: string): Readonly<Record<string, string>> => ({
    'migration-gate.yml': `waivers:\n  - ${words}\n`,
  })
  const files = {
    ...pair('00001_a', 'CREATE TABLE a (id int);\n', EMPTY),
    ...pair('00002_b', 'CREATE TABLE b (id int);\n', EMPTY),
  }

  test.each([
    ['one migration', 'allow down-empty in app 00001 until 2027-01-01 because x', 1],
    ['one migration by its name', 'allow down-empty in app 00001_a until 2027-01-01 because x', 1],
    ['a database', 'allow down-empty in app until 2027-01-01 because x', 2],
    ['everything', 'allow down-empty until 2027-01-01 because x', 2],
    ['another database', 'allow down-empty in other until 2027-01-01 because x', 0],
  ])('%s', async (_, words, waived) => {
    expect((await checked(folderOf({ ...files, ...config(words) }))).counts).toMatchObject({
      waived,
      errors: 2 - waived,
    })
  })

  test.each([
    ['allow down-empty until soon because x', /"soon" is not a day/],
    ['allow nothing until 2027-01-01 because x', /there is no rule "nothing"/],
    ['down-empty', /which rule, until when and why; write: allow <rule>/],
  ])('%s is a problem of the config', async (words, wrong) => {
    await expect(checked(folderOf({ ...files, ...config(words) }))).rejects.toThrow(wrong)
  })
})

describe('known findings', () => {
  const DEBT = 'migration-gate.debt.json'
  const WRITE = { proof: 'guided', updateDebt: true } as const
  let live: LiveServer
  beforeAll(async () => {
    live = await startLive()
  })
  afterAll(() => live.close())
  const written = (folder: Folder): Promise<Report> => checked(folder, WRITE, () => Promise.resolve(lent(live.server)))

  test('are written when asked, pass from then on, and what is new fails', async () => {
    const folder = folderOf(pair('00001_a', 'CREATE TABLE a (id int);\n', EMPTY))
    expect(await checked(folder)).toMatchObject({ verdict: 'fail' })
    await expect(checked(folder, { updateDebt: true })).rejects.toThrow(/but --no-proof checks only a part/)
    expect(await written(folder)).toMatchObject({ counts: { errors: 0, debt: 1 } })
    expect(JSON.parse(readFileSync(folder.at(DEBT), 'utf8'))).toMatchObject({
      version: 1,
      findings: [{ rule: 'down-empty', database: 'app', migration: '00001_a' }],
    })
    expect(await checked(folder)).toMatchObject({ verdict: 'pass', counts: { errors: 0, debt: 1 } })
    const files = createFiles(folder.path)
    await files.write('migrations/app/00002_b.up.sql', 'CREATE TABLE b (id int);\n')
    await files.write('migrations/app/00002_b.down.sql', EMPTY)
    expect(await checked(folder)).toMatchObject({ verdict: 'fail', counts: { errors: 1, debt: 1 } })
    await files.write('migrations/app/00002_b.down.sql', 'DROP TABLE b;\n')
    await files.write('migrations/app/00001_a.down.sql', 'DROP TABLE a;\n')
    expect(await written(folder)).toMatchObject({ counts: { debt: 0 } })
    expect(readFileSync(folder.at(DEBT), 'utf8')).toBe('{ "version": 1, "findings": [] }\n')
  })

  test('are not written without a proof: the list would lose what only a proof finds', async () => {
    const folder = folderOf(pair('00001_a', 'CREATE TABLE a (id int);\n', EMPTY))
    await written(folder)
    const before = readFileSync(folder.at(DEBT), 'utf8')
    expect(await checked(folder, WRITE)).toMatchObject({
      verdict: 'environment',
      counts: { debt: 1 },
      problems: expect.arrayContaining([
        expect.objectContaining({ what: expect.stringMatching(/debt\.json was not written: app was not proved/) }),
      ]),
    })
    expect(readFileSync(folder.at(DEBT), 'utf8')).toBe(before)
  })

  test('a list that is broken is wrong use: what is in it would count as known', async () => {
    for (const text of ['', '[]', '{"version":2,"findings":[]}', '{"version":1,"findings":[{}]}', '<<<<<<< HEAD\n'])
      await expect(checked(folderOf({ ...pair('00001_a', 'SELECT 1;', EMPTY), [DEBT]: text }))).rejects.toThrow(
        /is not a list of known findings/,
      )
  })
})
