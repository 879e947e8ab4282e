#!/usr/bin/env bash
# What building and testing need, checked and, where that is possible, installed.
#
#   scripts/tools.sh build   Rust and a C compiler (SQLite and the cryptography are compiled from C)
#   scripts/tools.sh lint    the same, rustfmt, clippy and cargo-deny
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

readonly CARGO_DENY=0.20.2

need_rust() {
    command -v cargo >/dev/null || fail "cargo is missing. Install the stable Rust toolchain (see rust-lang.org), then run this again."
    local wanted have
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    have=$(rustc --version | cut -d ' ' -f 2)
    if [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" != "$wanted" ]; then
        fail "Rust $wanted or newer is needed, this is $have: rustup update stable"
    fi
}

need_c_compiler() {
    if command -v cc >/dev/null; then return; fi
    install_packages gcc libc6-dev ||
        fail "a C compiler is missing: install the package gcc (with libc6-dev), or your system's equivalent."
}

need_component() {
    if cargo "$1" --version >/dev/null 2>&1; then return; fi
    say "installing the component $2"
    rustup component add "$2" >&2 </dev/null || fail "$2 is missing and rustup could not add it: rustup component add $2"
}

# Compiled without optimization: a minute instead of ten, and a check takes a second either way.
need_cargo_deny() {
    if command -v cargo-deny >/dev/null || [ -x .tools/bin/cargo-deny ]; then return; fi
    say "installing cargo-deny $CARGO_DENY into .tools (about a minute)"
    cargo install --quiet --locked --debug --root .tools --target-dir .tools/build cargo-deny --version "$CARGO_DENY" >&2 </dev/null ||
        fail "cargo-deny could not be installed (cargo's messages are above)."
    rm -rf .tools/build
}

case "${1:-build}" in
build)
    need_rust
    need_c_compiler
    ;;
lint)
    need_rust
    need_c_compiler
    need_component fmt rustfmt
    need_component clippy clippy
    need_cargo_deny
    ;;
*) fail "usage: scripts/tools.sh [build|lint]" ;;
esac
