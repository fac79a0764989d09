#!/bin/sh
# Brings one database up to date, or to a version: scripts/migrate-up.sh core_db [00003]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ "$#" -lt 1 ] || [ "$#" -gt 2 ]; then
  echo "usage: $0 DATABASE [VERSION] (all databases: scripts/migrate-all.sh)" >&2
  exit 2
fi
exec node "${MIGRATION_GATE_CLI:-$root/dist/cli.js}" up --databases "$1" ${2:+--to "$2"}
