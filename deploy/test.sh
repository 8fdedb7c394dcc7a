#!/bin/sh
# Runs the offline test suite from a checkout; the first run sets everything up.
#   sh deploy/test.sh [pytest arguments]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"

ensure_tmux
ensure_browser
ensure_environment test
ensure_oracles
cd "$root"

# As many workers as tests/conftest.py says for auto, unless the caller says how many.
for argument; do
    case $argument in
    -n | -n[0-9]* | -nauto | --numprocesses* | --pdb | --trace | no:xdist | -pno:xdist) exec "$venv/bin/python" -m pytest "$@" ;;
    esac
done
exec "$venv/bin/python" -m pytest -n auto --dist worksteal "$@"
