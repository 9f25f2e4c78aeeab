#!/usr/bin/env bash
# Takes out the safeguard that each story hangs on (stories.txt) and plays the story: it must fail.
# Succeeds if all did. Usage: stories.sh [STORY...]; a regression is `regressions/NAME.yaml`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/tree.sh"

# One line for each story that was asked for: the patch and the story, by patch, so that each is
# built once.
wanted() {
    local story patch rest
    while read -r story patch rest; do
        case $story in '' | '#'*) continue ;; esac
        if [ $# -eq 0 ] || [[ " $* " == *" $story "* ]]; then echo "$patch $story"; fi
    done < "$here/stories.txt" | sort
}

[ $# -eq 0 ] || [ "$(wanted "$@" | wc -l)" -eq $# ] || { echo "not all are in stories.txt: $*"; exit 2; }
missed=0
before=
while read -r patch story; do
    if [ "$patch" != "$before" ]; then build_with "$patch"; fi
    before=$patch
    report=$tree/report.txt
    word=$story
    [ "${story%.yaml}" = "$story" ] || word=$root/scenarios/$story
    code=0
    "$built" run "$word" --share 0.1 > "$report" 2>&1 || code=$?
    if [ "$code" = 0 ]; then
        echo "$story: PASSES without $patch"
        missed=$((missed + 1))
    elif [ "$code" = 1 ]; then
        echo "$story: fails without $patch: $(grep -m1 -E '^ +(FAILS|STOPPED)' "$report" | sed 's/^ *//')"
    else
        cat "$report"
        exit 2
    fi
done < <(wanted "$@")
exit $((missed > 0))
