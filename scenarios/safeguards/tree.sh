# Sourced by the scripts here and by those of tests/planted-bugs: a copy of the sources that is patched
# and built. `here` is the folder of the patches, `work` that below the target folder; PROFILE is cargo's.
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
# A tree of its own at a fixed place, so that only what a patch changes is compiled again; and a
# target folder of its own: in a shared one cargo takes the mutants' crates for the real ones.
work=${work:-safeguards}
tree=$target/$work/tree
export CARGO_TARGET_DIR=$target/$work/target
profile=${PROFILE:-dev}
folder=$([ "$profile" = dev ] && echo debug || echo "$profile")
built=$CARGO_TARGET_DIR/$folder/scenario

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

# Builds the program with one patch, which takes a safeguard out or a bug in; the argument is its name.
build_with() {
    refresh
    patch --quiet --strip 1 --directory "$tree" < "$here/$1.patch"
    (cd "$tree" && cargo build --quiet --locked --profile "$profile" --workspace --bin scenario)
}
