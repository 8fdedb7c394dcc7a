"""Prints pip's index settings as shell exports for uv, which does not read pip's files."""

import ast
import os
import shlex
import subprocess
import sys

# uv's variable, and how it wants several values separated
NAMES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
}


def pip_settings() -> dict[str, str]:
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = {}
    for section in ("global.", "install.", ":env:."):  # the later one wins, as in pip
        for line in listed.splitlines():
            key, _, value = line.partition("=")
            if key.startswith(section):
                found[key.removeprefix(section)] = str(ast.literal_eval(value))
    return found or settings_of_environment()


def settings_of_environment() -> dict[str, str]:
    """For a Python without pip."""
    names = {"PIP_" + name.upper().replace("-", "_"): name for name in NAMES}
    return {names[key]: value for key, value in os.environ.items() if key in names}


def exports(settings: dict[str, str], environ: dict[str, str]) -> list[str]:
    lines = []
    for name, (variable, separator) in NAMES.items():
        value = separator.join(settings.get(name, "").split())
        if value and variable not in environ:
            lines.append(f"export {variable}={shlex.quote(value)}")
    if settings.get("extra-index-url") and "UV_INDEX_STRATEGY" not in environ:
        # pip looks at all indexes, uv at the first that knows the name; the hashes decide anyway
        lines.append("export UV_INDEX_STRATEGY=unsafe-best-match")
    return lines


if __name__ == "__main__":
    print("\n".join(exports(pip_settings(), dict(os.environ))))
