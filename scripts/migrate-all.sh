#!/bin/sh
# Brings every database up to date: scripts/migrate-all.sh [options of up]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
exec node "${MIGRATION_GATE_CLI:-$root/dist/cli.js}" up "$@"
