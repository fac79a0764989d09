// The tools and we at the same moment, often: the same test as the short one, with more rounds.
process.env['TOGETHER_ROUNDS'] ??= '50'

await import('../entry/tools.test.js')

export {}
