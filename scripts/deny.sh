#!/usr/bin/env bash
# Licenses, bans and sources of the dependencies by deny.toml; advisories too where their database can be reached.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
PATH=$PATH:$PWD/.tools/bin

cargo deny --locked check bans licenses sources

if timeout 60 cargo deny --locked fetch db >/dev/null 2>&1 </dev/null; then
    cargo deny --locked check --disable-fetch advisories
else
    say "advisories NOT CHECKED: their database (a git repository) cannot be reached from here"
fi
