import { describe, expect, test } from '@jest/globals'
import { renderAnnotations } from '../../src/render/annotations.js'
import { renderOutputs } from '../../src/render/outputs.js'
import { environment, finding, hostile, HOSTILE, mixed, oneFails, report } from './reports.js'

const PARTS = /^::(error|warning|notice) ((?:file|line|col|title)=[^:,]*(?:,(?:file|line|col|title)=[^:,]*)*)::(.*)$/
const decode = (text: string): string =>
  text
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')

describe('annotations', () => {
  test('point at the file, say what, why and what mends it', () => {
    expect(renderAnnotations(oneFails()).map(decode)).toEqual([
      '::error file=migrations/rates_db/00004_add_source_to_rates.down.sql,line=1,col=1,title=down-restores-schema: rates_db 00004_add_source_to_rates::' +
        [finding().message, finding().why, `fix: ${finding().fix}`].join('\n'),
    ])
  })

  test('errors come first, and each level has its command', () => {
    const commands = renderAnnotations(mixed()).map((line) => PARTS.exec(line)?.[1])
    expect(commands).toEqual([...Array.from({ length: 6 }, () => 'error'), 'warning', 'notice'])
  })

  test('an environment failure has no file', () => {
    expect(renderAnnotations(environment())).toEqual([
      '::error title=environment::no PostgreSQL server to prove on%0Agive --server URL, or install PostgreSQL',
    ])
  })

  test('at most ten of each level, and the tenth says how many more', () => {
    const at = (level: 'error' | 'warning' | 'note', count: number) =>
      Array.from({ length: count }, (_, i) => finding({ level, message: `m${i}` }))
    const lines = renderAnnotations(
      report({ databases: [], findings: [...at('error', 12), ...at('warning', 11), ...at('note', 10)] }),
    )
    const of = (command: string): readonly string[] => lines.filter((line) => line.startsWith(`::${command} `))
    expect([of('error').length, of('warning').length, of('notice').length]).toEqual([10, 10, 10])
    expect(of('error')[9]).toMatch(/and 2 more errors: see the job summary$/)
    expect(of('warning')[9]).toMatch(/and 1 more warning: see the job summary$/)
    expect(of('notice')[9]).not.toContain('more note')
  })

  test('a message stays below the runner’s limit, with the count of more still in it', () => {
    const findings = Array.from({ length: 11 }, () => finding({ message: '🙂'.repeat(5_000) }))
    for (const line of renderAnnotations(report({ databases: [], findings }))) {
      const message = decode(PARTS.exec(line)?.[3] ?? '')
      expect(message.length).toBeLessThanOrEqual(4_000)
      expect(message).toContain('…')
      expect(message).not.toMatch(/\p{Cs}/u)
    }
    expect(renderAnnotations(report({ databases: [], findings })).at(-1)).toContain('and 1 more error')
  })

  test.each(Object.entries(HOSTILE))('hostile text stays within one command: %s', (_name, text) => {
    for (const line of renderAnnotations(hostile(text))) {
      expect(line).toMatch(PARTS)
      expect(line).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u202e\u2066]/)
      expect(line).not.toContain('##[')
    }
  })
})

describe('outputs', () => {
  test('the verdict, the counts and the path of the report', () => {
    expect(renderOutputs(mixed(), 'report.json')).toEqual({
      done: '0',
      pending: '0',
      digest: '',
      expires: '',
      comment: '',
      verdict: 'fail',
      'exit-code': '1',
      databases: '4',
      migrations: '12',
      proved: '2',
      errors: '5',
      warnings: '1',
      notes: '1',
      report: 'report.json',
    })
    expect(renderOutputs(environment(), undefined)).toMatchObject({
      verdict: 'environment',
      'exit-code': '3',
      report: '',
    })
  })
})
