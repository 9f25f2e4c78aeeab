#!/usr/bin/env bash
# Fuzzes one target for so many seconds with stable Rust and a C++ compiler, then keeps what its
# corpus gained: run.sh TARGET SECONDS
set -euo pipefail
cd "$(dirname "$0")"
name=$1 seconds=$2
packed=../tests/malformed/corpus/$name.txt
work=${CARGO_TARGET_DIR:-target}/corpora/$name
host=$(rustc -vV | sed -n 's/^host: //p')

# The flags of cargo-fuzz, which only asks for nightly because of its sanitizers.
coverage='-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4'
coverage+=' -Cllvm-args=-sanitizer-coverage-inline-8bit-counters'
coverage+=' -Cllvm-args=-sanitizer-coverage-pc-table'
coverage+=' -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1'
RUSTFLAGS="--cfg fuzzing $coverage" \
    cargo build -q --release --target "$host"

fuzz=${CARGO_TARGET_DIR:-target}/$host/release/fuzz
rm -rf "$work"
mkdir -p "$work/found" "$work/least"
corpus=$work/corpus
rustc --edition 2024 -o "$corpus" corpus.rs
"$corpus" unpack "$packed" "$work/found"
export FUZZ_TARGET=$name
# A case that fails or takes ten seconds is left as a file crash-… or timeout-… in the work folder.
"$fuzz" "$work/found" -artifact_prefix="$work/" -dict=dictionary.txt -max_total_time="$seconds" \
    -timeout=10 -rss_limit_mb=2048 -max_len=2048 -print_final_stats=1
# One case for each edge, not for each number of times that it is taken: the replay stays short.
"$fuzz" -set_cover_merge=1 -use_counters=0 -max_len=2048 "$work/least" "$work/found"
"$corpus" pack "$work/least" "$packed"
