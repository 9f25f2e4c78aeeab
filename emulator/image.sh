#!/usr/bin/env bash
# Makes the image from a static program that is built here, without fetching any other image. Needs
# musl's compiler (Debian's musl-tools), rustup's target for it, and an engine (docs/image.md).
#
# SKYRIG_PROGRAM names a program that is built already.
#
#   emulator/image.sh [NAME:TAG]
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:-skyrig:0.1.0}
triple=$(uname -m)-unknown-linux-musl
target=${CARGO_TARGET_DIR:-$PWD/target}
# The aim is 20 MiB (docs/image.md); this is where it may not grow to.
size_max=28311552

program=${SKYRIG_PROGRAM:-$(bash emulator/program.sh "$triple")}
if file "$program" 2>/dev/null | grep -q 'dynamically linked'; then
    echo "$program needs a dynamic linker" >&2
    exit 1
fi
size=$(stat -c %s "$program")
echo "program: $size bytes"
if [ "$size" -ge "$size_max" ]; then
    echo "it has more than $size_max bytes" >&2
    exit 1
fi

context=$target/image
rm -rf "$context"
mkdir -p "$context/image/usr/local/bin" "$context/own/tmp" "$context/own/var/lib/localstack"
cp "$program" "$context/image/usr/local/bin/skyrig"
# For HTTPS to servers outside; without them --ca says whom to trust.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    mkdir -p "$context/image/etc/ssl/certs"
    cp /etc/ssl/certs/ca-certificates.crt "$context/image/etc/ssl/certs/"
fi
docker build --quiet -f emulator/image/Dockerfile -t "$name" "$context"
docker image inspect --format '{{.Size}} bytes' "$name"
