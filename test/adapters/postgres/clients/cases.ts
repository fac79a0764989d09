// All cases, by what they are about.
import { ANSWERS } from './answers-cases.js'
import { BROKEN } from './broken-cases.js'
import { LOST } from './lost-cases.js'

/** What the cases need on the server. */
export const ROLES = 'CREATE ROLE app; CREATE ROLE readers; GRANT readers TO app'

/** `others`: the lines that count. Cases of losses look at nothing that clients notice. */
export const CASES = [
  { list: 'clients can no longer', cases: BROKEN, others: / / },
  { list: 'clients are answered otherwise', cases: ANSWERS, others: / / },
  { list: 'is lost', cases: LOST, others: /^(?!broken |answers |unindexed )/ },
].flatMap(({ list, cases, others }) => cases.map((one) => ({ ...one, list, others })))
