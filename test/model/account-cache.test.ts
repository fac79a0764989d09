import { describe, expect, test } from '@jest/globals'
import { cacheBases, isOpenToOthers, isOwnAlone } from '../../src/model/account-cache.js'

describe("the account's cache folders", () => {
  const ada = { environment: {}, platform: 'linux', uid: 1000, home: '/home/ada' }
  test.each([
    ['of a Linux account', ada, ['/home/ada/.cache']],
    ['of a macOS account', { ...ada, platform: 'darwin' }, ['/home/ada/Library/Caches']],
    ['of root, whose home no other account can enter', { ...ada, uid: 0 }, ['/var/cache']],
    ['first what was asked for', { ...ada, environment: { XDG_CACHE_HOME: '/x' } }, ['/x', '/home/ada/.cache']],
    [
      'not where it depends on the working folder',
      { ...ada, environment: { XDG_CACHE_HOME: 'x' } },
      ['/home/ada/.cache'],
    ],
    ['none without a home', { ...ada, home: undefined }, []],
    ['none with an empty home', { ...ada, home: '' }, []],
    ['none where paths do not begin with a slash', { ...ada, platform: 'win32', home: 'C:\\Users\\ada' }, []],
  ])('%s', (_what, owner, bases) => {
    expect(cacheBases(owner)).toEqual(bases)
  })
})

test('a folder is our own when we own it and no other account may write to it', () => {
  const folder = { uid: 1000, mode: 0o40755 }
  expect(isOwnAlone(folder, 1000)).toBe(true)
  expect(isOwnAlone(folder, 0)).toBe(false)
  expect(isOwnAlone(folder, undefined)).toBe(false)
  expect([0o40775, 0o40757, 0o41777].map((mode) => isOwnAlone({ uid: 1000, mode }, 1000))).toEqual([
    false,
    false,
    false,
  ])
  expect([0o40755, 0o40775, 0o41777].map(isOpenToOthers)).toEqual([false, true, true])
})
