#!/usr/bin/env bash
# Every test, on SQLite and on PostgreSQL. Arguments go to the test runner: scripts/test.sh -p domain
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A database of your own (its role may create databases) is taken as it is; otherwise a throw-away one is started.
if [ -z "${PORTCULLIS_TEST_DATABASE_URL:-}" ]; then
    exports=$(scripts/postgres.sh start)
    eval "$exports"
fi

if [ "$#" = 0 ]; then set -- --workspace; fi
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked "$@"
    cargo test --locked --doc --quiet "$@"
else
    cargo test --locked "$@"
fi
