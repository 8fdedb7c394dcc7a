"""What trying the installed agents has proved, and trying one anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from bot.core.trials import Installed, Trial


class Trials(Protocol):
    async def kept(self) -> tuple[Trial, ...]:
        """One of each agent and version. What cannot be read was never there."""
        ...

    async def installed(self, agents: Collection[str]) -> Mapping[str, Installed]:
        """Those of them whose program is there and tells its version."""
        ...

    async def try_out(self, agent: str) -> None:
        """The installed version, as ``doctor --deep`` does; minutes. What it finds is kept then;
        nothing is when it was broken off, or is not wished."""
        ...
