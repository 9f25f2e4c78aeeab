#!/usr/bin/env bash
# Uses the emulator with boto3, the AWS CLI and the JavaScript SDK, whose versions are pinned here; lets
# it call servers in Python, and has validators of SNS messages verify what it signs.
# Everything is installed under target/clients. Clients whose interpreter is missing are skipped, and
# it is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

boto3=1.44.5
awscli=1.46.3
client_sqs=3.1169.0
client_sfn=3.1164.0

target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/clients
mkdir -p "$tools"

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

python=false js=false
has python3 boto3 and the AWS CLI && python=true
has npm the JavaScript SDK && has node the JavaScript SDK && js=true

if $python && [ ! -e "$tools/venv-$boto3-$awscli" ]; then
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check \
        "boto3==$boto3" "awscli==$awscli"
    touch "$tools/venv-$boto3-$awscli"
fi
if $js; then
    npm install --silent --no-audit --no-fund --prefix "$tools/js" \
        "@aws-sdk/client-sqs@$client_sqs" "@aws-sdk/client-sfn@$client_sfn"
fi

cargo build --quiet --locked -p skyrig-cli
export SKYRIG="$target/debug/skyrig"

# No profile, proxy or endpoint of whoever runs this may get in the way.
unset "${!AWS_@}" http_proxy HTTP_PROXY all_proxy ALL_PROXY
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_EC2_METADATA_DISABLED=true

if $python; then
    echo "boto3 $boto3"
    "$tools/venv/bin/python" tests/clients/test_boto3.py
    "$tools/venv/bin/python" tests/clients/test_terraform_calls.py
    "$tools/venv/bin/python" tests/clients/test_terraform_resources.py
    echo "AWS CLI $awscli"
    AWS="$tools/venv/bin/aws" bash tests/clients/test_cli.sh
    AWS="$tools/venv/bin/aws" bash tests/clients/test_cli.sh --signatures verify
    for example in python-orders python-functions; do
        echo "rehearsal of $example"
        PATH="$tools/venv/bin:$PATH" timeout 60 "$SKYRIG" rehearse \
            "examples/$example/system.yaml" "examples/$example/orders.yaml"
    done
fi
if $js; then
    echo "@aws-sdk/client-sqs $client_sqs"
    cp tests/clients/test_js.mjs "$tools/js/"
    node "$tools/js/test_js.mjs"
    echo "@aws-sdk/client-sfn $client_sfn"
    cp tests/clients/test_states.mjs "$tools/js/"
    node "$tools/js/test_states.mjs"
fi
if $python; then
    TOOLS="$tools" bash tests/clients/sns_signatures.sh
fi
TOOLS="$tools" bash tests/clients/worlds.sh
echo "clients passed"
