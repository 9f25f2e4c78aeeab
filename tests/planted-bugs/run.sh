#!/usr/bin/env bash
# Plants one bug at a time in a copy of the order system and explores until a seed fails. Succeeds
# if one failed for each bug. Usage: run.sh [NAME...]; SEEDS (500) is the most, LIMIT (900) so many
# seconds at most for each bug, PROFILE (release) is cargo's, ORDERS (20) is the size of the cases.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seeds=${SEEDS:-500}
# Built once for each bug and run for minutes: what links fast is better than what runs fastest.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
PROFILE=${PROFILE:-release}
work=planted-bugs
. "$here/../../scenarios/safeguards/tree.sh"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi

missed=0
for name in "${names[@]}"; do
    build_with "$name"
    report=$tree/report.txt
    # As many seeds as came to an end are told, found or not.
    if (cd "$tree" && "$built" explore --seeds "$seeds" --once \
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
