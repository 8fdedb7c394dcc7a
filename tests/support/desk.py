"""A person at the local phone of a gateway that runs as a process of its own."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.support.process import GatewayProcess
from tests.support.waiting import until

EVERY = 0.05
"""Seconds between two questions to the gateway: answering them is work for it too."""

_MOVING = ("open", "decided", "attempting", "applied")


class Desk:
    def __init__(self, gateway: GatewayProcess) -> None:
        self.gateway = gateway
        self._events = count(1)

    async def prompt(self, kind: str = "", *, but: str = "") -> dict[str, Any]:
        """The open prompt, once there is one of that kind, or another than ``but``."""

        async def found() -> dict[str, Any] | None:
            for prompt in await self.gateway.get("/api/prompts") or []:
                if prompt["code"] != but and kind in ("", prompt["kind"]):
                    document: dict[str, Any] = prompt
                    return document
            return None

        prompt: dict[str, Any] | None = await until(found, within=40, every=EVERY)
        assert prompt is not None
        # A name decides only what this phone has been sent: the card has to be there.
        await until(lambda: self.heard(prompt["code"]), within=20, every=EVERY)
        return prompt

    async def says(self, text: str) -> None:
        assert await self.gateway.says(text, f"event-of-desk-{next(self._events)}")

    async def settled(self, code: str) -> dict[str, Any]:
        async def closed() -> dict[str, Any] | None:
            prompt: dict[str, Any] = await self.gateway.get(f"/api/prompts/{code}")
            is_moving = prompt["state"] in _MOVING and not prompt["closed_at"]
            return None if is_moving else prompt

        prompt: dict[str, Any] | None = await until(closed, within=20, every=EVERY)
        assert prompt is not None
        return prompt

    async def ended(self, code: str) -> str:
        """Its last state."""
        return str((await self.settled(code))["state"])

    async def heard(self, words: str) -> bool:
        """Whether the local phone was told so."""
        async with self.gateway.http.stream("GET", "/api/chat/events") as stream:
            async for line in stream.aiter_lines():
                if words in line:
                    return True
                if line.startswith("event: synced"):
                    return False
        return False
