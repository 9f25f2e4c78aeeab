#!/usr/bin/env bash
# Programs as people write them on Celery, sqs-consumer, Go CDK, guregu/dynamo, JMS, Spring Cloud AWS, Camel and
# DynamoDBMapper, against one emulator; versions are pinned here, in habits/go/go.mod and in habits/java/pom.xml.
# Run by more.sh, which has the other habits of docs/compatibility.md. Some alone: habits.sh celery go
set -euo pipefail
cd "$(dirname "$0")/../.."

celery=5.7.0
pycurl=7.49.0
sqs_consumer=14.2.8
client_sqs=3.1169.0

target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$target/clients
mkdir -p "$tools"
wanted=${*:-celery consumer go java}

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

[ -n "${SKYRIG:-}" ] || cargo build --quiet --locked -p skyrig-cli
SKYRIG=${SKYRIG:-$target/debug/skyrig}

# No profile, proxy or endpoint of whoever runs this may get in the way of the programs.
clean() {
    env -u http_proxy -u HTTP_PROXY -u all_proxy -u ALL_PROXY -u AWS_PROFILE -u AWS_SESSION_TOKEN \
        AWS_ENDPOINT_URL="$endpoint" AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
        AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true \
        AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null "$@"
}

log=$(mktemp)
"$SKYRIG" serve --listen 127.0.0.1:0 >"$log" &
server=$!
trap 'kill "$server"; rm -f "$log"' EXIT
until grep -q Ready "$log"; do sleep 0.1; done
endpoint=$(grep -o 'http://[^ ]*' "$log" | head -n 1)

habit_celery() {
    has python3 Celery || return 0
    if [ ! -e "$tools/celery-$celery-$pycurl" ]; then
        python3 -m venv "$tools/celery"
        "$tools/celery/bin/pip" install --quiet --disable-pip-version-check \
            "celery[sqs]==$celery" "pycurl==$pycurl"
        touch "$tools/celery-$celery-$pycurl"
    fi
    clean timeout 120 "$tools/celery/bin/python" tests/clients/habits/test_celery.py
}

habit_consumer() {
    has npm sqs-consumer && has node sqs-consumer || return 0
    npm install --silent --no-audit --no-fund --prefix "$tools/habits-js" \
        "sqs-consumer@$sqs_consumer" "@aws-sdk/client-sqs@$client_sqs"
    cp tests/clients/habits/test_sqs_consumer.mjs "$tools/habits-js/"
    clean timeout 120 node "$tools/habits-js/test_sqs_consumer.mjs"
}

habit_go() {
    has go Go CDK and guregu/dynamo || return 0
    (cd tests/clients/habits/go && clean go test -count=1 ./...)
}

habit_java() {
    has mvn JMS, Spring Cloud AWS, Camel and DynamoDBMapper && has javac the same || return 0
    local pom=tests/clients/habits/java/pom.xml place=$tools/habits-java
    if ! cmp -s "$pom" "$place/pom.xml"; then
        rm -rf "$place"
        mvn -q -B -f "$pom" dependency:copy-dependencies -DoutputDirectory="$place/jars"
        cp "$pom" "$place/"
    fi
    javac -nowarn -cp "$place/jars/*" -d "$place" tests/clients/habits/java/Habits.java
    clean timeout 180 java -cp "$place:$place/jars/*" Habits
}

for habit in $wanted; do
    "habit_$habit"
done
echo "habits passed"
