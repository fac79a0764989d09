// Which certificates the programs of a backup trust where the address names none.
import { expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { trusting } from '../../../../src/adapters/postgres/backup/program.js'
import { makeFolder } from '../../host/folder.js'

test('whom our own connection trusts, in a file that is gone afterwards', async () => {
  const folder = makeFolder({ 'extra.pem': 'our own authority\n' })
  const environment = { HOME: folder.path, RUNNER_TEMP: folder.path, NODE_EXTRA_CA_CERTS: folder.at('extra.pem') }
  const file = await trusting({ PGSSLMODE: 'verify-full' }, environment, ({ PGSSLROOTCERT = '' }) => {
    const text = readFileSync(PGSSLROOTCERT, 'utf8')
    expect(text).toContain(rootCertificates[0])
    expect(text).toContain('our own authority')
    return Promise.resolve(PGSSLROOTCERT)
  })
  expect(existsSync(file)).toBe(false)
  folder.remove()
})

test('what the address says, a mode that verifies nothing, and the usual file of libpq count as they are', async () => {
  const folder = makeFolder({ '.postgresql/root.crt': '' })
  const same = (connection: Readonly<Record<string, string>>, home: string) =>
    trusting(connection, { HOME: home }, (given) => Promise.resolve(given))
  expect(await same({ PGSSLMODE: 'require' }, '/')).toEqual({ PGSSLMODE: 'require' })
  const named = { PGSSLMODE: 'verify-ca', PGSSLROOTCERT: '/x' }
  expect(await same(named, '/')).toEqual(named)
  expect(await same({ PGSSLMODE: 'verify-full' }, folder.path)).toEqual({ PGSSLMODE: 'verify-full' })
  folder.remove()
})
