#!/usr/bin/env bash
# The console: packages, types, build, checks. What is fresh is not made again.
#
#   scripts/console.sh build         build console/dist, which the server embeds
#   scripts/console.sh format        format the sources
#   scripts/console.sh lint          types, rules, formatting, size of the first page
#   scripts/console.sh test          component tests, then the stories in a browser against the real server
#                                    (a word after it chooses the files of stories with it in their name)
#   scripts/console.sh screenshots   pictures of every page into console/screenshots
#   scripts/console.sh bench         how fast a list of 100,000 users is in a browser (the binary of PORTCULLIS_BINARY;
#                                    BENCH_USERS=3000 for a quick look)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../console"
. ../scripts/lib.sh

# What vite and jsdom run on.
readonly NODE="20.19, 22.13, 24"

is_new_enough() {
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number)
        process.exit(major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19) ? 0 : 1)'
}

need_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        install_packages nodejs npm ||
            fail "node and npm are missing: install Node.js $NODE or newer (nodejs.org), then run this again."
    fi
    is_new_enough || fail "Node.js $NODE or newer is needed, this is $(node --version). The packages of many systems are older:" \
        "then take it from nodejs.org and put it first in PATH."
}

need_browser() {
    if command -v "${PORTCULLIS_BROWSER:-chromium}" >/dev/null; then return; fi
    install_packages chromium || fail "Chromium is missing: install the package chromium, or name a browser in PORTCULLIS_BROWSER."
}

# A mark says from what a thing was made; it lies beside the packages, where nothing else looks.
mark() { cat "node_modules/.made-$1" 2>/dev/null || true; }
made() { printf '%s' "$2" >"node_modules/.made-$1"; }
sum() { cksum | cut -d ' ' -f 1,2; }

packages() {
    local wanted
    wanted=$(sum <package-lock.json)
    if [ "$(mark packages)" = "$wanted" ]; then return; fi
    say "installing packages"
    npm ci --no-audit --no-fund --loglevel=error >&2
    made packages "$wanted"
}

build() {
    local wanted
    wanted=$(find src public index.html package-lock.json vite.config.ts scripts ../openapi.json -type f \
        -not -path 'src/api/generated/*' -print0 | LC_ALL=C sort -z | xargs -0 cksum | sum)
    if [ "$(mark dist)" = "$wanted" ] && [ -f dist/index.html ]; then return; fi
    say "building"
    npm run --silent build -- --logLevel warn >&2
    made dist "$wanted"
}

need_node
packages
case "${1:-build}" in
build) build ;;
format) npm run --silent format ;;
lint)
    build
    npm run --silent check
    node scripts/budget.mjs
    ;;
test)
    need_browser
    build
    npm run --silent test
    shift
    # The second report is for scripts/slowest.py.
    npm run --silent stories -- --reporter=default --reporter=junit --outputFile.junit=../target/stories.xml "$@"
    ;;
screenshots)
    need_browser
    build
    npm run --silent screenshots
    ;;
bench)
    need_browser
    build
    npm run --silent bench
    ;;
*) fail "usage: scripts/console.sh [build|format|lint|test|screenshots|bench]" ;;
esac
