"""Replacing a file of the user's as a whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

PRIVATE = 0o600


def replace(path: Path, text: str, mode: int = PRIVATE) -> None:
    """The file is the old one or the new one, whenever the program ends. Raises OSError."""
    # Readable by this user only, from its first moment.
    file, temporary = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fchmod(file, mode)
            os.fsync(file)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
