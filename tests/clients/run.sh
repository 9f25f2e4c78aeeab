#!/usr/bin/env bash
# Uses the emulator with boto3, the AWS CLI and the JavaScript SDK, whose versions are pinned here.
# Everything is installed under target/clients.
set -euo pipefail
cd "$(dirname "$0")/../.."

boto3=1.44.5
awscli=1.46.3
client_sqs=3.1169.0

target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/clients
mkdir -p "$tools"

if [ ! -e "$tools/venv-$boto3-$awscli" ]; then
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check \
        "boto3==$boto3" "awscli==$awscli"
    touch "$tools/venv-$boto3-$awscli"
fi
npm install --silent --no-audit --no-fund --prefix "$tools/js" "@aws-sdk/client-sqs@$client_sqs"

cargo build --quiet --locked -p skyrig
export SKYRIG="$target/debug/skyrig"

# No profile, proxy or endpoint of whoever runs this may get in the way.
unset "${!AWS_@}" http_proxy HTTP_PROXY all_proxy ALL_PROXY
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_EC2_METADATA_DISABLED=true

echo "boto3 $boto3"
"$tools/venv/bin/python" tests/clients/test_boto3.py
echo "AWS CLI $awscli"
AWS="$tools/venv/bin/aws" bash tests/clients/test_cli.sh
echo "@aws-sdk/client-sqs $client_sqs"
cp tests/clients/test_js.mjs "$tools/js/"
node "$tools/js/test_js.mjs"
echo "all clients passed"
