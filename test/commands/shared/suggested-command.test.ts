// Commands that are to be pasted are about what the run was about.
import { expect, test } from '@jest/globals'
import { databaseWords } from '../../../src/commands/shared/suggested-command.js'

test('the name alone where nothing else was said', () => {
  expect(databaseWords({ paths: [], config: undefined, environment: undefined }, 'app')).toBe('--databases app')
})

test('folders, config and environment as they were given, each one word', () => {
  const request = { paths: ['db/my app', "it's"], config: 'a.yml', environment: 'staging' }
  expect(databaseWords(request, "a'; rm -rf x")).toBe(
    `'db/my app' 'it'\\''s' --config a.yml --environment staging --databases 'a'\\''; rm -rf x'`,
  )
})
