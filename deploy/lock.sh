#!/bin/sh
# Writes the two lock files anew from pyproject.toml: every version pinned, every file by hash, and no
# index named, so that each machine takes them from the index it is set up for.
#   sh deploy/lock.sh [--upgrade]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/lib.sh"

find_python
ensure_uv
use_pip_settings
cd "$root"

lock() {
    output=$1
    shift
    "$uv" pip compile pyproject.toml "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command 'sh deploy/lock.sh' \
        --output-file "$output"
}

lock deploy/requirements-dev.lock --group dev "$@"
lock deploy/requirements.lock --group build --constraint deploy/requirements-dev.lock "$@"
