"""Stand-ins for the programs that run services: they note what they are asked for."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

_NOTE = '#!/bin/sh\necho "$(basename "$0") $*" >>"{asked}"\n'

SYSTEMCTL = """\
case "$*" in
*daemon-reload) [ ! -e "{folder}/no-bus" ] ||
    {{ echo "Failed to connect to bus: No medium found" >&2; exit 1; }} ;;
*restart*) touch "{folder}/running" ;;
*disable*) rm -f "{folder}/running" ;;
*is-active*) test -e "{folder}/running" ;;
esac
"""
LAUNCHCTL = """\
case $1 in
bootstrap) touch "{folder}/running" ;;
bootout) rm "{folder}/running" ;;
print) test -e "{folder}/running" ;;
esac
"""
LOGINCTL = 'cat "{folder}/linger"\n'
PROGRAMS = {
    "systemctl": SYSTEMCTL,
    "loginctl": LOGINCTL,
    "launchctl": LAUNCHCTL,
    "journalctl": "",
    "tail": "",
}


@dataclass(frozen=True, slots=True)
class Managers:
    """Alone on PATH."""

    folder: Path

    @classmethod
    def there(cls, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Managers:
        programs = folder / "bin"
        programs.mkdir(parents=True)
        made = cls(folder)
        for name, script in PROGRAMS.items():
            path = programs / name
            text = _NOTE + script
            path.write_text(text.format(asked=folder / "asked", folder=folder))
            path.chmod(0o755)
        for name in ("sh", "basename", "touch", "rm", "cat", "test"):
            found = shutil.which(name)
            assert found is not None
            (programs / name).symlink_to(found)
        (folder / "linger").write_text("Linger=no\n")
        monkeypatch.setenv("PATH", str(programs))
        return made

    def lack(self, name: str) -> None:
        (self.folder / "bin" / name).unlink()

    def asked(self) -> list[str]:
        """Since the last time; what only looks is left out."""
        note = self.folder / "asked"
        lines = note.read_text().splitlines() if note.exists() else []
        note.unlink(missing_ok=True)
        return [line for line in lines if not any(word in line for word in _LOOKING)]


_LOOKING = ("is-active", "launchctl print", "loginctl")
