# Sourced by the scripts here: a copy of the sources that is patched and built.
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
# A tree of its own at a fixed place, so that only what a patch changes is compiled again; and a
# target folder of its own: in a shared one cargo takes the mutants' crates for the real ones.
tree=$target/safeguards/tree
export CARGO_TARGET_DIR=$target/safeguards/target
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

# Builds the program without one safeguard; the argument is its patch, without the ending.
build_without() {
    refresh
    patch --quiet --strip 1 --directory "$tree" < "$here/$1.patch"
    (cd "$tree" && cargo build --quiet --locked --profile "$profile" --workspace --bin scenario)
}
