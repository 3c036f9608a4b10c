#!/bin/sh
# Make or refresh a virtual environment with this project in it, editable.
# Usage: environment.sh DIRECTORY EXTRAS [PYTHON]
set -eu

directory=$1
extras=$2
here=$(dirname "$0")

works() {
    "$directory/bin/python" -c 'import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1
}

if ! works; then
    python=$("$here/python.sh" "${3:-}")
    echo "Making the virtual environment $directory with $("$python" --version) ..."
    "$python" -m venv --clear "$directory"
fi
echo "Installing the packages [$extras]; the first time this takes a while ..."
"$directory/bin/python" -m pip install -qq --disable-pip-version-check --no-warn-script-location --editable ".[$extras]"
touch "$directory/.installed"
