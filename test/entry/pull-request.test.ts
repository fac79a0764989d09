// The action on a pull request, as a process, with a real repository and a GitHub on loopback.
import { describe, expect, test } from '@jest/globals'
import type { Report } from '../../src/report/check-report.js'
import { actionOnPulls, pair, reportOf, TOKEN, workflowRun } from '../support/action-on-pulls.js'

const on = actionOnPulls()

describe('the check', () => {
  test('compares with the base of the pull request, and tells a clash with another one', async () => {
    const made = on.pullRequest(pair('00002_b'))
    const files = [{ filename: 'migrations/app/00002_other.up.sql', status: 'added' }]
    on.github.pulls.push({ ...made.pull, number: 3, title: 'their change', branch: 'x', files })
    const acted = await on.checked(made)
    expect(reportOf(acted)).toMatchObject({
      change: { event: 'pull request', base: made.base, head: made.head, pull: 7 },
      findings: [
        {
          rule: 'pull-clash',
          level: 'warning',
          migration: '00002_b',
          message: expect.stringMatching(/also in pull request 3 \(their change\); the next free one is 00003/),
        },
      ],
    })
    expect([acted.code, on.github.comments]).toEqual([0, []])
  })

  test('writes the comment when asked, and the next run edits it', async () => {
    const made = on.pullRequest({ ...pair('00002_b'), 'migrations/app/00002_b.down.sql': '-- nothing\n' })
    const first = await on.checked(made, { comment: 'true' })
    expect([first.code, first.outputs['comment']]).toEqual([1, 'https://github.com/o/r/pull/7#issuecomment-1001'])
    expect(on.github.comments[0]?.body).toMatch(/### ❌ FAIL: 1 error/)
    made.repo.write(pair('00002_b'))
    const again = await on.act(
      { ...made, head: made.repo.commit({}) },
      { token: TOKEN, proof: 'none', comment: 'true' },
      { run: '13' },
    )
    expect(again.code).toBe(0)
    expect(on.github.comments).toHaveLength(1)
    expect(on.github.comments[0]?.body).toMatch(/### ✅ PASS[^]*since the last push: 1 fixed, 0 new/)
  })

  test('suggests the proved repair on the last line of the down', async () => {
    const down = 'migrations/app/00002_b.down.sql'
    const made = on.pullRequest({
      'migrations/app/00002_b.up.sql': 'CREATE TABLE b (id int);\nCREATE INDEX i ON t00001 (id);\n',
      [down]: '-- back\nDROP TABLE b;\n',
    })
    const acted = await on.act(made, { token: TOKEN, comment: 'true' })
    expect(acted.code).toBe(1)
    expect(on.github.reviews).toMatchObject([{ path: down, line: 2 }])
    expect(on.github.reviews[0]?.body).toContain(
      '```suggestion\nDROP TABLE b;\n-- Derived from what the up does, and proved:\nDROP INDEX public.i;\n```',
    )
  })

  test('a token that may not write changes nothing about the verdict', async () => {
    on.github.trouble = ({ method }) =>
      method === 'POST' ? { status: 403, message: 'Resource not accessible by integration' } : undefined
    const acted = await on.checked(on.pullRequest(pair('00002_b')), { comment: 'true' })
    expect(acted.code).toBe(0)
    expect(acted.out).toContain(
      'No comment was written: the token has no permission for this (403: Resource not accessible by integration)',
    )
    expect(acted.summary).toContain('PASS')
  })

  test('without any token, from a fork, everything but the comment is there', async () => {
    const acted = await on.act(on.pullRequest({ ...pair('00001_b') }, 'stranger'), { proof: 'none' })
    expect(acted.code).toBe(1)
    expect(acted.summary).toContain('is taken')
    expect(acted.out).toMatch(/^::error [^:]*file=migrations\/app\/00001_b\.up\.sql/m)
  })

  test('code of a stranger does not run beside secrets', async () => {
    const acted = await on.act(
      on.pullRequest(pair('00002_b'), 'stranger'),
      { token: TOKEN },
      { event: 'pull_request_target' },
    )
    expect(acted.code).toBe(2)
    expect(acted.out).toMatch(/pull_request_target/)
  })

  test('the merge queue is compared with what it builds on', async () => {
    const made = on.pullRequest(pair('00001_b'))
    const payload = { merge_group: { base_ref: 'refs/heads/main', base_sha: made.base, head_sha: made.head } }
    const acted = await on.act(made, { token: TOKEN, proof: 'none' }, { event: 'merge_group', payload })
    expect(reportOf(acted)).toMatchObject({ change: { event: 'merge queue' }, findings: [{ rule: 'version-taken' }] })
  })
})

describe('the second job', () => {
  test.each(['pull_request', 'workflow_run'])('posts the same comment on %s', async (event) => {
    const made = on.pullRequest(pair('00002_b'), 'stranger')
    const report = reportOf(await on.checked(made))
    const acted = await on.commented(made, report, event === 'workflow_run' ? workflowRun(made) : {})
    expect([acted.code, on.github.comments.map(({ issue }) => issue)]).toEqual([0, [7]])
    expect(on.github.comments[0]?.body).toMatch(/### ✅ PASS/)
  })

  // Forged in other ways: test/long/pull-requests-forged.test.ts.
  test('a forged report about another pull request writes nothing to that one', async () => {
    const forge = (report: Report) => ({ ...report, change: { ...report.change, pull: 1 } })
    await on.expectForgedHarmless(forge, /Comment: .*pull\/7#/, 0)
  })

  test('a run of an older commit does not comment', async () => {
    const made = on.pullRequest(pair('00002_b'))
    const report = reportOf(await on.checked(made))
    on.github.pulls[0] = { ...made.pull, head: 'c'.repeat(40) }
    const acted = await on.commented(made, report)
    expect(acted.out).toContain('a newer commit, and its run writes the comment')
    expect([acted.code, on.github.comments]).toEqual([0, []])
  })

  test.each([
    ['without a token', { token: '' }, /comment needs a token/],
    ['without a report', { report: '' }, /needs the report/],
    ['with a report that is not there', { report: 'nowhere.json' }, /nowhere\.json cannot be read: it is not there/],
  ])('%s it is wrong use', async (_, inputs, said) => {
    const made = on.pullRequest(pair('00002_b'))
    const acted = await on.act(made, { command: 'comment', token: TOKEN, report: 'x', ...inputs })
    expect(acted.code).toBe(2)
    expect(acted.out).toMatch(said)
  })
})
