#!/usr/bin/env bash
# Talks to the emulator, started with the flags given, with the AWS CLI. Run by run.sh, which sets SKYRIG and
# AWS to the binaries.
set -euo pipefail

log=$(mktemp)
"$SKYRIG" serve --listen 127.0.0.1:0 "$@" >"$log" &
server=$!
trap 'kill "$server"; rm -f "$log"' EXIT
for _ in $(seq 100); do
    endpoint=$(grep -o 'http://[^ ]*' "$log" || true)
    [ -n "$endpoint" ] && break
    sleep 0.1
done

# Version 1 of the CLI overrides AWS_ENDPOINT_URL for SQS with its legacy endpoint; the flag wins.
aws() {
    "$AWS" --endpoint-url "$endpoint" --output text "$@"
}
expect() {
    if [ "$1" != "$2" ]; then
        echo "expected: $2" >&2
        echo "but was:  $1" >&2
        exit 1
    fi
}

url=$(aws sqs create-queue --queue-name cli --query QueueUrl)
expect "$url" "$endpoint/000000000000/cli"
sent=$(aws sqs send-message --queue-url "$url" --message-body 'from the shell' --query MessageId)
received=$(aws sqs receive-message --queue-url "$url" --wait-time-seconds 1 \
    --query 'Messages[0].[MessageId,Body,ReceiptHandle]')
IFS=$'\t' read -r id body handle <<<"$received"
expect "$id" "$sent"
expect "$body" "from the shell"
aws sqs delete-message --queue-url "$url" --receipt-handle "$handle"
count=$(aws sqs get-queue-attributes --queue-url "$url" --attribute-names All \
    --query 'Attributes.[ApproximateNumberOfMessages,ApproximateNumberOfMessagesNotVisible]')
expect "$count" $'0\t0'

if message=$(aws sqs get-queue-url --queue-name missing 2>&1); then
    echo "a missing queue was found: $message" >&2
    exit 1
fi
case $message in
    *NonExistentQueue*"The specified queue does not exist."*) ;;
    *) expect "$message" "NonExistentQueue" ;;
esac

role=arn:aws:iam::111122223333:role/cli
read -r key secret token <<<"$(aws sts assume-role --role-arn "$role" --role-session-name me \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]')"
arn=$(AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token \
    aws sts get-caller-identity --query Arn)
expect "$arn" arn:aws:sts::111122223333:assumed-role/cli/me

trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}'
role=$(aws iam create-role --role-name cli --assume-role-policy-document "$trust" \
    --tags Key=team,Value=cli --query Role.Arn)
expect "$role" arn:aws:iam::000000000000:role/cli
expect "$(aws iam list-role-tags --role-name cli --query 'Tags[0].Value')" cli
expect "$(aws iam get-role --role-name cli \
    --query 'Role.AssumeRolePolicyDocument.Statement[0].Principal.AWS')" 000000000000
message=$(aws iam get-role --role-name missing 2>&1 || true)
case $message in
    *NoSuchEntity*"The role with name missing cannot be found."*) ;;
    *) expect "$message" NoSuchEntity ;;
esac
aws iam delete-role --role-name cli

definition='{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"B"},"B":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)"},"End":true}}}'
machine=$(aws stepfunctions create-state-machine --name cli --definition "$definition" \
    --role-arn arn:aws:iam::000000000000:role/any --query stateMachineArn)
expect "$machine" arn:aws:states:us-east-1:000000000000:stateMachine:cli
execution=$(aws stepfunctions start-execution --state-machine-arn "$machine" --name first \
    --input '{"n": 1}' --query executionArn)
expect "$execution" arn:aws:states:us-east-1:000000000000:execution:cli:first
for _ in $(seq 50); do
    status=$(aws stepfunctions describe-execution --execution-arn "$execution" --query status)
    [ "$status" = RUNNING ] || break
    sleep 0.2
done
expect "$status" SUCCEEDED
expect "$(aws stepfunctions describe-execution --execution-arn "$execution" --query output)" '{"n":2}'
expect "$(aws stepfunctions get-execution-history --execution-arn "$execution" --reverse-order \
    --query 'events[0].type')" ExecutionSucceeded
expect "$(aws stepfunctions validate-state-machine-definition --definition '{"StartAt":"A","States":{}}' \
    --query result)" FAIL
message=$(aws stepfunctions describe-state-machine --state-machine-arn "${machine}x" 2>&1 || true)
case $message in
    *StateMachineDoesNotExist*) ;;
    *) expect "$message" StateMachineDoesNotExist ;;
esac

# With --signatures verify a wrong secret is noticed, else it is not.
case "$* $(AWS_SECRET_ACCESS_KEY=wrong aws sts get-caller-identity --query Account 2>&1 || true)" in
    *verify*SignatureDoesNotMatch*) ;;
    *verify*) expect "the wrong secret was taken" SignatureDoesNotMatch ;;
    *000000000000) ;;
    *) expect "the wrong secret was not taken" 000000000000 ;;
esac
echo "ok"
