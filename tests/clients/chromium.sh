# Sets CHROMIUM to the browser that pages are tried in; empty where there is none, or no node to drive it.
# Sourced.
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
        export CHROMIUM=$name
        break
    fi
    CHROMIUM=
done
command -v node >/dev/null || CHROMIUM=
