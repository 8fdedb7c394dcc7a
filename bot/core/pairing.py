"""The word by which a person says: it is me, let me in."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

_START = re.compile(r"/start\s+([A-Za-z0-9_-]{8,64})")
"""What a deep link makes a Telegram app send (Bot API, Deep Linking)."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The only time that the code is seen: the ledger has its hash."""

    code: str
    channel: str
    expires_at: datetime


def code_in(text: str) -> str | None:
    """The code of a message that is ``/start CODE`` and nothing else."""
    found = _START.fullmatch(text.strip())
    return found[1] if found else None


def hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
