#!/bin/sh
# Writes the lock files anew from pyproject.toml: every version pinned, every file by hash, and no
# index named, so that each machine takes them from the index it is set up for.
#   sh deploy/lock.sh [--upgrade]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"

find_python
mkdir -p "$tools"
ensure_uv || die "could not install uv; see above"
use_pip_settings
cd "$root"

lock() {
    output=$1
    shift
    "$uv" pip compile "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command 'sh deploy/lock.sh' \
        --output-file "$output"
}

lock deploy/requirements-dev.lock pyproject.toml --group dev "$@"
lock deploy/requirements.lock pyproject.toml --group build --constraint deploy/requirements-dev.lock "$@"
lock deploy/requirements-oracles.lock --group pyproject.toml:oracles "$@"

# The installer itself is pinned as well.
printf 'uv\n' >"$tools/uv.in"
lock deploy/requirements-uv.lock "$tools/uv.in" --no-annotate "$@"
