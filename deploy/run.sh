#!/bin/sh
# Runs the gateway from a checkout; the first run sets everything up.
#   sh deploy/run.sh [arguments of `wingman run`]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"

ensure_tmux
ensure_environment run
exec "$venv/bin/wingman" run "$@"
