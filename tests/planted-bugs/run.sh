#!/usr/bin/env bash
# Plants one bug at a time in a copy of the order system and explores until a seed fails. Succeeds
# if one failed for each bug. Usage: run.sh [NAME...]; SEEDS (500) is the most, LIMIT (900) so many
# seconds at most for each bug, PROFILE (release) is cargo's, ORDERS (20) is the size of the cases.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
seeds=${SEEDS:-500}
target=${CARGO_TARGET_DIR:-$root/target}
# A tree of its own at a fixed place, so that only what a patch changes is compiled again; and a
# target folder of its own: in a shared one cargo takes the copy's crates for the real ones.
tree=$target/planted-bugs/tree
export CARGO_TARGET_DIR=$target/planted-bugs/target
# Built once for each bug and run for minutes: what links fast is better than what runs fastest.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
profile=${PROFILE:-release}
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

missed=0
for name in "${names[@]}"; do
    refresh
    patch --quiet --strip 1 --directory "$tree" < "$here/$name.patch"
    (cd "$tree" && cargo build --quiet --profile "$profile" --package scenarios --locked)
    report=$tree/report.txt
    # As many seeds as came to an end are told, found or not.
    if (cd "$tree" && "$CARGO_TARGET_DIR/$folder/scenario" explore --seeds "$seeds" --once \
        --orders "${ORDERS:-20}" --time "${LIMIT:-900}" --fail-fast --shrink 0 \
        > "$report" 2>&1); then
        echo "$name: NOT FOUND, $(grep -E '^[0-9]+ seeds' "$report" || true)"
        missed=$((missed + 1))
    elif grep -q '^seed ' "$report"; then
        echo "$name: $(grep -m1 '^seed ' "$report"), $(grep -m1 -A1 '^seed ' "$report" | tail -n 1)"
    else
        cat "$report"
        exit 2
    fi
done
exit $((missed > 0))
