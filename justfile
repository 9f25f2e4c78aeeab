# Everything here is also a plain cargo or shell command; just is not needed to build or test.

# List the recipes.
default:
    @just --list

# Play a scripted scenario: just scenario failure-dlq --seed 7
scenario NAME *ARGS:
    cargo scenario run {{ NAME }} {{ ARGS }}

# The example of docs/new-system.md: just thumbnailer explore --seeds 1000 --version naive
thumbnailer *ARGS:
    cargo thumbnailer {{ ARGS }}

# Run all tests.
test:
    cargo test --workspace

# Start the emulator: just serve --listen 127.0.0.1:4566
serve *ARGS:
    cargo run -q -p skyrig-cli -- serve {{ ARGS }}

# Start the emulator and the order system together; Ctrl-C stops both.
up LISTEN="127.0.0.1:4566":
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build -q -p skyrig-cli -p orderflow
    bin=${CARGO_TARGET_DIR:-target}/debug
    "$bin/skyrig" serve --listen {{ LISTEN }} &
    trap 'kill $!' EXIT
    export AWS_ENDPOINT_URL=http://{{ LISTEN }}
    until "$bin/orderflow" infra apply; do sleep 0.2; done
    "$bin/orderflow" run --demo

# Format, lint, and check that each feature builds alone.
check:
    bash .ci/run lint features

# Everything that CI runs, or only some steps: just ci lint docs
ci *STEPS:
    bash .ci/run {{ STEPS }}

# What is too long for CI: many seeds, every crash, safeguards, fuzzing; or some: just long crash
long *STEPS:
    bash .ci/long {{ STEPS }}

# Use the emulator with boto3, the AWS CLI and the JavaScript SDK.
test-clients:
    bash tests/clients/run.sh

# The habits of docs/compatibility.md: PynamoDB, Dynamoose, Celery, JMS, Camel and others.
test-clients-more:
    bash tests/clients/more.sh

# Web pages in a headless Chromium: what they may do to the emulator and the order system.
test-browsers:
    bash tests/clients/browsers.sh

# Compare event patterns with AWS's own engine, by Maven and Java 17: just differential-patterns 100000 7
differential-patterns *ARGS:
    bash tests/differential/run.sh {{ ARGS }}

# Compare DynamoDB with dynoxide, a registry's program, by drawn sequences: just differential-dynamodb 10000 7
differential-dynamodb *ARGS:
    bash tests/differential/dynamodb.sh {{ ARGS }}

# Compare JSONata with its reference implementation, by Node.js: just differential-jsonata 20000 7
differential-jsonata *ARGS:
    bash tests/differential/jsonata.sh {{ ARGS }}

# A real Apache Kafka broker on loopback, by Maven and Java 17: just kafka-local stop
kafka-local *COMMAND:
    bash tests/kafka/local.sh {{ COMMAND }}

# Test the stream, and the whole system end to end, on real brokers: just test-kafka 127.0.0.1:19092
test-kafka BOOTSTRAP:
    KAFKA_BOOTSTRAP={{ BOOTSTRAP }} cargo test -p tests --test stream -- kafka::
    cargo scenario run analytics-killed --stage local --kafka {{ BOOTSTRAP }}

# Run the benchmarks.
bench:
    cargo bench -p benches

# Kill `skyrig serve --data` at drawn moments under load: just crash-journal 10000
crash-journal CRASHES="10000":
    SKYRIG_CRASHES={{ CRASHES }} cargo test --release --locked -p skyrig-cli --test serve kept::what_was -- --nocapture

# Measure bridge and processor beside a bare producer and consumer: just bench-kafka 127.0.0.1:19092
bench-kafka BOOTSTRAP *ARGS:
    cargo run --release -p benches --example stream -- {{ BOOTSTRAP }} {{ ARGS }}

# Measure SQS over HTTP beside a bare HTTP server: just load --only send,cycle
load *ARGS:
    cargo build -q --release -p skyrig-cli -p benches
    ${CARGO_TARGET_DIR:-target}/release/load {{ ARGS }}

# Measure a good client beside bad ones: just bad-clients --only slow-heads,garbage
bad-clients *ARGS:
    cargo build -q --release -p skyrig-cli -p benches
    ${CARGO_TARGET_DIR:-target}/release/bad-clients {{ ARGS }}

# What compiling costs beside another commit, in CPU seconds: just compile-time HEAD~10
compile-time REV *NEW:
    bash benches/compile-time.sh {{ REV }} {{ NEW }}

# Measure how long a snapshot holds others up: just snapshot-stall 1000000
snapshot-stall *ENTRIES:
    cargo run -q --release -p benches --example snapshot_stall -- {{ ENTRIES }}

# Measure what simulating costs: call, day, seeds, or all of them.
bars *FIGURES:
    cargo run -q --release -p scenarios -- measure {{ FIGURES }}

# Explore the order system: just explore --seeds 100
explore *ARGS:
    cargo run -q --release -p scenarios -- explore {{ ARGS }}

# Plant bugs in a copy of the order system, one at a time; exploring must find each.
planted-bugs *NAMES:
    bash tests/planted-bugs/run.sh {{ NAMES }}

# Play all stories and write their pages: docs/stories.
stories *ARGS:
    cargo scenario stories --write {{ ARGS }}

# Take out what each story hangs on: the story must fail. Or some: just stories-proof relay-crash
stories-proof *STORIES:
    bash scenarios/safeguards/stories.sh {{ STORIES }}

# Take safeguards out of the order system, one at a time; exploring must notice.
safeguards *NAMES:
    bash scenarios/safeguards/run.sh {{ NAMES }}

# Fuzz one of the targets of emulator/tests/malformed/targets, and keep the corpus: just fuzz request 600
fuzz TARGET SECONDS="600":
    bash emulator/fuzz/run.sh {{ TARGET }} {{ SECONDS }}

# Draw requests from AWS's models and check the state after each: just fuzz-all 100000 7
fuzz-all REQUESTS="1000000" SEED="1":
    FUZZ_REQUESTS={{ REQUESTS }} FUZZ_SEED={{ SEED }} cargo test --release --locked -p skyrig \
        --no-default-features --features snapshots --test model_fuzz drawn -- --nocapture
