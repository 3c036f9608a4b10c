#!/bin/sh
# Open the program with the sample film; where there is no screen, estimate it on the command line.
# Usage: run.sh ENVIRONMENT
set -eu

bin=$1/bin
sample=$(find resources/sample -name '*.dcm' | sort | head -n 1)

has_screen() {
    [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

if has_screen; then
    resources/setup/libraries.sh window
    exec "$bin/bone-age-gui" "$sample"
fi
resources/setup/libraries.sh window || echo "(Only the window needs them.)" >&2
echo "There is no screen here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open."
echo "The same on the command line: bone-age estimate $sample"
echo
exec "$bin/bone-age" estimate "$sample"
