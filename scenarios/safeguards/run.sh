#!/usr/bin/env bash
# Takes one safeguard at a time out of the order system and explores until a seed fails.
# Succeeds if one failed for each safeguard. Usage: run.sh [NAME...]; SEEDS (200) is the most.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seeds=${SEEDS:-200}
target=${CARGO_TARGET_DIR:-$root/target}
# A tree of its own at a fixed place, so that only what a patch changes is compiled again; and a
# target folder of its own: in a shared one cargo takes the mutants' crates for the real ones.
tree=$target/safeguards/tree
export CARGO_TARGET_DIR=$target/safeguards/target
profile=${PROFILE:-dev}
folder=$([ "$profile" = dev ] && echo debug || echo "$profile")

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi

# Makes the tree as the sources are; a file that did not change keeps its age.
refresh() {
    mkdir -p "$tree"
    (cd "$root" && git ls-files --cached --others --exclude-standard) | while read -r file; do
        [ -f "$root/$file" ] || continue
        cmp --silent "$root/$file" "$tree/$file" && continue
        mkdir -p "$(dirname "$tree/$file")"
        cp "$root/$file" "$tree/$file"
    done
}

built=$CARGO_TARGET_DIR/$folder/scenario
missed=0
for name in "${names[@]}"; do
    refresh
    patch --quiet --strip 1 --directory "$tree" < "$here/$name.patch"
    (cd "$tree" && cargo build --quiet --profile "$profile" --package scenarios --locked)
    report=$tree/report.txt
    if (cd "$tree" && "$built" explore --seeds "$seeds" \
        --fail-fast --shrink 0 > "$report" 2>&1); then
        echo "$name: NOT NOTICED in $seeds seeds"
        missed=$((missed + 1))
    elif grep -q '^seed ' "$report"; then
        echo "$name: $(grep -m1 '^seed ' "$report"), $(grep -m1 -A1 '^seed ' "$report" | tail -n 1)"
    else
        cat "$report"
        exit 2
    fi
done
exit $((missed > 0))
