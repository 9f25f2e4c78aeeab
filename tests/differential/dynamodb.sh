#!/usr/bin/env bash
# Plays drawn sequences of operations on DynamoDB against this emulator and against dynoxide, a
# program of the crates registry (MIT or Apache-2.0), and compares the answers.
#
#   tests/differential/dynamodb.sh [OPERATIONS] [SEED]     100,000 operations and the seed 1 if nothing is said
#
# Both programs and boto3 are built under target/differential; where one can't be had, that is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

dynoxide=3.2.0
boto3=1.44.5

for tool in python3 cargo; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: comparing DynamoDB with dynoxide needs $tool"
        exit 0
    fi
done

built=${CARGO_TARGET_DIR:-$PWD/target}/differential
mkdir -p "$built"
if [ -z "${DYNOXIDE:-}" ] && [ ! -x "$built/dynoxide/bin/dynoxide" ]; then
    if ! cargo install --quiet --locked --debug "dynoxide-rs@$dynoxide" --root "$built/dynoxide"; then
        echo "skipped: dynoxide-rs $dynoxide can't be had"
        exit 0
    fi
fi
if [ ! -e "$built/boto3-$boto3" ]; then
    python3 -m venv "$built/venv"
    "$built/venv/bin/pip" install --quiet --disable-pip-version-check "boto3==$boto3"
    touch "$built/boto3-$boto3"
fi
if [ -z "${SKYRIG:-}" ]; then
    cargo build -q --locked -p skyrig-cli
    export SKYRIG="${CARGO_TARGET_DIR:-$PWD/target}/debug/skyrig"
fi
export DYNOXIDE="${DYNOXIDE:-$built/dynoxide/bin/dynoxide}"
unset "${!AWS_@}" http_proxy HTTP_PROXY all_proxy ALL_PROXY
"$built/venv/bin/python" tests/differential/dynamodb.py "${1:-100000}" "${2:-1}"
