#!/usr/bin/env bash
# Uses the emulator's DynamoDB with PynamoDB and Dynamoose, whose versions are pinned here. Everything
# is installed under target/clients. Clients whose interpreter is missing are skipped, and it is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

pynamodb=6.1.0
dynamoose=4.2.0

target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/clients
mkdir -p "$tools"

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

python=false js=false
has python3 PynamoDB && python=true
has npm Dynamoose && has node Dynamoose && js=true

if $python && [ ! -e "$tools/more-$pynamodb" ]; then
    python3 -m venv "$tools/more"
    "$tools/more/bin/pip" install --quiet --disable-pip-version-check "pynamodb==$pynamodb"
    touch "$tools/more-$pynamodb"
fi
if $js; then
    npm install --silent --no-audit --no-fund --prefix "$tools/more-js" "dynamoose@$dynamoose"
fi

cargo build --quiet --locked -p skyrig
export SKYRIG="$target/debug/skyrig"

# No profile, proxy or endpoint of whoever runs this may get in the way.
unset "${!AWS_@}" http_proxy HTTP_PROXY all_proxy ALL_PROXY
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_EC2_METADATA_DISABLED=true

if $python; then
    echo "PynamoDB $pynamodb"
    "$tools/more/bin/python" tests/clients/test_pynamodb.py
fi
if $js; then
    echo "Dynamoose $dynamoose"
    cp tests/clients/test_dynamoose.mjs "$tools/more-js/"
    node "$tools/more-js/test_dynamoose.mjs"
fi
echo "clients passed"
