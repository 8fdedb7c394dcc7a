# shellcheck shell=sh
# shellcheck disable=SC2015,SC2034
# What run.sh, test.sh and .ci/run share: a Python, uv, tmux and the environment in .venv.
# The caller has set `here` to this folder. Nothing is written outside the checkout but caches.

root=$(CDPATH='' cd -- "${here:?}/.." && pwd)
venv=$root/.venv
oracles=$root/.venv-oracles
tools=$root/.uv
python=
uv=
install_line=

unset PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV CONDA_PREFIX

say() { printf 'wingman: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# --- system packages --------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo -n "$@"; else return 1; fi
}
may_be_root() { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" ||
        { as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
}

# Installs system packages, or leaves in install_line what the person has to run.
install_system() {
    if have brew; then
        install_line="brew install $*"
        [ "$(id -u)" != 0 ] || return 1 # Homebrew refuses to run as root
        brew install "$@" >&2
        return
    fi
    if have apt-get; then
        install_line="sudo apt-get install -y $*" manager=apt_install
    elif have dnf; then
        install_line="sudo dnf install -y $*" manager="as_root dnf install -y -q"
    elif have apk; then
        install_line="sudo apk add $*" manager="as_root apk add -q"
    elif have pacman; then
        install_line="sudo pacman -S --noconfirm $*" manager="as_root pacman -S --noconfirm --needed"
    else
        install_line="your package manager, package: $*"
        return 1
    fi
    may_be_root || return 1
    say "installing $*"
    $manager "$@" >&2
}

ensure_tmux() {
    have tmux && return
    install_system tmux && have tmux && return
    die "tmux is missing. Install it and start again:  $install_line"
}

# For the dashboard's tests only, which are skipped with a reason where there is no browser.
ensure_browser() {
    have chromium || have chromium-browser || have google-chrome && return
    [ "$(id -u)" = 0 ] && have apt-get || return 0
    install_system chromium || say "no Chromium: the browser tests will be skipped"
}

# --- Python and uv ----------------------------------------------------------------------------

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        python=$("$candidate" -c 'import sys
if sys.version_info < (3, 11): sys.exit(1)
print(getattr(sys, "_base_executable", None) or sys.executable)' 2>/dev/null) && return
    done
    die "Python 3.11 or newer is missing (python3 is $(python3 -V 2>/dev/null || echo 'not there')). Install it, or name one: PYTHON=/path/to/python3.12"
}

# uv does not read pip's settings: hand over the index, certificates and so on, by environment only.
use_pip_settings() {
    for candidate in "$tools/bin/python" "$python"; do
        [ -x "$candidate" ] && "$candidate" -c 'import pip' 2>/dev/null || continue
        settings=$("$candidate" "$root/deploy/pip_settings.py") && eval "$settings"
        return
    done
    settings=$("$python" "$root/deploy/pip_settings.py") && eval "$settings"
}

ensure_uv() {
    if have uv && uv --version >/dev/null 2>&1; then
        uv=$(command -v uv)
        return
    fi
    for uv in "$tools/bin/uv" "$tools/target/bin/uv"; do
        [ -x "$uv" ] && "$uv" --version >/dev/null 2>&1 && return
    done
    say "installing uv into .uv"
    install_uv && return
    uv=
    return 1
}

install_uv() {
    uv=$tools/bin/uv
    if venv_works || { needs_venv_package && venv_works; }; then
        "$tools/bin/python" -m pip install -q --disable-pip-version-check --require-hashes \
            -r "$root/deploy/requirements-uv.lock" >&2 && "$uv" --version >/dev/null 2>&1 && return
    fi
    uv=$tools/target/bin/uv
    "$python" -m pip --version >/dev/null 2>&1 &&
        "$python" -m pip install -q --disable-pip-version-check --require-hashes --upgrade --target "$tools/target" \
            -r "$root/deploy/requirements-uv.lock" >&2 && "$uv" --version >/dev/null 2>&1
}

venv_works() { "$python" -m venv "$tools" >/dev/null 2>&1 && "$tools/bin/python" -m pip --version >/dev/null 2>&1; }

# Debian splits venv and ensurepip off into a package of their own.
needs_venv_package() {
    have apt-get || return 1
    "$python" -m pip --version >/dev/null 2>&1 && ! may_be_root && return 1 # pip alone is enough
    install_system "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
}

# --- the environment --------------------------------------------------------------------------

# What the environment was made from. Moving the checkout or changing its Python makes it anew.
fingerprint() {
    printf '%s\n' "$root" "$("$venv/bin/python" -V 2>/dev/null)"
    cat "$root/pyproject.toml" "$root/deploy/requirements.lock" "$root/deploy/requirements-dev.lock" | cksum
}

is_ready() {
    [ -x "$venv/bin/wingman" ] && [ -f "$venv/.made-for-$1" ] &&
        [ "$(cat "$venv/.made-for-$1")" = "$(fingerprint)" ]
}

# ensure_environment run|test
ensure_environment() {
    is_ready "$1" && return
    find_python
    mkdir -p "$tools" 2>/dev/null && [ -w "$tools" ] || die "$root is not writable, and its .venv is missing or out of date"
    (
        # The lock belongs to the open file, so it outlives the Python that takes it and ends with this subshell.
        "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' 9>&9
        is_ready "$1" || make_environment "$1"
    ) 9>"$tools/lock" || exit 1
}

make_environment() {
    case $1 in
    run) lock=requirements.lock also= ;;
    *) lock=requirements-dev.lock also=run ;;
    esac
    say "setting up .venv (once, and after an update)"
    cd "$root" || exit 1
    if ensure_uv; then
        use_pip_settings
        install_with_uv "$lock" || install_with_pip "$lock"
    else
        install_with_pip "$lock"
    fi || die "could not install the dependencies; see above"
    for made in "$1" $also; do fingerprint >"$venv/.made-for-$made"; done
}

has_right_python() {
    [ -x "$venv/bin/python" ] && grep -qsxF "$root" "$venv"/.made-for-* &&
        "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)' 2>/dev/null
}

install_with_uv() {
    export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1
    has_right_python || { rm -rf "$venv" && "$uv" venv -q --python "$python" "$venv" >&2; } || return 1
    "$uv" pip install -q --python "$venv/bin/python" --require-hashes -r "deploy/$1" >&2 &&
        "$uv" pip install -q --python "$venv/bin/python" --no-deps --no-build-isolation --offline -e . >&2
}

install_with_pip() {
    say "uv cannot be used here; falling back to pip"
    rm -rf "$venv"
    "$python" -m venv "$venv" >&2 ||
        { install_system python3-venv && "$python" -m venv "$venv" >&2; } ||
        die "Python's venv module is missing. Install it and start again:  $install_line"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "deploy/$1" >&2 &&
        "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
}

# --- what tests check against -----------------------------------------------------------------

# Wants other versions than .venv holds. Without it the tests skip those checks, with a reason.
ensure_oracles() {
    oracles_made_from=$(printf '%s\n' "$root" "$("$venv/bin/python" -V)" && cksum <"$root/deploy/requirements-oracles.lock")
    oracles_are_ready && return
    find_python
    mkdir -p "$tools"
    (
        "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)' 9>&9
        oracles_are_ready || make_oracles
    ) 9>"$tools/lock" || {
        rm -rf "$oracles"
        say "could not set up .venv-oracles; the checks that need it will be skipped"
    }
}

oracles_are_ready() { [ "$(cat "$oracles/.made-from" 2>/dev/null)" = "$oracles_made_from" ]; }

make_oracles() {
    say "setting up .venv-oracles (once, and after an update)"
    cd "$root" && rm -rf "$oracles" && "$python" -m venv --without-pip "$oracles" || return 1
    if ensure_uv; then
        use_pip_settings
        UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 "$uv" pip install -q --python "$oracles/bin/python" \
            --require-hashes -r deploy/requirements-oracles.lock >&2
    else
        "$python" -m pip --python "$oracles/bin/python" install -q --disable-pip-version-check \
            --require-hashes -r deploy/requirements-oracles.lock >&2
    fi && printf '%s\n' "$oracles_made_from" >"$oracles/.made-from"
}
