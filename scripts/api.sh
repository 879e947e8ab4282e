#!/usr/bin/env bash
# The API description against its standard, and the server against the description: thousands of requests, made from the
# description, valid and invalid ones, always the same for the same description. PORTCULLIS_BINARY chooses another binary.
#
#   scripts/api.sh test   both
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

readonly PYTHON=.tools/python
readonly PORT=8190
readonly AT=http://localhost:$PORT
binary=$(realpath "${PORTCULLIS_BINARY:-${CARGO_TARGET_DIR:-target}/debug/portcullis}")

need_tools() {
    local wanted
    wanted=$(cksum <scripts/api/requirements.txt)
    if [ "$(cat "$PYTHON/.made-from" 2>/dev/null)" = "$wanted" ]; then return; fi
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3 python3-venv ||
        fail "Python 3 with its module venv is missing: install the packages python3 and python3-venv."
    say "installing the packages of scripts/api/requirements.txt"
    rm -rf "$PYTHON"
    python3 -m venv "$PYTHON"
    "$PYTHON/bin/pip" install --quiet --disable-pip-version-check -r scripts/api/requirements.txt >&2
    printf '%s\n' "$wanted" >"$PYTHON/.made-from"
}

start_server() {
    home=$(mktemp -d)
    trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$home"' EXIT
    (cd "$home" && PORTCULLIS__SERVER__LISTEN=127.0.0.1:$PORT PORTCULLIS__LIMITS__REQUESTS_PER_MINUTE=4000000 exec "$binary" --dev) \
        >"$home/log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        if curl --silent --fail --output /dev/null "$AT/readyz"; then return; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$home/log" >&2
    fail "the server does not start (its log is above)"
}

# The cookie of a new session of the demo account's admin.
sign_in() {
    local body='{"email": "ada@demo.example", "password": "try-portcullis"}'
    curl --silent --fail --output /dev/null --cookie-jar - "$AT/api/v1/sign-in/password" \
        --header 'Content-Type: application/json' --data "$body" | awk '$6 == "__Host-portcullis" { print $7 }'
}

first_id() {
    curl --silent --fail --header "Cookie: __Host-portcullis=$SESSION" "$AT/api/v1/$1" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["items"][-1]["id"])'
}

requests() {
    SESSION=$(sign_in)
    export SESSION SCHEMATHESIS_HOOKS=scripts/api/checks.py
    "$PYTHON/bin/schemathesis" --config-file scripts/api/schemathesis.toml run openapi.json --url "$AT" "$@"
}

test_api() {
    "$PYTHON/bin/openapi-spec-validator" openapi.json
    start_server
    SESSION=$(sign_in)
    ACCOUNT_ID=$(first_id me/accounts)
    USER_ID=$(first_id "accounts/$ACCOUNT_ID/users?status=inactive")
    SYSTEM_ID=$(first_id "accounts/$ACCOUNT_ID/systems") EVENT_ID=$(first_id "accounts/$ACCOUNT_ID/events")
    export ACCOUNT_ID USER_ID SYSTEM_ID EVENT_ID
    # Those that end the session they are sent with come last, each with one of its own.
    local ending='^(sign_out|revoke_my_session|revoke_my_sessions|change_my_password)$'
    requests --exclude-operation-id-regex "$ending"
    requests --include-operation-id-regex "$ending" --phases examples,coverage
}

need_tools
case "${1:-test}" in
test) test_api ;;
*) fail "usage: scripts/api.sh [test]" ;;
esac
