"""What a provider calls: a path of our own web server, and what is done with a request there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Webhook:
    """No login is asked for on ``path``: ``handle`` makes sure that it is the provider.

    It takes the headers, their names in small letters, and the body, and gives the status of the
    answer once all is stored."""

    path: str
    handle: Callable[[Mapping[str, str], bytes], Awaitable[int]]
    says: str = ""
    """What stands in an answer of 200."""
    media_type: str = ""
    """Its kind."""


@runtime_checkable
class Webhooked(Protocol):
    """A channel that may have some."""

    @property
    def webhooks(self) -> Sequence[Webhook]: ...
