#!/usr/bin/env bash
# Builds the program as images and releases carry it (the profile `small`), and prints where it is. For
# musl it is static, and linked with Rust's own lld, which folds equal code and packs relocations.
#
#   emulator/program.sh TRIPLE
set -euo pipefail
cd "$(dirname "$0")/.."

triple=$1
target=${CARGO_TARGET_DIR:-$PWD/target}
host=$(rustc -vV | sed -n 's/^host: //p')
lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
case $triple in
    *-linux-musl)
        variable=CC_${triple//-/_}
        export "$variable=${!variable:-musl-gcc}"
        if [ -x "$lld" ]; then
            upper=$(tr 'a-z-' 'A-Z_' <<<"$triple")
            export "CARGO_TARGET_${upper}_LINKER=rust-lld"
            export "CARGO_TARGET_${upper}_RUSTFLAGS=-C linker-flavor=ld.lld -C link-self-contained=yes\
 -C link-arg=--icf=all -C link-arg=-zpack-relative-relocs"
        fi
        ;;
esac
cargo build --profile small --locked -p skyrig-cli --target "$triple" >&2
program=$target/$triple/small/skyrig
if [ -e "$program.exe" ]; then program=$program.exe; fi
# With a linker of its own choice, rustc strips nothing.
objcopy=${lld%/*}/rust-objcopy
case $triple in
    *-linux-musl)
        if [ -x "$objcopy" ]; then
            "$objcopy" --strip-all "$program" "$program.stripped"
            program=$program.stripped
        fi
        ;;
esac
echo "$program"
