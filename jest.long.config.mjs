// The tests that take minutes, and rarer variants of those that npm test has: npm run test:long.
import base from './jest.config.mjs'

export default {
  ...base,
  roots: ['<rootDir>/test/long'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 20 * 60_000,
}
