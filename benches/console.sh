#!/usr/bin/env bash
# What the console costs: how long its rooms take to open with 10,000 queues and a million messages, what an
# idle and a busy one take of the server's CPU. Skipped, and it is said, without Chromium or node.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/clients/chromium.sh
if [ -z "$CHROMIUM" ]; then
    echo "SKIPPED: Chromium or node is not here"
    exit
fi
if [ -z "${SKYRIG:-}" ]; then
    cargo build --quiet --locked --release -p skyrig-cli
    export SKYRIG="${CARGO_TARGET_DIR:-$PWD/target}/release/skyrig"
fi
exec node --experimental-websocket tests/clients/bench_console.mjs
