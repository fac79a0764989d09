// All layouts. Those whose files carry markers come first: a marker says more than a name.
import { dbmate } from './dbmate.js'
import { directories } from './directories.js'
import { goose } from './goose.js'
import type { Layout } from './layout.js'
import { pairs } from './pairs.js'
import { sqlMigrate } from './sql-migrate.js'

export const layouts: readonly Layout[] = [goose, sqlMigrate, dbmate, directories, pairs]
