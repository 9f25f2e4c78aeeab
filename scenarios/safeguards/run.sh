#!/usr/bin/env bash
# Takes one safeguard at a time out of the order system and explores until a seed fails.
# Succeeds if one failed for each safeguard. Usage: run.sh [NAME...]; SEEDS (200) is the most.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seeds=${SEEDS:-200}
. "$here/tree.sh"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi

missed=0
for name in "${names[@]}"; do
    build_with "$name"
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
