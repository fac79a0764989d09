#!/bin/sh
# Rolls back the last migration of one database, or all above a version: scripts/migrate-down.sh core_db [00003]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ "$#" -lt 1 ] || [ "$#" -gt 2 ] || [ "${1:-all}" = all ]; then
  echo "cannot roll back all databases at once; usage: $0 DATABASE [VERSION]" >&2
  exit 2
fi
exec node "${MIGRATION_GATE_CLI:-$root/dist/cli.js}" down --databases "$1" ${2:+--to "$2"}
