#!/usr/bin/env bash
# Tests the helpers in clients/ that give each test a world of its own, in one skyrig. Languages that are
# not here are skipped, and it is said. run.sh calls it with SKYRIG, and TOOLS where boto3 and the
# JavaScript SDK are.
set -euo pipefail
cd "$(dirname "$0")/../.."

pytest=9.0.1

has() {
    command -v "$1" >/dev/null && return
    echo "ci: SKIPPED: ${*:2}: $1 is not here"
    return 1
}

work=$(mktemp -d)
"$SKYRIG" serve --listen 127.0.0.1:0 --worlds --clock manual >"$work/said" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q '^Ready\.$' "$work/said"; do
    kill -0 "$server"
    sleep 0.1
done
SKYRIG_ENDPOINT=$(sed -n 's/^skyrig listening on //p' "$work/said")
export SKYRIG_ENDPOINT

if has python3 "the helper for Python"; then
    venv=$TOOLS/worlds
    if [ ! -e "$venv-$pytest" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "pytest==$pytest" boto3
        touch "$venv-$pytest"
    fi
    # As its users get it: built and installed.
    cp -r clients/python "$work/python"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --force-reinstall --no-deps "$work/python"
    "$venv/bin/python" -m pytest -q -p no:cacheprovider clients/python/tests
    # The fixture starts a skyrig itself where none is named.
    env -u SKYRIG_ENDPOINT "$venv/bin/python" -m pytest -q -p no:cacheprovider \
        clients/python/tests -k test_a_test_has
fi
if has node "the helper for Node"; then
    cp -r clients/node "$work/node"
    [ ! -d "$TOOLS/js/node_modules" ] || ln -s "$TOOLS/js/node_modules" "$work/node/node_modules"
    (cd "$work/node" && node --test)
fi
if has mvn "the helper for Java" && has javac "the helper for Java"; then
    cp -r clients/java "$work/java"
    mvn -q -B -f "$work/java/pom.xml" test
fi
echo "worlds passed"
