#!/usr/bin/env bash
# Databases as this version leaves them, for the test that every later version opens and upgrades them:
#
#   scripts/fixtures.sh            writes sqlite.db.gz, postgres.sql.gz and users.json below crates/server/tests/fixtures/
#
# Part of a release (docs/releasing.md). What a release wrote is never written again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

cargo build --locked --quiet -p portcullis
binary=${CARGO_TARGET_DIR:-target}/debug/portcullis
version=$("$binary" --version | cut -d ' ' -f 2)
folder=crates/server/tests/fixtures/$version
[ ! -e "$folder" ] || fail "$folder is there already: a version that was released does not change"

work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT
mkdir "$work/fixture"

# The key is that of every installation of the tests (crates/server/tests/binary/installation.rs).
export PORTCULLIS__SERVER__LISTEN=127.0.0.1:27099 PORTCULLIS__SERVER__PUBLIC_URL=http://127.0.0.1:27099
export PORTCULLIS__SECURITY__SECRET_KEY=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=
api=$PORTCULLIS__SERVER__PUBLIC_URL/api/v1

call() { # METHOD PATH [BODY]
    curl --silent --show-error --fail-with-body --header "cookie: $cookie" --header 'content-type: application/json' \
        --request "$1" "$api$2" ${3:+--data "$3"}
}

# The demo has people of every role and status, invitations, systems and a history; what follows adds some of everybody else.
fill() {
    "$binary" demo --in-production >/dev/null
    "$binary" serve >"$work/log" 2>&1 &
    server=$!
    curl --silent --retry 50 --retry-connrefused --retry-delay 1 --output /dev/null "$PORTCULLIS__SERVER__PUBLIC_URL/readyz"
    cookie=$(curl --silent --fail --include "$api/sign-in/password" --header 'content-type: application/json' \
        --data '{"email": "ada@demo.example", "password": "try-portcullis"}' |
        sed -n 's/^set-cookie: \(__Host-portcullis=[^;]*\).*/\1/ip')
    call POST /accounts/demo/users '{"emails": "Ana <ana@example.com>; bob@example.com", "role_id": "builder", "systems": "all", "message": "Welcome"}' >/dev/null
    call POST /accounts/demo/views '{"name": "Sleepers", "query": "tab=inactive"}' >/dev/null
    call GET '/accounts/demo/users?limit=200' | python3 -c '
import json, sys
people = [[user["email"], user["status"], user["role"]["id"], user["all_systems"], user["system_count"]] for user in json.load(sys.stdin)["items"]]
print(json.dumps(sorted(people), indent=1))' >"$work/users.json"
    kill -TERM "$server"
    wait "$server" || true
    server=
}

export PORTCULLIS__DATABASE__PATH=$work/portcullis.db
fill
"$binary" backup "$work/sqlite.db" >/dev/null
gzip --best --no-name --stdout "$work/sqlite.db" >"$work/fixture/sqlite.db.gz"
mv "$work/users.json" "$work/fixture/users.json"

eval "$(scripts/postgres.sh start)"
database=portcullis_fixture_$$
psql "$PORTCULLIS_TEST_DATABASE_URL" --quiet --command "CREATE DATABASE $database TEMPLATE template0"
unset PORTCULLIS__DATABASE__PATH
export PORTCULLIS__DATABASE__URL=${PORTCULLIS_TEST_DATABASE_URL%/*}/$database
fill
# Statements that any client can run: no COPY, and no commands of psql.
pg_dump "$PORTCULLIS__DATABASE__URL" --no-owner --no-privileges --no-comments --rows-per-insert=100 |
    grep -v '^\\' | gzip --best --no-name >"$work/fixture/postgres.sql.gz"
psql "$PORTCULLIS_TEST_DATABASE_URL" --quiet --command "DROP DATABASE $database WITH (FORCE)"
cmp "$work/users.json" "$work/fixture/users.json" || fail "the two engines do not hold the same people"

mkdir -p "$(dirname "$folder")"
mv "$work/fixture" "$folder"
say "wrote $folder: $(du -sh "$folder" | cut -f 1)"
