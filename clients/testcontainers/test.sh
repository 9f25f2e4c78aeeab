#!/usr/bin/env bash
# Builds each module whose language is here, and runs its tests. Those that start a container run
# where SKYRIG_IMAGE names an image of an engine that is there. Nothing is installed outside of target.
set -euo pipefail
cd "$(dirname "$0")"

target=${CARGO_TARGET_DIR:-$PWD/../../target}
tools=$target/testcontainers
mkdir -p "$tools"

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

if has npm the module for Node; then
    cp -r node "$tools/"
    npm install --silent --no-audit --no-fund --prefix "$tools/node"
    (cd "$tools/node" && npm test --silent)
fi
if has python3 the module for Python; then
    [ -d "$tools/venv" ] || python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check \
        "testcontainers==4.15.0" "pytest==8.4.2"
    (cd python && "$tools/venv/bin/python" -m pytest -q -p no:cacheprovider)
fi
if has go the module for Go; then
    (cd go && go vet ./... && go test ./...)
fi
if has mvn the module for Java; then
    mvn -q -B -f java/pom.xml test -DargLine="${SKYRIG_JAVA_ARGUMENTS:-}"
fi
if [ "${1:-}" = --rust ]; then
    cargo test --locked -p skyrig-testcontainers --features testcontainers
fi
echo "testcontainers passed"
