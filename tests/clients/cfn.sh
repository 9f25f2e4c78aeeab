#!/usr/bin/env bash
# Lints the CloudFormation templates of the order system with cfn-lint, whose version is pinned here.
# It is installed under target/clients. Skipped where Python is missing, and it is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

cfn_lint=1.58.0

tools=${CARGO_TARGET_DIR:-$PWD/target}/clients
mkdir -p "$tools"
if ! command -v python3 >/dev/null; then
    echo "ci: SKIPPED: cfn-lint: python3 is not here"
    exit
fi
if [ ! -e "$tools/cfn-lint-$cfn_lint" ]; then
    python3 -m venv "$tools/cfn"
    "$tools/cfn/bin/pip" install --quiet --disable-pip-version-check "cfn-lint==$cfn_lint"
    touch "$tools/cfn-lint-$cfn_lint"
fi
"$tools/cfn/bin/cfn-lint" --regions us-east-1 eu-west-1 \
    -t system/infra/messaging.json system/infra/messaging-fifo.json system/infra/platform.yaml
echo "cfn-lint $cfn_lint: nothing found"
