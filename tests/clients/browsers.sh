#!/usr/bin/env bash
# Web pages in a headless Chromium (Debian: apt-get install chromium) against the real programs: what
# pages from elsewhere try, what an allowed page does, and the pages that show data. Skipped, and it
# is said, where there is no browser.
set -euo pipefail
cd "$(dirname "$0")/../.."

client_sqs=3.1169.0
esbuild=0.25.12

target=${CARGO_TARGET_DIR:-$PWD/target}
js=$target/clients/js

. tests/clients/chromium.sh
if [ -z "$CHROMIUM" ]; then
    echo "ci: SKIPPED: web pages in a browser: Chromium or node is not here"
    exit
fi

cargo build --quiet --locked -p skyrig-cli -p orderflow
export SKYRIG="$target/debug/skyrig" ORDER_SYSTEM="$target/debug/orderflow"

# No profile, proxy or endpoint of whoever runs this may get in the way.
unset "${!AWS_@}" "${!ORDERFLOW_@}" http_proxy HTTP_PROXY all_proxy ALL_PROXY
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_EC2_METADATA_DISABLED=true

# The SDK as one file.
unset SDK_PAGE
if command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix "$js" \
    "@aws-sdk/client-sqs@$client_sqs" "esbuild@$esbuild"; then
    export SDK_PAGE="$js/browser_sdk.js"
    cp tests/clients/browser_sdk.mjs "$js/"
    "$js/node_modules/.bin/esbuild" "$js/browser_sdk.mjs" --bundle --format=esm \
        --platform=browser --log-level=warning --outfile="$SDK_PAGE"
else
    echo "ci: SKIPPED: the AWS SDK in a browser: npm or its registry is not here"
fi

node tests/clients/test_browser.mjs
# The flag is for Node.js 20; later ones have it without.
node --experimental-websocket tests/clients/test_live.mjs
node --experimental-websocket tests/clients/test_console.mjs
echo "browsers passed"
