#!/usr/bin/env bash
# Uses the emulator's DynamoDB with PynamoDB, Dynamoose and the enhanced client for Java, and its
# Lambda with Powertools for Python; versions are pinned here and in enhanced/pom.xml. habits.sh has more, and
# clients/testcontainers its own tests. Everything is installed under target/clients. Clients whose interpreter is missing are skipped, and it is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

pynamodb=6.1.0
dynamoose=4.2.0
powertools=3.37.0
boto3=1.44.8

target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/clients
mkdir -p "$tools"

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

python=false js=false java=false
has python3 PynamoDB && python=true
has npm Dynamoose && has node Dynamoose && js=true
has mvn "the enhanced client" && has javac "the enhanced client" && java=true

if $python && [ ! -e "$tools/more-$pynamodb" ]; then
    python3 -m venv "$tools/more"
    "$tools/more/bin/pip" install --quiet --disable-pip-version-check "pynamodb==$pynamodb"
    touch "$tools/more-$pynamodb"
fi
if $python && [ ! -e "$tools/functions-$powertools-$boto3" ]; then
    rm -rf "$tools/functions"
    python3 -m venv "$tools/functions/venv"
    "$tools/functions/venv/bin/pip" install --quiet --disable-pip-version-check \
        --target "$tools/functions/python" "aws-lambda-powertools==$powertools" "boto3==$boto3"
    # What a layer has: everything below `python/`.
    (cd "$tools/functions" && python3 -m zipfile -c layer.zip python/)
    touch "$tools/functions-$powertools-$boto3"
fi
if $js; then
    npm install --silent --no-audit --no-fund --prefix "$tools/more-js" "dynamoose@$dynamoose"
fi
if $java; then
    pom=tests/clients/enhanced/pom.xml
    if ! cmp -s "$pom" "$tools/enhanced/pom.xml"; then
        rm -rf "$tools/enhanced"
        mvn -q -B -f "$pom" dependency:copy-dependencies -DoutputDirectory="$tools/enhanced/jars"
        cp "$pom" "$tools/enhanced/"
    fi
    javac -cp "$tools/enhanced/jars/*" -d "$tools/enhanced" tests/clients/enhanced/Enhanced.java
fi

cargo build --quiet --locked -p skyrig-cli
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
if $python; then
    echo "Powertools $powertools, boto3 $boto3"
    LAYER="$tools/functions/layer.zip" PYTHONPATH="$tools/functions/python" \
        python3 tests/clients/test_functions.py
fi
if $js; then
    echo "Dynamoose $dynamoose"
    cp tests/clients/test_dynamoose.mjs "$tools/more-js/"
    node "$tools/more-js/test_dynamoose.mjs"
fi
if $java; then
    echo "the enhanced client"
    java -cp "$tools/enhanced:$tools/enhanced/jars/*" Enhanced
fi
bash tests/clients/habits.sh
bash clients/testcontainers/test.sh
echo "clients passed"
