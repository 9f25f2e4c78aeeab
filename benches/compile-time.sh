#!/usr/bin/env bash
# What compiling costs, in CPU seconds, beside another commit: one after the other on this machine,
# each from clean, in a tree and a target folder of its own.
#
#   benches/compile-time.sh REV [HEAD]    e.g. benches/compile-time.sh v0.1.0
#
# Prints the release build of the emulator, the README's first command, and how much CPU a request
# takes beside a bare server (benches' load, its figure "send" and "cycle"). COMMANDS=release,first,load
# picks some. Needs about 15 GB on disk and, for all of them, an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
old=$(git rev-parse --short "$1")
new=$(git rev-parse --short "${2:-HEAD}")
commands=${COMMANDS:-release,first,load}
trees=$(mktemp -d)
trap 'rm -rf "$trees"; git worktree prune' EXIT

# CPU seconds (user and system) of a command; its output goes to a log.
cpu() {
    local TIMEFORMAT='%U %S'
    { time "$@" >"$trees/log" 2>&1; } 2>"$trees/time" || { cat "$trees/log" >&2; exit 1; }
    awk '{ printf "%.0f", $1 + $2 }' "$trees/time"
}

wanted() { [[ ",$commands," == *",$1,"* ]]; }

measure() {
    local rev=$1 tree=$trees/$1
    git worktree add --detach "$tree" "$rev" >/dev/null 2>&1
    cd "$tree"
    cargo fetch --locked >/dev/null 2>&1
    if wanted release || wanted load; then
        export CARGO_TARGET_DIR=$trees/release-$rev
        echo "$rev release $(cpu cargo build --locked --release -p skyrig-cli)"
    fi
    if wanted load; then
        cargo build --locked --release -p benches >/dev/null 2>&1
        "$CARGO_TARGET_DIR/release/load" --only send,cycle | sed "s/^/$rev load: /"
    fi
    if wanted first; then
        export CARGO_TARGET_DIR=$trees/first-$rev
        echo "$rev first $(cpu cargo scenario run failure-dlq)"
    fi
    cd - >/dev/null
}

for rev in "$old" "$new"; do measure "$rev" | tee -a "$trees/figures"; done
echo
awk -v old="$old" -v new="$new" '
    $3 ~ /^[0-9]+$/ { seconds[$1, $2] = $3; names[$2] = 1 }
    END {
        printf "%-10s %10s %10s %8s\n", "CPU s", old, new, "ratio"
        for (name in names)
            printf "%-10s %10d %10d %8.2f\n", name, seconds[old, name], seconds[new, name],
                seconds[new, name] / seconds[old, name]
    }' "$trees/figures"
