# What the scripts have in common. It is sourced, not run.

say() { printf '%s\n' "$(basename "$0" .sh): $*" >&2; }
fail() { say "$@"; exit 1; }

# Installs packages of the system. False where that cannot be done from here: then the caller says what is missing.
install_packages() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
    say "installing the packages $*"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -q && apt-get install -y -q --no-install-recommends "$@"; } >&2 </dev/null; then
        say "apt-get failed (its messages are above)"
        return 1
    fi
}
