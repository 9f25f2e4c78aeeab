#!/usr/bin/env bash
# Compares what EventPattern says of generated patterns and events with AWS's own engine,
# event-ruler, from Maven; needs Java 17 and Maven, and says so where they are not there.
#
#   tests/differential/run.sh [PAIRS] [SEED]     1,000,000 pairs and the seed 1 if nothing is said
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in mvn javac java; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: comparing patterns with event-ruler needs $tool"
        exit 0
    fi
done

built=${CARGO_TARGET_DIR:-target}/differential
mkdir -p "$built"
built=$(cd "$built" && pwd)
if ! compgen -G "$built/jars/event-ruler-*.jar" >/dev/null; then
    mvn -q -B -f tests/differential/pom.xml dependency:copy-dependencies \
        -DoutputDirectory="$built/jars"
fi
javac -cp "$built/jars/*" -d "$built" tests/differential/Verdicts.java
cargo build -q --locked -p skyrig --example differential-patterns
"${CARGO_TARGET_DIR:-target}"/debug/examples/differential-patterns "${1:-1000000}" "${2:-1}" \
    java -Xss512m -cp "$built:$built/jars/*" Verdicts
