#!/bin/sh
# Print the path of a Python that the program can use (3.11 to 3.13, able to make virtual environments).
# Usage: python.sh [PYTHON]. On a Debian-like system without one, root gets it installed; anyone else is told the command.
set -eu

usable() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

find_python() {
    for candidate in "$@"; do
        if usable "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_debian_python() {
    command -v apt-get >/dev/null 2>&1 || return 1
    command="apt-get update && apt-get install -y --no-install-recommends python3 python3-venv"
    if [ "$(id -u)" -eq 0 ]; then
        echo "Installing Python's venv module (apt-get) ..." >&2
        DEBIAN_FRONTEND=noninteractive sh -c "$command" >/dev/null && return 0
    fi
    echo "Please run this once, then try again:" >&2
    echo "    sudo sh -c '$command'" >&2
    exit 1
}

candidates=${1:-python3 python3.13 python3.12 python3.11}
# shellcheck disable=SC2086  # a list of names
if ! python=$(find_python $candidates); then
    asked=${1:-python3}
    if command -v "$asked" >/dev/null 2>&1 || [ "$asked" != python3 ] || ! command -v apt-get >/dev/null 2>&1; then
        version=$("$asked" --version 2>/dev/null) || version="no $asked"
        echo "Python 3.11, 3.12 or 3.13 is needed; found: $version." >&2
        echo "Install one (https://www.python.org/downloads/), then: make PYTHON=/path/to/python3.12 run" >&2
        exit 1
    fi
    install_debian_python
    python=$(find_python python3) || { echo "This system's python3 is not 3.11 to 3.13." >&2; exit 1; }
fi
if ! can_make_environments "$python"; then
    case "$python" in
        /usr/bin/*) install_debian_python || true ;;
    esac
    can_make_environments "$python" || { echo "$python cannot make virtual environments: its venv or ensurepip module is missing." >&2; exit 1; }
fi
echo "$python"
