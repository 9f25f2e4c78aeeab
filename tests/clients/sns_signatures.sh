#!/usr/bin/env bash
# Verifies what SNS signs with validators that others wrote: sns-validator (npm) and
# sns-message-validator (PyPI), over TLS and with their pattern for hosts set. Before that, servers in
# Python receive, fail and recover. Run by run.sh, which sets SKYRIG to the binary and TOOLS to the
# folder of what is installed.
set -euo pipefail
cd "$(dirname "$0")"

sns_validator=0.3.5
sns_message_validator=0.0.1

work=$(mktemp -d)
"$SKYRIG" serve --listen 127.0.0.1:0 --clock manual --tls --tls-cert-out "$work/authority.pem" \
    >"$work/said" &
server=$!
trap 'kill "$server"; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    grep -q '^Ready' "$work/said" && break
    sleep 0.1
done
endpoint=$(grep -o 'https://[^ ]*' "$work/said" | sed 's/127\.0\.0\.1/localhost/')

python3 test_servers.py "$endpoint" "$work/authority.pem" "$work/messages"

if [ ! -e "$TOOLS/venv-sns-$sns_message_validator" ]; then
    python3 -m venv "$TOOLS/venv-sns"
    "$TOOLS/venv-sns/bin/pip" install --quiet --disable-pip-version-check \
        "sns-message-validator==$sns_message_validator"
    touch "$TOOLS/venv-sns-$sns_message_validator"
fi
echo "sns-message-validator $sns_message_validator"
REQUESTS_CA_BUNDLE="$work/authority.pem" \
    "$TOOLS/venv-sns/bin/python" -W ignore validate_sns.py "$work/messages"

if command -v npm >/dev/null && command -v node >/dev/null; then
    npm install --silent --no-audit --no-fund --prefix "$TOOLS/js-sns" "sns-validator@$sns_validator"
    cp validate_sns.cjs "$TOOLS/js-sns/"
    echo "sns-validator $sns_validator"
    NODE_EXTRA_CA_CERTS="$work/authority.pem" NODE_NO_WARNINGS=1 \
        node "$TOOLS/js-sns/validate_sns.cjs" "$work/messages"
else
    echo "ci: SKIPPED: sns-validator: npm is not here"
fi
