#!/usr/bin/env bash
# Compares what skyrig-asl makes of generated JSONata expressions with the reference implementation,
# from npm; needs Node.js, and says so where it is not there.
#
#   tests/differential/jsonata.sh [EXPRESSIONS] [SEED]     20,000 and the seed 1 if nothing is said
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in node npm; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: comparing JSONata with the reference implementation needs $tool"
        exit 0
    fi
done

built=${CARGO_TARGET_DIR:-target}/differential/jsonata
mkdir -p "$built"
built=$(cd "$built" && pwd)
if [ ! -e "$built/node_modules/jsonata" ]; then
    npm install --silent --no-audit --no-fund --prefix "$built" jsonata@2.2.2
fi
cargo build -q --locked -p skyrig-asl --example differential-jsonata
"${CARGO_TARGET_DIR:-target}"/debug/examples/differential-jsonata "${1:-20000}" "${2:-1}" \
    node tests/differential/jsonata.mjs "$built/"
