#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests. It holds nothing worth keeping and is not durable (fsync=off).
#
#   eval "$(scripts/postgres.sh)"   start it if it is not running, and export PORTCULLIS_TEST_DATABASE_URL
#   scripts/postgres.sh status      succeeds when it is running
#   scripts/postgres.sh halt        stop it and keep it, for tests of what happens then
#   scripts/postgres.sh resume      start it again where it was
#   scripts/postgres.sh stop        stop it and delete it
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/lib.sh"
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

# Where its owner may look, too: the programs complain about a directory they cannot enter.
cd /

# PostgreSQL refuses to run as root: then its files belong to, and its programs run as, an unprivileged user.
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
fi

as_owner() {
    if [ "$(id -un)" = "$owner" ]; then "$@"; else runuser -u "$owner" -- "$@"; fi
}

# The cluster sits in memory where there is room: each test has a database of its own, which is some 300 files, and on a disk that takes
# several times as long. Otherwise it sits beside the build, unless its owner cannot get there (a checkout below /root).
name=portcullis-postgres-$(printf '%s' "$target" | cksum | cut -d ' ' -f 1)
has_room() { [ "$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt $((3 << 20)) ] 2>/dev/null; }
home=/dev/shm/$name
if [ ! -d "$home" ] && { [ -d "$target/postgres" ] || ! has_room /dev/shm; }; then
    home=$target/postgres
    if ! as_owner test -x "$target"; then home=/var/tmp/$name; fi
fi
data=$home/data

find_programs() {
    local at
    for at in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -Vr) \
        "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
        if [ -x "$at/initdb" ] && [ -x "$at/pg_ctl" ] && [ -x "$at/psql" ]; then
            programs=$at
            return 0
        fi
    done
    return 1
}

running() {
    [ -f "$data/postmaster.pid" ] && as_owner "$programs/pg_ctl" status --pgdata "$data" >/dev/null 2>&1
}

free_port() {
    local port
    for _ in $(seq 50); do
        port=$((20000 + RANDOM % 10000))
        # Nobody answers there: it is free.
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    fail "found no free port on 127.0.0.1"
}

# Sorting follows a language here, as on most servers, so that a list that forgets COLLATE "C" is found out.
create() {
    local locale=(--locale=C.UTF-8)
    if "$programs/initdb" --help | grep -q icu-locale; then
        locale+=(--locale-provider=icu --icu-locale=en-US)
    fi
    rm -rf "$home"
    mkdir -p "$home"
    head -c 18 /dev/urandom | base64 | tr '+/' 'ab' >"$home/password"
    if [ "$(id -u)" = 0 ]; then chown -R "$owner" "$home"; fi
    chmod 700 "$home"
    cd "$home"
    # md5 and not SCRAM: thousands of connections over loopback, in debug builds.
    as_owner "$programs/initdb" --pgdata "$data" --username portcullis --pwfile "$home/password" \
        --auth-host=md5 --auth-local=reject --encoding=UTF8 --no-sync "${locale[@]}" >"$home/initdb.log" 2>&1 ||
        { cat "$home/initdb.log" >&2; fail "initdb failed"; }
    cat >>"$data/postgresql.conf" <<'CONF'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
fsync = off
max_wal_size = 256MB
full_page_writes = off
synchronous_commit = off
autovacuum_naptime = 10s
timezone = 'UTC'
CONF
}

start() {
    local port
    for _ in 1 2 3; do
        port=$(free_port)
        # 9 is the lock below: a server that kept it would keep everybody else out.
        if as_owner "$programs/pg_ctl" start --wait --silent --pgdata "$data" --log "$home/log" \
            --options "-p $port" >/dev/null 2>&1 9>&-; then
            printf '%s\n' "$port" >"$home/port"
            return
        fi
    done
    tail -n 20 "$home/log" >&2 || true
    fail "the server does not start (its log is above)"
}

url() {
    printf 'postgres://portcullis:%s@127.0.0.1:%s/postgres' "$(cat "$home/password")" "$(cat "$home/port")"
}

check_extensions() {
    local have
    have=$("$programs/psql" "$(url)" --no-psqlrc --tuples-only --no-align \
        --command "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
    [ "$have" = 1 ] || fail "the extension pg_trgm is missing: install PostgreSQL's contrib package."
}

stop() {
    if running; then as_owner "$programs/pg_ctl" stop --mode immediate --silent --pgdata "$data" >/dev/null; fi
    rm -rf "$home"
}

halt() { as_owner "$programs/pg_ctl" stop --wait --mode fast --silent --pgdata "$data"; }

resume() {
    as_owner "$programs/pg_ctl" start --wait --silent --pgdata "$data" --log "$home/log" \
        --options "-p $(cat "$home/port")" >/dev/null
}

case "${1:-start}" in
start)
    if ! find_programs; then
        install_packages postgresql ||
            fail "PostgreSQL is missing: install the package postgresql (server, client and contrib), or set" \
                "PORTCULLIS_TEST_DATABASE_URL to a database where the tests may create databases."
        find_programs || fail "apt-get installed postgresql, but its programs are not in /usr/lib/postgresql/*/bin"
        exec "$root/scripts/postgres.sh" start # its package brings the user it runs as
    fi
    exec 9>"$target/postgres.lock"
    if command -v flock >/dev/null; then flock 9; fi
    # Not durable, so what a crash or a reboot left behind is not trusted: a new one takes two seconds.
    if ! running; then
        create
        start
        check_extensions
        say "started on port $(cat "$home/port"), files in $home"
    fi
    echo "export PORTCULLIS_TEST_DATABASE_URL=$(url)"
    ;;
stop) if find_programs; then stop; fi ;;
halt) find_programs && halt ;;
resume) find_programs && resume ;;
status) find_programs && running ;;
*) fail "usage: scripts/postgres.sh [start|status|halt|resume|stop]" ;;
esac
