#!/bin/sh
# Migrates and seeds for development: scripts/seed-dev.sh [DATABASE,DATABASE]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
gate() { node "${MIGRATION_GATE_CLI:-$root/dist/cli.js}" "$@" --environment development; }

gate up ${1:+--databases "$1"}
gate seed ${1:+--databases "$1"}
